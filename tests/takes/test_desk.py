import pytest

from core.composing.take import Take
from core.config import ComposingSettings
from core.takes import desk as desks
from core.takes.desk import Desk
from tests.conftest import tune

SETTINGS = ComposingSettings(seed=5, variations=3, temperature=0.7)


def takes(many=3, seed=5):
    return [Take(tune(60 + number), seed + number, "m") for number in range(many)]


@pytest.fixture
def desk():
    return Desk().add(takes(), SETTINGS)


def numbers(desk):
    return [kept.number for kept in desk.takes]


def test_new_takes_come_first_and_the_first_of_them_opens(desk):
    assert (numbers(desk), desk.opened) == ([1, 2, 3], 1)
    more = desk.add(takes(2, seed=9), SETTINGS)
    assert (numbers(more), more.opened) == ([4, 5, 1, 2, 3], 4)


def test_a_take_keeps_the_settings_that_make_it_again(desk):
    assert [kept.settings.seed for kept in desk.takes] == [5, 6, 7]
    assert {(kept.settings.variations, kept.settings.temperature) for kept in desk.takes} == {(1, 0.7)}


def test_no_takes_change_nothing(desk):
    assert desk.add([], SETTINGS) is desk


def test_star_name_and_note_are_of_one_take_alone(desk):
    changed = desk.star(2).rename(2, "  Sunday ").annotate(2, " the end is good ")
    assert [(kept.starred, kept.name, kept.note) for kept in changed.takes] == [
        (False, "Take 1", ""),
        (True, "Sunday", "the end is good"),
        (False, "Take 3", ""),
    ]
    assert not changed.star(2, False).takes[1].starred
    assert desk.takes[1].name == "Take 2"


def test_a_name_cannot_be_empty_and_a_note_can(desk):
    assert desk.rename(1, "  ") is desk
    assert desk.annotate(1, "x").annotate(1, "").takes[0].note == ""


@pytest.mark.parametrize(("opened", "deleted", "then"), [(1, 1, 2), (3, 3, 2), (2, 2, 3), (1, 3, 1), (3, 1, 3)])
def test_when_the_open_take_is_deleted_its_neighbour_opens(desk, opened, deleted, then):
    left = desk.open(opened).delete(deleted)
    assert left.opened == then
    assert deleted not in numbers(left)


def test_the_last_take_leaves_an_empty_desk_and_its_number_is_not_used_again(desk):
    empty = desk.delete(1).delete(2).delete(3)
    assert (empty.takes, empty.opened, empty.open_take) == ((), None, None)
    assert numbers(empty.add(takes(1), SETTINGS)) == [4]
    assert desk.delete(99) is desk


def test_the_oldest_without_a_star_make_room(monkeypatch):
    monkeypatch.setattr(desks, "MOST_TAKES", 4)
    desk = Desk().add(takes(2), SETTINGS).add(takes(2), SETTINGS).star(2)
    assert numbers(desk) == [3, 4, 1, 2]
    assert numbers(desk.add(takes(1), SETTINGS)) == [5, 3, 4, 2]
    assert numbers(desk.add(takes(3), SETTINGS)) == [5, 6, 7, 2]


def test_starred_takes_never_make_room(monkeypatch):
    monkeypatch.setattr(desks, "MOST_TAKES", 2)
    desk = Desk().add(takes(2), SETTINGS).star(1).star(2).add(takes(2), SETTINGS).star(3)
    assert numbers(desk) == [3, 4, 1, 2]  # what is new never makes room at once
    assert numbers(desk.add(takes(1), SETTINGS)) == [5, 3, 1, 2]


def test_trimming_makes_a_take_of_some_bars_and_keeps_the_whole(desk):
    kept = desk.takes[1]
    given = Take(kept.take.piece, 6, "m", primer_end=8.0)
    trimmed = Desk().add([given], SETTINGS).trim(1, 2, 3)
    new, whole = trimmed.takes
    assert (new.parent, new.take.primer_end, trimmed.opened) == (1, 4.0, 2)
    assert new.take.piece.end == 12
    assert whole.take is given
    assert Desk().add([given], SETTINGS).trim(1, 4, 2).takes[0].take.primer_end == 0
