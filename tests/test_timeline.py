import numpy as np
import pytest

from core.notes import Metre, Piece, Tempo, as_notes, seconds_at
from core.timeline import bars_and_beats, positions, timetable

PIECE = Piece(
    as_notes([(float(onset), 1.0, 60, 80, 0) for onset in range(24)]),
    tempos=(Tempo(0.0, 60.0), Tempo(9.0, 120.0)),
    metres=(Metre(0.0, 4, 4), Metre(12.0, 3, 4), Metre(16.0, 6, 8)),
)


def test_first_bar_is_one():
    assert positions(PIECE, 0.0, "bars") == 1


def test_bars_follow_the_metre():
    assert positions(PIECE, [4.0, 12.0, 15.0, 16.0, 19.0], "bars").tolist() == [2, 4, 5, 6, 7]


def test_seconds_follow_the_tempo():
    assert positions(PIECE, [9.0, 11.0], "seconds").tolist() == [9.0, 10.0]


def test_beats_count_from_one_in_the_unit_of_the_metre():
    bars, beats = bars_and_beats(PIECE, np.array([0.0, 5.5, 13.0, 19.5]))
    assert bars.tolist() == [1, 2, 4, 7]
    assert beats.tolist() == pytest.approx([1, 2.5, 2, 2])


@pytest.mark.parametrize("axis", ["bars", "seconds"])
def test_timetable_leads_from_the_sound_to_the_notes(axis):
    seconds, x = zip(*timetable(PIECE, axis), strict=True)
    onsets = PIECE.notes["onset"]
    assert np.interp(seconds_at(PIECE, onsets), seconds, x) == pytest.approx(positions(PIECE, onsets, axis))
    assert np.all(np.diff(seconds) > 0) and np.all(np.diff(x) > 0)
