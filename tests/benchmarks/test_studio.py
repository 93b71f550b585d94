import pytest

from benchmarks import tables
from benchmarks.studio import medians, quietest


def test_each_wait_is_compared_with_its_target():
    found = dict.fromkeys(tables.STUDIO_TARGETS, 1.2) | {"bare": 0.9}
    lines = list(tables.studio(found | {"quiet": dict.fromkeys(tables.STUDIO_TARGETS, 0.8) | {"bare": 0.5}}))
    assert "| four takes | 1.2 (met) | 0.8 (met) | 2 |" in lines
    assert "| tempo | 1.2 (missed) | 0.8 (met) | 1 |" in lines
    assert "took 0.9 s by itself just then, and 0.5 s" in lines[-2]


@pytest.mark.parametrize(("bare", "chosen"), [([5, 1, 4, 2, 6, 3], [1, 2]), ([3, 2], [2])])
def test_the_quietest_third_is_told_by_composing_alone(bare, chosen):
    rounds = [{"bare": seconds, "anew": -seconds} for seconds in bare]
    assert [waits["bare"] for waits in quietest(rounds)] == chosen


def test_medians_are_those_of_each_wait():
    assert medians([{"a": 1.0, "b": 9.0}, {"a": 2.004, "b": 1.0}, {"a": 7.0, "b": 1.0}]) == {"a": 2.0, "b": 1.0}
