from itertools import pairwise

from core.jobs.history import _MOST_REPORTS, History
from core.training.progress import Progress


def filled(reports):
    history = History()
    for number in range(reports):
        history.add(Progress(number / reports, number, number))
    return history.reports()


def test_a_short_history_is_kept_whole():
    assert [report.steps for report in filled(9)] == list(range(9))


def test_nothing_was_said_yet():
    assert filled(0) == ()


def test_a_long_history_is_thinned_evenly_and_ends_with_the_latest():
    steps = [report.steps for report in filled(10_001)]
    assert len(steps) <= _MOST_REPORTS + 1
    assert (steps[0], steps[-1]) == (0, 10_000)
    assert len({after - before for before, after in pairwise(steps[:-1])}) == 1
    assert len(steps) > _MOST_REPORTS / 2
