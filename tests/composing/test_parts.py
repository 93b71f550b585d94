import numpy as np

from core.composing.parts import parts_of_notes
from core.corpus.ensembles import Part
from core.notes import as_notes

VOICES = (Part(0, 60, 69, 80, 1), Part(0, 55, 64, 72, 1), Part(0, 48, 57, 67, 1), Part(0, 36, 48, 60, 1))
HANDS = (Part(0, 55, 70, 90, 4), Part(0, 30, 45, 62, 4))
NONE = as_notes([])


def parts(notes, ensemble, earlier=NONE, own=()):
    return parts_of_notes(as_notes(notes), ensemble, earlier, own).tolist()


def chord(onset, *pitches, length=1.0):
    return [(onset, length, pitch, 80, 0) for pitch in pitches]


def test_one_part_has_all_notes():
    assert parts(chord(0, 40, 90), HANDS[:1]) == [0, 0]


def test_four_voices_share_a_chord():
    assert parts(chord(0, 48, 57, 64, 69), VOICES) == [3, 2, 1, 0]


def test_a_voice_that_is_held_leaves_its_neighbours_their_notes():
    notes = [*chord(0, 48, length=2.0), *chord(0, 57, 64, 69), *chord(1, 58, 65, 70)]
    assert parts(notes, VOICES) == [3, 2, 1, 0, 2, 1, 0]


def test_two_hands_share_by_range():
    assert parts(chord(0, 40, 45, 52, 67, 71, 76), HANDS) == [1, 1, 1, 0, 0, 0]


def test_a_note_between_two_hands_goes_to_the_nearer_last_note():
    for low, high, hand in ((57, 70, 1), (48, 59, 0)):
        assert parts(chord(1, 58), HANDS, as_notes(chord(0, low, high)), [1, 0]) == [hand]


def test_no_part_leaves_its_range_where_another_has_the_note():
    melody, bass = Part(0, 70, 75, 90, 1), Part(0, 30, 40, 69, 1)
    assert parts(chord(0, 69), (melody, bass)) == [1]


def test_parts_are_numbered_as_in_the_ensemble():
    assert parts(chord(0, 48, 69), VOICES[::-1]) == [0, 3]
    assert np.unique(parts(chord(0, 48, 57, 64, 69), VOICES[::-1])).tolist() == [0, 1, 2, 3]
