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


def test_what_comes_late_is_in_all_states_since_it_began():
    history = History("a").change("ab").change("abc").change("abcd").undo()
    late = history.amend(lambda state: "b" in state, str.upper)
    assert (late.before, late.now, late.undone) == (("a", "AB"), "ABC", ("ABCD",))
    assert late.undo().undo().now == "a"
    assert late.redo().now == "ABCD"
    assert history.amend(lambda state: "x" in state, str.upper) == history


def test_steps_of_one_name_that_follow_each_other_are_one():
    history = History(0).change(1, "tempo").change(2, "tempo").adjust(3).change(4, "tempo")
    assert (history.now, history.undo().now) == (4, 0)
    assert history.change(5, "other").undo().now == 4
    assert history.change(5).change(6).undo().now == 5
    assert history.undo().redo().change(5, "tempo").undo().now == 4
