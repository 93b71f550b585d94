import numpy as np

from core.notes import as_notes
from core.score.hands import plays_right


def notes_of(*chords):
    return as_notes([(float(onset), 1.0, pitch, 80, 0) for onset, chord in enumerate(chords) for pitch in chord])


def test_a_chord_in_the_middle_is_not_torn_at_middle_c():
    notes = notes_of(*[(55, 60, 64, 76, 79)] * 4)
    assert notes["pitch"][plays_right(notes)].tolist() == [76, 79] * 4


def test_a_hand_reaches_no_further_than_an_octave():
    notes = notes_of((48, 55, 60, 72))
    assert plays_right(notes).tolist() == [False, False, False, True]


def test_high_music_has_two_hands_too():
    notes = notes_of(*[(72, 91), (74, 93)] * 4)
    assert plays_right(notes).tolist() == [False, True] * 8


def test_a_bass_and_its_chord_are_one_hand_under_a_melody():
    notes = notes_of(*[(36, 76), (55, 60, 64, 77)] * 8)
    assert np.array_equal(plays_right(notes), notes["pitch"] >= 72)


def test_without_notes_there_are_no_hands():
    assert len(plays_right(as_notes([]))) == 0
