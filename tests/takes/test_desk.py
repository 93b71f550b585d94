from dataclasses import replace

import pytest

from core.composing.take import Take
from core.config import ComposingSettings
from core.notes import scale_tempo
from core.takes import desk as desks
from core.takes.desk import Desk, DeskFullError, Origin
from tests.conftest import tune

SETTINGS = ComposingSettings(seed=5, variations=3, temperature=0.7)
ORIGIN = Origin(SETTINGS)


def takes(many=3, seed=5):
    return [Take(tune(60 + number), seed + number, "m") for number in range(many)]


@pytest.fixture
def desk():
    return Desk().add(takes(), ORIGIN)


def numbers(desk):
    return [kept.number for kept in desk.takes]


def test_new_takes_come_first_and_the_first_of_them_opens(desk):
    assert (numbers(desk), desk.opened) == ([1, 2, 3], 1)
    more = desk.add(takes(2, seed=9), ORIGIN)
    assert (numbers(more), more.opened) == ([4, 5, 1, 2, 3], 4)


def test_a_take_keeps_the_settings_that_make_it_again(desk):
    assert [kept.origin.settings.seed for kept in desk.takes] == [5, 6, 7]
    assert {(kept.origin.settings.variations, kept.origin.settings.temperature) for kept in desk.takes} == {(1, 0.7)}


def test_no_takes_change_nothing(desk):
    assert desk.add([], ORIGIN) is desk


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
    assert numbers(empty.add(takes(1), ORIGIN)) == [4]
    assert desk.delete(99) is desk


def test_the_oldest_without_a_star_make_room(monkeypatch):
    monkeypatch.setattr(desks, "MOST_TAKES", 4)
    desk = Desk().add(takes(2), ORIGIN).add(takes(2), ORIGIN).star(2)
    assert numbers(desk) == [3, 4, 1, 2]
    assert numbers(desk.add(takes(1), ORIGIN)) == [5, 3, 4, 2]
    assert numbers(desk.add(takes(3), ORIGIN)) == [5, 6, 7, 2]


def test_starred_takes_never_make_room(monkeypatch):
    monkeypatch.setattr(desks, "MOST_TAKES", 3)
    desk = Desk().add(takes(2), ORIGIN).star(1).star(2).add(takes(1), ORIGIN)
    assert (numbers(desk), desk.gone) == ([3, 1, 2], 0)
    more = desk.add(takes(1), ORIGIN)
    assert (numbers(more), more.gone) == ([4, 1, 2], 1)
    with pytest.raises(DeskFullError, match="no room"):
        more.star(4).add(takes(1), ORIGIN)


def test_what_is_new_makes_no_room_for_the_rest_of_its_batch(monkeypatch):
    monkeypatch.setattr(desks, "MOST_TAKES", 3)
    batch = replace(ORIGIN, batch="b")
    desk = Desk().add(takes(2), ORIGIN).star(1).star(2).add(takes(1), batch)
    with pytest.raises(DeskFullError):
        desk.add(takes(1), batch)
    assert numbers(desk.star(1, False).add(takes(1), batch)) == [3, 4, 2]


def test_takes_that_make_room_for_another_desk_are_counted(desk, monkeypatch):
    monkeypatch.setattr(desks, "MOST_TAKES", 4)
    assert desk.take_over(Desk().add(takes(2, seed=9), ORIGIN)).gone == 1


def test_trimming_makes_a_take_of_some_bars_and_keeps_the_whole(desk):
    kept = desk.takes[1]
    given = Take(kept.take.piece, 6, "m", primer_end=8.0)
    trimmed = Desk().add([given], ORIGIN).trim(1, 4.0, 16.0, "bars 2 to 4")
    new, whole = trimmed.takes
    assert (new.origin.parent, new.take.primer_end, trimmed.opened) == (1, 4.0, 2)
    assert new.origin.how == "bars 2 to 4 of take 1"
    assert new.take.piece.end == 12
    assert whole.take is given
    assert Desk().add([given], ORIGIN).trim(1, 12.0, 20.0, "").takes[0].take.primer_end == 0


def test_takes_of_one_batch_stand_in_their_order_and_what_is_open_stays(desk):
    batch = replace(ORIGIN, batch="b")
    more = desk.add(takes(1), batch).add(takes(1), batch)
    assert (numbers(more), more.opened) == ([4, 5, 1, 2, 3], 4)
    other = more.add(takes(1), replace(ORIGIN, batch="c"))
    assert (numbers(other), other.opened) == ([6, 4, 5, 1, 2, 3], 6)
    late = other.add(takes(1), batch)  # its batch is not on top any more
    assert (numbers(late), late.opened) == ([7, 6, 4, 5, 1, 2, 3], 6)


def families(desk):
    return [(family.first.number, [kept.number for kept in family.descendants]) for family in desk.families]


def test_a_family_is_a_take_and_all_that_came_from_it(desk):
    grown = desk.add(takes(1), replace(ORIGIN, parent=2)).add(takes(1), replace(ORIGIN, parent=4))
    assert families(grown) == [(2, [5, 4]), (1, []), (3, [])]
    assert families(grown.delete(4)) == [(5, []), (1, []), (2, []), (3, [])]


def test_another_desk_is_taken_over_with_new_numbers(desk):
    other = Desk().add(takes(1, seed=8), ORIGIN).add(takes(1, seed=9), replace(ORIGIN, parent=1)).star(2)
    joined = desk.take_over(other)
    assert (numbers(joined), joined.opened, joined.last) == ([5, 4, 1, 2, 3], 5, 5)
    assert (joined.find(5).origin.parent, joined.find(5).starred) == (4, True)
    assert numbers(joined.add(takes(1), ORIGIN))[0] == 6


def test_a_take_that_is_there_already_is_not_put_twice(desk):
    other = Desk().add([desk.find(2).take], ORIGIN)
    joined = desk.take_over(other)
    assert (numbers(joined), joined.opened) == ([1, 2, 3], 2)
    assert numbers(desk.take_over(other.star(1))) == [4, 1, 2, 3]  # something was said of it
    assert desk.same(takes(1, seed=6)[0]) is None  # of another seed


def test_an_edit_changes_the_music_and_says_how(desk):
    faster = scale_tempo(desk.find(2).take.piece, 2)
    edited = desk.edit(2, faster, replace(desk.find(2).origin.settings, tempo_scale=2.0)).find(2)
    assert edited.take.piece.qpm == 2 * desk.find(2).take.piece.qpm
    assert (edited.take.seed, edited.origin.settings.tempo_scale) == (6, 2.0)
