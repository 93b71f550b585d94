import pytest

from core.comparison.texture import distinct_rhythms, likeness_at, notes_a_bar, returns_at, sounding_notes
from core.notes import Piece, as_notes
from tests.benchmarks.conftest import line

BAR = [60, 62, 64, 65]


def test_bars_of_one_rhythm_count_once():
    assert distinct_rhythms(line(BAR * 4)) == 0.25
    halves = [(16.0, 2.0, 60, 80, 0), (18.0, 2.0, 62, 80, 0)]
    assert distinct_rhythms(Piece(as_notes([*line(BAR * 4).notes.tolist(), *halves]))) == 0.4


def test_density_counts_onsets_and_what_sounds():
    held = Piece(as_notes([(0, 4, 40, 80, 0), *((at * 1.0, 1.0, 60, 80, 0) for at in range(4))]))
    assert (notes_a_bar(held), sounding_notes(held)) == (5, 2)


def test_bars_that_come_back_are_equal_or_alike():
    piece = line([*BAR, 72, 74, 76, 77, *BAR, 72, 74, 76, 79])
    assert [returns_at(piece, lag) for lag in (1, 2)] == [0, 0.5]
    assert likeness_at(piece, 2) == pytest.approx((1 + 3 / 5) / 2)
    assert likeness_at(piece, 9) is None


def test_empty_bars_do_not_count():
    assert returns_at(line([*BAR, 72, 74, 76, 77]), 1) == 0
    apart = Piece(as_notes([(at * 12.0, 1.0, 60, 80, 0) for at in range(2)]))
    assert returns_at(apart, 3) == 1
