import math

import numpy as np
import pytest

from benchmarks import infilling
from core.composing.infill import Passage
from core.notes import Piece, as_notes
from tests.conftest import tune

PIECE = tune(bars=24)
PLACE = Passage(16.0, 24.0)


@pytest.fixture
def family():
    return "joint"


def test_places_have_enough_notes_on_all_sides_and_are_two_bars_long():
    found = infilling.places([PIECE, tune(bars=3)], 4)
    assert len(found) == 4
    for piece, place in found:
        before, inside, after = infilling.parts(piece, place)
        assert piece is PIECE
        assert place.stop - place.start == 8
        assert min(len(before), len(after)) >= infilling.WEIGHED and len(inside)


def test_the_parts_are_the_whole():
    sizes = [len(part) for part in infilling.parts(PIECE, PLACE)]
    assert sum(sizes) == len(PIECE.notes)
    assert infilling.with_inside(PIECE, PLACE, infilling.parts(PIECE, PLACE)[1]).notes.tolist() == PIECE.notes.tolist()


def test_a_passage_agrees_with_itself_and_not_with_another():
    _, inside, _ = infilling.parts(PIECE, PLACE)
    moved = inside.copy()
    moved["pitch"] += 1
    assert infilling.f1(inside, inside) == 1
    assert infilling.f1(moved, inside) == 0
    assert infilling.f1(inside[: len(inside) // 2], inside) == pytest.approx(2 / 3, abs=0.05)


def test_a_judge_that_knows_nothing_finds_every_note_equally_unlikely(model):
    zeros = tuple({name: np.zeros_like(values) for name, values in network.items()} for network in model.parameters)
    blank = type(model)(model.settings, model.encoding, zeros, model.style)
    bits = infilling.bits_after(blank, PIECE, PLACE)
    sizes = [column.outputs for column in model.encoding.columns if column.name in ("gap", "pitch", "duration")]
    assert bits == pytest.approx(np.full(infilling.WEIGHED, sum(map(math.log2, sizes))))


def test_the_music_of_another_place_stands_behind_the_passage():
    other = tune(first=70, bars=24)
    foreign = infilling.foreign(PIECE, PLACE, (other, Passage(8.0, 16.0)))
    before, inside, after = infilling.parts(foreign, PLACE)
    theirs = other.notes[other.notes["onset"] >= 16.0]
    assert after["pitch"].tolist() == theirs["pitch"].tolist()
    assert (after["onset"] - theirs["onset"]).tolist() == [8.0] * len(after)
    assert len(before) + len(inside) == (PIECE.notes["onset"] < 24.0).sum()


def test_every_way_keeps_what_stands_outside(model):
    other = (tune(first=70, bars=24), Passage(8.0, 16.0))
    pieces, seconds = infilling.versions(model, (PIECE, PLACE), seed=1)
    pieces["wrong"] = infilling.misled(model, (PIECE, PLACE), other, seed=1)
    assert set(pieces) == set(infilling.WAYS)
    assert seconds > 0
    outside = [infilling.parts(piece, PLACE)[::2] for piece in pieces.values()]
    assert all(after.tolist() == outside[0][1].tolist() for _, after in outside)
    assert all(before.tolist() == outside[0][0].tolist() for before, _ in outside)


@pytest.mark.parametrize("kind", infilling.LIMITED)
def test_a_limited_passage_leaves_more_as_it_is(model, kind):
    place = infilling.limited((PIECE, PLACE), kind)
    chosen = infilling.versions(model, place, seed=1)[0]["chosen"].notes
    real = PIECE.notes
    assert chosen.tolist() != real.tolist()
    if kind == "upper":
        low = int(np.median(infilling.parts(PIECE, PLACE)[1]["pitch"]))
        assert chosen[chosen["pitch"] < low].tolist() == real[real["pitch"] < low].tolist()
    elif kind == "rhythm":
        assert chosen[["onset", "duration"]].tolist() == real[["onset", "duration"]].tolist()
    else:
        assert sorted(chosen["pitch"].tolist()) == sorted(real["pitch"].tolist())


def test_the_share_closed_is_that_of_the_way_from_the_first_to_the_composer():
    rows = {way: {"bits": bits} for way, bits in {"first": 4.0, "chosen": 3.25, "composer": 3.0}.items()}
    assert infilling.summary(rows, [3.0, 1.0, 2.0]) == {"places": 3, "closed": 0.75, "seconds": 2.0}


def test_short_music_has_no_places():
    assert infilling.places([Piece(as_notes([(0, 1, 60, 80, 0)]))], 3) == []
