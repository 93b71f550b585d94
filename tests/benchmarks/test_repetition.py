import pytest

from benchmarks.repetition import longest_pitch_run, longest_repetition
from core.notes import Metre, Piece, as_notes
from tests.benchmarks.conftest import line


def test_the_longest_run_of_one_pitch_is_counted():
    assert longest_pitch_run(line([60, 62, 62, 62, 60])) == 3
    assert longest_pitch_run(line([62, 62])) == 2
    assert longest_pitch_run(line([])) == 0


def test_equal_bars_in_a_row_are_counted():
    bar = [60, 62, 64, 65]
    assert longest_repetition(line(bar * 3 + [67, 67, 67, 67])) == 3
    assert longest_repetition(line([*bar, 67, 67, 67, 67, *bar])) == 1
    assert longest_repetition(line([])) == 0


@pytest.mark.parametrize("field", ["duration", "pitch", "onset"])
def test_bars_differ_by_onset_pitch_and_duration(field):
    piece = line([60, 62, 64, 65] * 2)
    notes = piece.notes.copy()
    notes[field][5] += 0.25 if field != "pitch" else 1
    assert longest_repetition(Piece(as_notes(notes))) == 1


def test_an_empty_bar_parts_equal_bars():
    piece = line([60, 62, 64, 65])
    rows = [(note["onset"] + start, 1.0, note["pitch"], 80, 0) for start in (0.0, 8.0) for note in piece.notes]
    assert longest_repetition(Piece(as_notes(rows))) == 1


def test_bars_follow_the_metres_of_the_piece():
    waltz, march = [60, 62, 64], [60, 62, 64, 65]
    assert longest_repetition(line(waltz * 4, (Metre(0.0, 3, 4),))) == 4
    pickup = (Metre(0.0, 1, 4), Metre(1.0, 4, 4))
    assert longest_repetition(line([67, *march * 3], pickup)) == 3
    changed = (Metre(0.0, 3, 4), Metre(6.0, 4, 4))
    assert longest_repetition(line(waltz * 2 + march * 3, changed)) == 3
