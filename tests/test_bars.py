import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bars import (
    bar_lines,
    bar_numbers,
    bar_onsets,
    bar_range,
    bars_at,
    beats_at,
    count_bars,
    first_bar,
    metre_at,
    next_bar_line,
    passage,
)
from core.notes import Metre, Piece, as_notes


def piece(*metres, quarters=24):
    return Piece(as_notes([(float(onset), 1.0, 60, 80, 0) for onset in range(quarters)]), metres=metres)


CHANGING = piece(Metre(0.0, 4, 4), Metre(12.0, 3, 4), Metre(16.0, 6, 8))
UPBEAT = piece(Metre(0.0, 1, 4), Metre(1.0, 4, 4))
TWO_THEN_FOUR = piece(Metre(0.0, 2, 4), Metre(80.0, 4, 4), quarters=320)

METRES = st.lists(st.tuples(st.integers(1, 9), st.sampled_from([4, 8]), st.integers(1, 20)), min_size=1, max_size=5)


def built(rows):
    """Make a piece of metres, each (numerator, denominator, eighths that it holds for)."""
    onsets = np.cumsum([0, *(eighths for _, _, eighths in rows)]) / 2
    return piece(*(Metre(float(onset), n, d) for onset, (n, d, _) in zip(onsets, rows, strict=False)))


def test_the_first_bar_is_one():
    assert bar_numbers(CHANGING, 0.0) == 1


def test_bars_follow_the_metre():
    assert bar_numbers(CHANGING, [4.0, 12.0, 15.0, 16.0, 19.0]).tolist() == [2, 4, 5, 6, 7]


def test_a_bar_that_is_cut_short_passes_faster():
    assert bar_numbers(CHANGING, [15.25, 15.5, 15.75]).tolist() == [5.25, 5.5, 5.75]


@given(METRES, st.lists(st.floats(0, 60), min_size=1, max_size=9))
def test_onsets_and_numbers_are_inverse(rows, onsets):
    found = built(rows)
    assert bar_onsets(found, bar_numbers(found, onsets)) == pytest.approx(np.array(onsets), abs=1e-6)


@given(METRES)
def test_every_change_of_metre_begins_a_bar(rows):
    found = built(rows)
    numbers = bar_numbers(found, [metre.onset for metre in found.metres])
    assert numbers == pytest.approx(np.round(numbers))
    assert (np.diff(numbers) >= 1 - 1e-9).all()


def test_beats_count_from_one_in_the_unit_of_the_metre():
    onsets = np.array([0.0, 5.5, 13.0, 15.5, 19.5])
    assert bars_at(CHANGING, onsets).tolist() == [1, 2, 4, 5, 7]
    assert beats_at(CHANGING, onsets).tolist() == pytest.approx([1, 2.5, 2, 1.5, 2])


def test_a_pick_up_is_bar_zero_and_leads_to_the_first_beat():
    assert (first_bar(UPBEAT), first_bar(CHANGING)) == (0, 1)
    assert bars_at(UPBEAT, [0.0, 0.5, 1.0, 5.0]).tolist() == [0, 0, 1, 2]
    assert beats_at(UPBEAT, [0.0, 0.5, 1.0, 4.0]).tolist() == [4, 4.5, 1, 4]
    assert count_bars(UPBEAT) == 7  # the pick-up, five whole bars and what is left


@pytest.mark.parametrize("metres", [(Metre(0, 2, 4), Metre(4, 3, 4)), (Metre(0, 4, 4), Metre(4, 3, 4))])
def test_a_first_bar_that_is_not_alone_or_not_shorter_is_no_pick_up(metres):
    assert first_bar(piece(*metres)) == 1


def test_bars_are_counted_to_the_end_of_the_last_note():
    held = Piece(as_notes([(0, 16, 60, 80, 0)]), metres=(Metre(0, 4, 4), Metre(8, 3, 4)))
    assert count_bars(held) == 5
    assert count_bars(Piece(as_notes([]))) == 0
    assert count_bars(Piece(as_notes([(0, 4, 60, 80, 0)]))) == 1
    assert count_bars(Piece(as_notes([(0, 4.5, 60, 80, 0)]))) == 2


def test_bars_of_a_changing_metre_are_the_same_to_all():
    assert count_bars(TWO_THEN_FOUR) == 100
    fifty, seventy = (passage(TWO_THEN_FOUR, bar, 1) for bar in (50, 70))
    assert (fifty.end, fifty.metre.bar) == (4, 4)
    assert seventy.notes["onset"].tolist() == [0, 1, 2, 3]
    assert bar_onsets(TWO_THEN_FOUR, 50) == 80 + 9 * 4
    assert len(passage(TWO_THEN_FOUR, 100, 1).notes) == 4
    assert passage(TWO_THEN_FOUR, 39, 4).metres == (Metre(0.0, 2, 4), Metre(4.0, 4, 4))


def test_a_passage_is_moved_to_the_beginning_and_cut_at_the_end():
    part = passage(CHANGING, 2, 3)
    assert part.notes["onset"].tolist() == list(range(11))
    assert part.end == 11


def test_a_passage_may_begin_with_the_pick_up():
    assert passage(UPBEAT, 0, 2).end == 5
    assert passage(UPBEAT, 0, 2).metres == UPBEAT.metres


@pytest.mark.parametrize(("onset", "line"), [(0.0, 4.0), (3.9, 4.0), (4.0, 8.0), (12.5, 15.0), (15.0, 16.0)])
def test_the_next_bar_line_follows_the_metre(onset, line):
    assert next_bar_line(CHANGING, onset) == line


def test_the_metre_in_force():
    assert [metre_at(CHANGING, onset).numerator for onset in (0, 11.9, 12, 30)] == [4, 4, 3, 6]


def test_between_bar_lines_bars_pass_evenly():
    lines = bar_lines(CHANGING)
    assert lines.tolist() == [0, 12, 15, 16, 25]
    between = np.linspace(0, 25, 101)
    assert np.interp(between, lines, bar_numbers(CHANGING, lines)) == pytest.approx(bar_numbers(CHANGING, between))


def test_the_range_of_bars_has_at_least_two():
    assert bar_range(CHANGING) == (1, 8)
    assert bar_range(UPBEAT) == (0, 6)
    assert bar_range(Piece(as_notes([(0, 1, 60, 80, 0)]))) == (1, 2)
