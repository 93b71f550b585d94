"""The bar that a network must clear: an interpolated Kneser-Ney n-gram over the same events (Chen and Goodman 1999).

The events of the joint family are written as one row of tokens, field after field. A token is predicted from the n - 1
before it, its field being known; below the shortest context stands the uniform distribution over the ids of the field,
so that everything has a probability. The highest order counts how often, the others in how many ways a token was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.encoding import JointEncoding
from core.encoding.columns import with_boundaries
from core.encoding.joint import DURATION, GAP, PITCH
from core.notes import Piece, transpose

FIELDS = (GAP, PITCH, DURATION)
SIZES = np.array([JointEncoding.columns[field].outputs for field in FIELDS])
FIRST = np.concatenate([[0], np.cumsum([JointEncoding.columns[field].size for field in FIELDS])])
VOCAB = int(FIRST[-1]) + 1
PAD = VOCAB - 1

Ids = NDArray[np.int64]


def tokens(pieces: Sequence[Piece], order: int, transposition: int = 0) -> Ids:
    """Return the tokens of pieces in all keys within `transposition`, each piece after `order` pads."""
    encoding, rows = JointEncoding(), []
    for piece in pieces:
        for semitones in range(-transposition, transposition + 1):
            moved = transpose(piece, semitones) if semitones else piece
            events = with_boundaries(encoding.encode(moved), encoding.columns)[1:, FIELDS]
            flat = (events + FIRST[:-1]).ravel()
            rows.append(np.concatenate([np.full(order, PAD), flat[: -len(FIELDS) + 1]]))
    return np.concatenate(rows).astype(np.int64)


@dataclass(frozen=True)
class _Level:
    """What is known of runs of one length: their keys in order, and counts by run and by context."""

    keys: Ids
    seen: tuple[NDArray[np.float64], NDArray[np.float64]]  # by run: how often, and in how many ways


class Ngram:
    """Counts of every run of up to `order` tokens, each run known by the one before it and its last token."""

    def __init__(self, order: int, learned: Ids) -> None:
        """Count runs in the training tokens."""
        self._levels: list[_Level] = []
        real, run = learned != PAD, _fields(learned)
        for length in range(1, order + 1):
            context = run if length == 1 else np.roll(run, 1)
            keys, places, runs = np.unique(_keys(context, learned), return_index=True, return_inverse=True)
            often = np.bincount(runs, weights=real, minlength=len(keys))
            self._levels.append(_Level(keys, (often, np.zeros(len(keys)))))
            if length > 1:
                shorter = self._levels[-2]
                shorter.seen[1][:] = np.bincount(run[places], weights=real[places], minlength=len(shorter.keys))
            run = runs

    def bits(self, heard: Ids) -> NDArray[np.float64]:
        """Return the cost of tokens in bits by the order of the model and the field: (order, fields)."""
        real, fields = heard != PAD, _fields(heard)
        share, context = 1.0 / SIZES[fields], fields
        costs = []
        for level in self._levels:
            place = np.searchsorted(level.keys, keys := _keys(context, heard)).clip(max=len(level.keys) - 1)
            run = np.where((context >= 0) & (level.keys[place] == keys), place, -1)
            often, ways = (_discounted(level.keys // VOCAB, seen, context, run, share) for seen in level.seen)
            costs.append(np.bincount(fields[real], weights=-np.log2(often[real]), minlength=len(FIELDS)))
            share, context = ways, np.roll(run, 1)
        return np.array(costs)


def _fields(ids: Ids) -> Ids:
    return np.append(np.repeat(np.arange(len(FIELDS)), np.diff(FIRST)), 0)[ids]


def _keys(context: Ids, ids: Ids) -> Ids:
    return context * VOCAB + ids


def _discounted(contexts: Ids, seen: NDArray[np.float64], context: Ids, run: Ids, share: NDArray[np.float64]):
    """Interpolate the counts of runs, less a discount, with what the shorter context says."""
    size = int(max(contexts.max(), context.max())) + 1
    total = np.bincount(contexts, weights=seen, minlength=size)
    kinds = np.bincount(contexts, weights=seen > 0, minlength=size)
    once, twice = (seen == 1).sum(), (seen == 2).sum()
    discount = (once + 1) / (once + 2 * twice + 2)
    known = (context >= 0) & (total[context] > 0)
    count = np.where(run >= 0, seen[run], 0.0)
    whole = np.where(known, total[context], 1.0)
    found = (np.maximum(count - discount, 0.0) + discount * kinds[context] * share) / whole
    return np.where(known, found, share)
