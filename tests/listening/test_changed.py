import numpy as np

from core.listening.changed import EVEN, not_heard, without_rhythm
from core.notes import Piece, as_notes

ONE = Piece(as_notes([(0.0, 1.0, 60, 80, 0), (0.0, 1.0, 64, 80, 0), (1.5, 0.5, 62, 70, 0), (2.0, 2.0, 67, 60, 0)]))
OTHER = Piece(as_notes([(0.0, 0.5, 70, 90, 0), (0.5, 0.5, 72, 90, 0), (1.0, 0.5, 74, 90, 0)]))


def test_without_rhythm_all_onsets_are_equally_far_apart():
    even = without_rhythm(ONE).notes
    assert np.unique(even["onset"]).tolist() == [0.0, EVEN, 2 * EVEN]
    assert even["pitch"].tolist() == ONE.notes["pitch"].tolist()
    assert set(even["duration"]) == {EVEN}


def test_two_that_do_not_hear_each_other_have_the_rhythm_of_one_and_the_notes_of_the_other():
    mixed = not_heard(ONE, OTHER).notes
    assert mixed["onset"].tolist() == ONE.notes["onset"][:3].tolist()
    assert mixed["pitch"].tolist() == OTHER.notes["pitch"].tolist()


def test_a_note_that_falls_on_itself_is_left_out():
    same = Piece(as_notes([(0.0, 1.0, 60, 80, 0), (1.0, 1.0, 60, 80, 0), (2.0, 1.0, 62, 80, 0)]))
    assert not_heard(ONE, same).notes["pitch"].tolist() == [60, 62]
