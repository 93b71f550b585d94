import numpy as np
import pytest

from core.batches import grid_of, split, windows
from core.encoding import JointEncoding
from core.encoding.columns import bounded

from .conftest import tune


def feed(pieces, **more):
    chosen = {"batch": 3, "length": 10, "transposition": 0, "rng": np.random.default_rng(0)} | more
    return windows(JointEncoding(), pieces, **chosen)


def test_no_piece_is_both_learned_and_held_out(named):
    many = [(f"{number} {name}", piece) for number in range(5) for name, piece in named]
    parts = split(many, seed=1)
    assert sorted(name for name, _ in parts.learned + parts.held_out) == sorted(name for name, _ in many)


@pytest.mark.parametrize(("pieces", "held"), [(2, 1), (4, 1), (10, 1), (20, 2), (40, 4)])
def test_a_tenth_is_held_out_and_at_least_one(named, pieces, held):
    assert len(split((named * 10)[:pieces], seed=0).held_out) == held


def test_of_one_piece_the_end_is_held_out():
    parts = split([("long", tune(bars=40))], seed=0)
    (_, learned), (_, held) = parts.learned[0], parts.held_out[0]
    assert learned.end + held.end == 160
    assert held.end == 16


def test_windows_join_without_a_gap(tunes):
    source = feed(tunes)
    first, second = next(source), next(source)
    assert first.shape == (11, 3, 5 + 128)
    assert (first[-1] == second[0]).all()


def test_a_row_is_made_of_whole_pieces(tunes):
    encoding = JointEncoding()
    source = feed(tunes[:1], batch=1)
    row = np.concatenate([next(source)[:-1, 0] for _ in range(40)])
    whole = bounded(encoding.sheet(tunes[0]), encoding.columns)
    first, second = np.flatnonzero(row[:, 0] == encoding.columns[0].boundary)[:2]
    assert (row[first : second + 1] == whole).all()


def test_only_the_pitches_are_transposed(tunes):
    source = feed(tunes[:1], transposition=6, batch=1, length=500)
    pitches = next(source)[:, 0, 2]
    assert len(set(pitches)) > len(set(tunes[0].notes["pitch"]))


def test_the_grid_counts_every_event_once(tunes):
    encoding = JointEncoding()
    events, counts = grid_of(encoding, tunes, 3)
    assert counts.sum() == sum(len(piece.notes) + 1 for piece in tunes)
    ends = (events[1:, :, 0] == encoding.columns[0].boundary) & counts
    assert ends.sum() == len(tunes)
