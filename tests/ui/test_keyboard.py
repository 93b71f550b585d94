import pytest

from core.corpus.tapping import LONGEST, MOST_TAPS, Tap
from core.ui.keyboard import read_taps


def sent(**other):
    return {"second": 1.0, "seconds": 0.5, "pitch": 60, "velocity": 3} | other


def test_taps_come_in_their_order():
    assert read_taps([sent(second=2.0, pitch=62), sent()]) == (Tap(1.0, 0.5, 60, 80), Tap(2.0, 0.5, 62, 80))


@pytest.mark.parametrize(
    "row",
    [
        sent(second=-1),
        sent(second=LONGEST),
        sent(second=float("nan")),
        sent(seconds=0),
        sent(seconds=1e9),
        sent(pitch=128),
        sent(pitch=float("inf")),
        sent(pitch="c"),
        {},
        None,
        5,
    ],
)
def test_what_is_no_tap_is_left_out(row):
    assert read_taps([row, sent()]) == (Tap(1.0, 0.5, 60, 80),)


@pytest.mark.parametrize("strange", [None, "taps", {}, 7])
def test_what_is_no_list_is_nothing(strange):
    assert read_taps(strange) == ()


def test_there_are_only_so_many():
    assert len(read_taps([sent()] * (MOST_TAPS + 5))) == MOST_TAPS
