import numpy as np
import pytest

from core.encoding.time_grid import FREE_POSITION, SPANS, bar_positions, gap_ids, span_ids, to_ticks


def heard(*onsets):
    """Return the onsets that are left when their gaps are said with the spans there are."""
    return np.cumsum(SPANS[gap_ids(np.array(onsets))]).tolist()


def test_spans_grow_with_their_length():
    steps = {int(low): int(step) for low, step in zip(SPANS, np.diff(SPANS), strict=False)}
    assert [steps[low] for low in (0, 47, 48, 94, 96, 186, 192, 372, 384, 1488)] == [1, 1, 2, 2, 6, 6, 12, 12, 48, 48]
    assert (SPANS[0], SPANS[-1]) == (0, 64 * 24)


def test_quarters_are_rounded_to_ticks():
    assert to_ticks([0, 1, 1 / 3, 0.98, 1.01]).tolist() == [0, 24, 8, 24, 24]


def test_half_way_between_two_spans_the_shorter_is_said():
    assert SPANS[span_ids([49, 99, 105, 408, 5000])].tolist() == [48, 96, 102, 384, 1536]


def test_what_rounding_a_gap_takes_or_adds_the_next_gap_gives_back():
    assert heard(0, 101, 125) == [0, 102, 125]
    assert heard(24, 24 + 97, 24 + 97, 145) == [24, 120, 120, 145]
    assert heard(97, 97 + 101, 222) == [96, 198, 222]


def test_a_gap_never_shrinks_to_nothing():
    assert heard(0, 101, 102, 150) == [0, 102, 103, 150]
    assert heard(0, 100, 101) == [0, 102, 103]


def test_large_debts_are_paid_too_but_not_what_is_longer_than_any_span():
    assert heard(0, 408, 456) == [0, 384, 456]
    assert heard(0, 2000, 2024) == [0, 1536, 1560]


def test_a_chord_of_any_size_stays_one():
    assert heard(0, *[101] * 65, 125) == [0, *[102] * 65, 125]


def test_onsets_do_not_drift():
    onsets = np.cumsum(np.random.default_rng(0).integers(1, 400, 500))
    assert np.abs(heard(*onsets) - onsets).max() <= 24


def test_a_bar_has_twelve_places_a_quarter_for_eight_quarters():
    assert bar_positions([0, 1, 2, 23, 24, 95, 96], 96).tolist() == [0, 0, 1, 11, 12, 47, 0]
    assert bar_positions([190, 192, 300], 480).tolist() == [95, 95, 95]
    assert FREE_POSITION == 96


@pytest.mark.parametrize("bar", [[72, 48], 72])
def test_places_count_from_the_bar_line_also_before_the_first(bar):
    assert bar_positions([-24, 60], bar).tolist() == ([24, 6] if bar == [72, 48] else [24, 30])
