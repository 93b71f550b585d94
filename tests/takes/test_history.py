from hypothesis import given
from hypothesis import strategies as st

from core.takes.history import _MOST_STEPS, History


@given(st.lists(st.integers(), min_size=1, max_size=30))
def test_undo_goes_back_through_all_changes_and_redo_forward_again(values):
    history = History(0)
    states = [history.now]
    for value in values:
        history = history.change(value)
        if history.now is not states[-1]:
            states.append(value)
    for state in reversed(states):
        assert history.now == state
        history = history.undo()
    for state in states[1:]:
        history = history.redo()
        assert history.now == state


def test_a_change_forgets_what_was_undone():
    history = History("a").change("b").undo().change("c")
    assert history.redo() is history
    assert history.undo().now == "a"


def test_looking_elsewhere_is_no_step():
    history = History("a").change("b").adjust("c")
    assert history.now == "c"
    assert history.undo().now == "a"


def test_at_the_ends_nothing_happens():
    history = History("a")
    assert history.undo() is history
    assert history.redo() is history
    assert history.change(history.now) is history


def test_the_steps_are_bounded():
    history = History(0)
    for value in range(1, 3 * _MOST_STEPS):
        history = history.change(value)
    assert len(history.before) == _MOST_STEPS
