from dataclasses import replace

import pytest

from core.composing.take import Take
from core.config import ComposingSettings
from core.corpus.corpus import digest
from core.corpus.uploads import Refusal
from core.figures.box import Box
from core.midi import Reading
from core.takes.desk import Origin
from core.takes.store import TakeStore
from core.ui.session import HIGHEST_SEED, Session
from tests.conftest import tune


def reading(name, first=60):
    return Reading(name, tune(first))


@pytest.fixture
def mine():
    mine = Session()
    mine.add([reading("a.mid", 55), reading("b.mid", 60), Refusal("c.mid", "broken")])
    return mine


def test_what_was_read_is_in_use_and_refusals_are_kept_apart(mine):
    assert mine.corpus.names == ("a.mid", "b.mid")
    assert [refusal.name for refusal in mine.refusals] == ["c.mid"]


def test_the_same_music_is_taken_once(mine):
    assert mine.add([reading("again.mid", 55), reading("new.mid", 70)]) == 1
    assert mine.corpus.names == ("a.mid", "b.mid", "new.mid")


def test_pieces_of_one_name_stay_apart(mine):
    mine.add([reading("a.mid", 70), reading("a.mid", 75)])
    assert mine.corpus.names == ("a.mid", "b.mid", "a.mid (2)", "a.mid (3)")
    assert len(set(mine.corpus.digests)) == 4


def test_what_is_not_in_use_is_not_learned(mine):
    first, second = mine.items.values()
    first.used, second.tracks = False, [0]
    assert mine.corpus.names == ("b.mid",)
    assert set(mine.corpus.pieces[0].notes["track"]) == {0}
    second.tracks = []
    assert not len(mine.corpus)


def test_a_record_is_told_in_the_names_of_the_visit(mine):
    known = [digest(item.piece) for item in mine.items.values()]
    assert mine.names(known[:1]) == ["a.mid"]
    assert mine.names(["strange", known[1]]) == ["b.mid", "one piece that is not in this visit"]
    assert mine.names(["strange", "other"]) == ["2 pieces that are not in this visit"]


def test_everything_can_be_put_away(mine):
    mine.clear()
    assert not mine.items and not mine.refusals


def test_another_seed_is_a_legal_one(mine):
    before = mine.composing.seed
    mine.reseed()
    assert (mine.composing.seed, mine.draws) == (before + mine.composing.variations, 1)
    mine.composing = type(mine.composing)(seed=HIGHEST_SEED, variations=8)
    mine.reseed()
    assert 0 <= mine.composing.seed <= HIGHEST_SEED


BATCH = Origin(ComposingSettings(), batch="b")


def take(seed=1):
    return Take(tune(60 + seed), seed, "m")


def numbers(mine):
    return [kept.number for kept in mine.desk.now.takes]


def test_undo_takes_back_the_star_and_no_take_that_came_since(mine):
    mine.keep([take(1)], BATCH)
    mine.change(lambda desk: desk.star(1))
    mine.keep([take(2)], BATCH)
    assert numbers(mine) == [1, 2]
    mine.undo()
    mine.keep([take(3)], BATCH)
    assert (numbers(mine), mine.desk.now.find(1).starred) == ([1, 2, 3], False)
    mine.redo()
    assert (numbers(mine), mine.desk.now.find(1).starred) == ([1, 2, 3], True)
    mine.undo()
    mine.undo()
    assert numbers(mine) == []


def test_takes_of_a_batch_that_was_undone_come_back_with_it(mine):
    mine.keep([take(1)], BATCH)
    mine.undo()
    mine.keep([take(2)], BATCH)
    assert numbers(mine) == []
    mine.redo()
    assert numbers(mine) == [1, 2]


def test_a_take_comes_although_the_first_of_its_batch_was_deleted(mine):
    mine.keep([take(1)], BATCH)
    mine.change(lambda desk: desk.delete(1))
    mine.keep([take(2)], BATCH)
    assert numbers(mine) == [2]
    mine.undo()
    assert numbers(mine) == [1, 2]


def test_a_number_is_not_used_again_after_undo(mine):
    mine.keep([take(1)], BATCH)
    mine.undo()
    mine.keep([take(2)], replace(BATCH, batch="c"))
    assert numbers(mine) == [2]


def test_a_box_stays_with_its_take_when_earlier_takes_join(mine, tmp_path):
    store = TakeStore(tmp_path)
    mine.arrive("a", store)
    mine.keep([take(1), take(2)], BATCH)
    other = type(mine)()
    other.keep([take(3)], BATCH)
    other.boxes[1] = Box(0.0, 4.0)
    other.arrive("a", store)
    assert other.boxes == {3: Box(0.0, 4.0)}
    assert numbers(other) == [3, 1, 2]
