import numpy as np
import pytest

from core.figures.time_axis import axis_positions, timetable
from core.notes import Metre, Piece, Tempo, as_notes, seconds_at

PIECE = Piece(
    as_notes([(float(onset), 1.0, 60, 80, 0) for onset in range(24)]),
    tempos=(Tempo(0.0, 60.0), Tempo(9.0, 120.0)),
    metres=(Metre(0.0, 4, 4), Metre(12.0, 3, 4), Metre(16.0, 6, 8)),
)


def test_seconds_follow_the_tempo():
    assert axis_positions(PIECE, [9.0, 11.0], "seconds").tolist() == [9.0, 10.0]


def test_bars_follow_the_metre():
    assert axis_positions(PIECE, [0.0, 12.0, 16.0], "bars").tolist() == [1, 4, 6]


@pytest.mark.parametrize("axis", ["bars", "seconds"])
def test_the_timetable_leads_from_the_sound_to_the_notes(axis):
    seconds, x = zip(*timetable(PIECE, axis), strict=True)
    onsets = PIECE.notes["onset"]
    assert np.interp(seconds_at(PIECE, onsets), seconds, x) == pytest.approx(axis_positions(PIECE, onsets, axis))
    assert np.all(np.diff(seconds) > 0) and np.all(np.diff(x) > 0)
