import pytest

from core.comparison.tonality import fifths_between, key_distance, outside_key
from core.corpus.keys import key_number
from tests.benchmarks.conftest import line

C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]
A_MINOR = [57, 59, 60, 62, 64, 65, 68, 69, 64, 60, 57]


def test_keys_are_found():
    assert key_number(line(C_MAJOR).notes) == 0
    assert key_number(line([pitch + 2 for pitch in C_MAJOR]).notes) == 2
    assert key_number(line(A_MINOR).notes) == 12 + 9


def test_notes_outside_the_scale_are_counted():
    assert outside_key(line(C_MAJOR)) == outside_key(line(A_MINOR)) == 0
    assert outside_key(line([*C_MAJOR, 61])) == pytest.approx(1 / 12)


def test_relatives_are_one_and_neighbours_a_fifth_apart():
    assert [fifths_between(0, other) for other in (0, 12 + 9, 7, 5, 6, 12 + 4)] == [0, 0, 1, 1, 6, 1]


def test_a_piece_that_leaves_its_key_is_farther_from_it():
    home = C_MAJOR[:8] * 8
    assert key_distance(line(home)) == 0
    assert key_distance(line([*home, *(pitch + 7 for pitch in C_MAJOR[:8] * 2)])) == pytest.approx(1 / 5)
    assert key_distance(line(C_MAJOR[:5])) is None
