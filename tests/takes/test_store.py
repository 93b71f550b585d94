import os
from dataclasses import replace

import pytest

from core.composing.take import Take
from core.config import ComposingSettings
from core.notes import content_hash
from core.takes import store as stores
from core.takes.desk import Desk, Origin
from core.takes.history import History
from core.takes.store import KeptDesk, TakeStore
from tests.conftest import tune, work

ORIGIN = Origin(ComposingSettings(seed=4), "fingerprint", "composed", batch="b")
KEY = "0123456789abcdef" * 2


def takes(many, seed=0):
    return [Take(tune(50 + number, bars=2), seed + number, "m") for number in range(many)]


@pytest.fixture
def store(tmp_path):
    return TakeStore(tmp_path)


@pytest.fixture
def desk():
    made = replace(ORIGIN, batch="c", parent=1, how="bars 1 to 2 of take 1", passage=(0.0, 8.0))
    return Desk().add(takes(3), ORIGIN).add(takes(1, 9), made).star(2).rename(2, "Sunday").annotate(1, "nice")


def test_a_desk_comes_back_as_it_was(store, desk, tmp_path):
    store.desk(KEY).put(History(desk))
    again = TakeStore(tmp_path).desk(KEY).history.now
    assert (again.opened, again.last) == (desk.opened, desk.last)
    for one, other in zip(again.takes, desk.takes, strict=True):
        assert (one.number, one.name, one.note, one.starred) == (other.number, other.name, other.note, other.starred)
        assert one.origin == other.origin
        assert content_hash(one.take.piece) == content_hash(other.take.piece)


def test_two_windows_of_one_browser_have_one_desk(store, desk):
    first, second = store.desk(KEY), store.desk(KEY)
    first.put(History(desk))
    assert second.history.now is desk


def test_a_number_is_not_used_again_after_its_take_was_undone(store, desk, tmp_path):
    kept = store.desk(KEY)
    kept.put(History(Desk()).change(desk))
    kept.put(kept.history.undo())
    assert (kept.history.now.takes, kept.history.now.last) == ((), 4)
    kept.put(kept.history.change(kept.history.now.add(takes(1), ORIGIN)))
    assert [each.number for each in kept.history.now.takes] == [5]
    assert TakeStore(tmp_path).desk(KEY).history.now.last == 5


def test_another_key_has_another_desk_and_no_key_is_written_down(store, desk, tmp_path):
    store.desk(KEY).put(History(desk))
    assert store.desk("another").history.now.takes == ()
    names = [file.name for file in tmp_path.rglob("*")]
    assert not [name for name in names if KEY in name]


def test_a_take_is_opened_by_its_name_by_anyone(store, desk):
    name = store.put(desk.takes[0])
    kept = store.get(name)
    assert content_hash(kept.take.piece) == content_hash(desk.takes[0].take.piece)
    assert kept.origin.fingerprint == "fingerprint"


@pytest.mark.parametrize("name", ["", "unknown", "../desks/x", "ä", "a/b"])
def test_an_unknown_name_is_nothing(store, name):
    assert store.get(name) is None


def test_damaged_files_cost_nothing_else(store, desk, tmp_path):
    store.desk(KEY).put(History(desk))
    name = store.put(desk.takes[0])
    (tmp_path / "takes" / f"{name}.json").write_text("{")
    assert [kept.number for kept in TakeStore(tmp_path).desk(KEY).history.now.takes] == [1, 2, 3]
    for file in (tmp_path / "desks").iterdir():
        file.write_text('{"takes": 3}')
    assert TakeStore(tmp_path).desk(KEY).history.now == Desk()


def test_the_open_take_is_one_that_is_there(store, desk, tmp_path):
    store.desk(KEY).put(History(desk))
    (tmp_path / "takes" / f"{store.put(desk.open_take)}.json").unlink()
    assert TakeStore(tmp_path).desk(KEY).history.now.opened == 1


def test_a_star_writes_no_take_again(store, desk):
    kept = store.desk(KEY)
    kept.put(History(desk))
    first = work(lambda: kept.put(History(desk.star(1).star(2, False))))
    again = work(lambda: kept.put(History(desk)))
    assert again < first / 2  # all names are known by then


def test_a_take_that_made_room_is_written_again(store, desk, tmp_path):
    name = store.put(desk.takes[0])
    (tmp_path / "takes" / f"{name}.json").unlink()
    assert store.put(desk.takes[0]) == name
    assert store.get(name) is not None


def test_those_unused_for_longest_make_room(store, desk, tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "_MOST_TAKES", 2)
    names = [store.put(kept) for kept in desk.takes]
    for age, name in enumerate(names):
        os.utime(tmp_path / "takes" / f"{name}.json", (1000 - age, 1000 - age))
    store.desk("someone")
    assert [store.get(name) is not None for name in names] == [True, True, False, False]


def test_takes_on_no_desk_make_room_first_and_those_with_a_star_last(store, desk, tmp_path, monkeypatch):
    shared = [store.put(kept) for kept in Desk().add(takes(2, 30), ORIGIN).takes]
    store.desk(KEY).put(History(desk))
    names = [store.put(kept) for kept in desk.takes]
    for age, name in enumerate([*shared, *names]):
        os.utime(tmp_path / "takes" / f"{name}.json", (2000 - age, 2000 - age))
    (tmp_path / "desks" / "damaged.json").write_text('{"takes": 3}')
    for most, left in ((4, names), (1, [names[2]])):  # the third from the top is take 2, with its star
        monkeypatch.setattr(stores, "_MOST_TAKES", most)
        TakeStore(tmp_path).desk("someone else")
        assert [name for name in (*shared, *names) if (tmp_path / "takes" / f"{name}.json").exists()] == left


def test_takes_that_made_room_are_counted_until_the_desk_is_changed(store, desk, tmp_path):
    store.desk(KEY).put(History(desk))
    (tmp_path / "takes" / f"{store.put(desk.takes[1])}.json").unlink()
    kept = TakeStore(tmp_path).desk(KEY)
    assert (kept.lost, store.desk(KEY).lost) == (1, 0)
    kept.put(History(kept.history.now.star(2)))
    assert kept.lost == 0


def test_it_is_said_when_nothing_can_be_written(store, desk, tmp_path):
    kept = store.desk(KEY)
    (tmp_path / "takes").write_text("in the way")
    kept.put(History(desk))
    assert not kept.saved
    assert kept.history.now is desk


def test_a_desk_without_a_key_is_not_written_down(desk, tmp_path):
    kept = KeptDesk()
    kept.put(History(desk))
    assert kept.history.now is desk
    assert kept.saved
