import numpy as np
import pytest

from core.composing.key_lock import KeyLock

SIZES, OUTSIDE = np.array([1, 1, 3]), np.array([0, 1, 2])


def test_without_a_share_nothing_outside_is_allowed():
    assert KeyLock(SIZES, OUTSIDE, 0.0, 2).allowed().tolist() == [[True, False, False]] * 2


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_who_takes_all_that_is_allowed_stays_within_the_share(share):
    lock, outside = KeyLock(SIZES, OUTSIDE, share, 1), 0
    for _ in range(200):
        passing = bool(lock.allowed()[0, 1])
        lock.advance(np.array([int(passing)]))
        outside += passing
    assert share * 200 - 1 <= outside <= share * 200


def test_lanes_are_counted_apart_and_chords_by_their_notes():
    lock = KeyLock(SIZES, OUTSIDE, 0.4, 2)
    for _ in range(4):
        lock.advance(np.array([0, 1]))
    assert lock.allowed().tolist() == [[True, True, True], [True, False, False]]
