"""Owns the baseline of a network: an interpolated Kneser-Ney n-gram over the same events (Chen and Goodman 1999).

Knows nothing about networks.

The events of the joint family are written as one row of tokens, column after column. A token is predicted from the
n - 1 before it, its column being known:

    p(x | context) = (max(count(context x) - d, 0) + d kinds(context) p(x | shorter context)) / count(context)

with kinds(context) the number of different tokens that followed it, and the discount d = (n1 + 1) / (n1 + 2 n2 + 2)
estimated from how many runs were counted once and twice. The highest order counts how often a run was seen, the others
in how many contexts. Below the shortest stands the uniform distribution over the ids of the column, so that everything
has a probability; a context that was not seen changes nothing.
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

COLUMNS = (GAP, PITCH, DURATION)
NAMES = tuple(JointEncoding.columns[column].name for column in COLUMNS)
SIZES = np.array([JointEncoding.columns[column].outputs for column in COLUMNS])
FIRST = np.concatenate([[0], np.cumsum([JointEncoding.columns[column].size for column in COLUMNS])])
"""The first token of each column."""
VOCAB = int(FIRST[-1]) + 1
PAD = VOCAB - 1

Ids = NDArray[np.int64]
Array = NDArray[np.float64]


def tokens(pieces: Sequence[Piece], order: int, transposition: int = 0) -> Ids:
    """Return the tokens of pieces in all keys within `transposition`, (tokens,), each piece after `order` pads."""
    encoding, rows = JointEncoding(), []
    for piece in pieces:
        for semitones in range(-transposition, transposition + 1):
            moved = transpose(piece, semitones) if semitones else piece
            events = with_boundaries(encoding.encode(moved).astype(np.int16), encoding.columns)[1:, COLUMNS]
            flat = (events + FIRST[:-1]).ravel()
            rows.append(np.concatenate([np.full(order, PAD), flat[: -len(COLUMNS) + 1]]))
    return np.concatenate(rows).astype(np.int64)


@dataclass(frozen=True)
class _Level:
    """The runs of one length: their keys in order, how often each was seen, and in how many contexts."""

    keys: Ids
    counts: Array
    contexts: Array


class Ngram:
    """Counts of every run of up to `order` tokens; the key of a run is the index of its context and its last token."""

    def __init__(self, order: int, learned: Ids) -> None:
        """Count the runs of some tokens, as `tokens` returns them."""
        self._levels: list[_Level] = []
        real, run = learned != PAD, _columns_of(learned)
        for length in range(1, order + 1):
            context = run if length == 1 else np.roll(run, 1)
            keys, rows, runs = np.unique(_keys(context, learned), return_index=True, return_inverse=True)
            counts = np.bincount(runs, weights=real, minlength=len(keys)).astype(np.float64)
            self._levels.append(_Level(keys, counts, np.zeros(len(keys))))
            if length > 1:
                shorter = self._levels[-2]
                shorter.contexts[:] = np.bincount(run[rows], weights=real[rows], minlength=len(shorter.keys))
            run = runs

    def bits(self, ids: Ids) -> Array:
        """Return the cost of tokens in bits by the order of the model and the column: (order, columns)."""
        real, columns = ids != PAD, _columns_of(ids)
        shorter, context = 1.0 / SIZES[columns], columns
        costs = []
        for level in self._levels:
            keys = _keys(context, ids)
            index = np.searchsorted(level.keys, keys).clip(max=len(level.keys) - 1)
            run = np.where((context >= 0) & (level.keys[index] == keys), index, -1)
            highest, lower = (
                _probabilities(level.keys // VOCAB, counts, context, run, shorter)
                for counts in (level.counts, level.contexts)
            )
            costs.append(np.bincount(columns[real], weights=-np.log2(highest[real]), minlength=len(COLUMNS)))
            shorter, context = lower, np.roll(run, 1)
        return np.array(costs)


def _columns_of(ids: Ids) -> Ids:
    """Return the index in COLUMNS of each token, 0 for a pad."""
    return np.append(np.repeat(np.arange(len(COLUMNS)), np.diff(FIRST)), 0)[ids]


def _keys(context: Ids, ids: Ids) -> Ids:
    return context * VOCAB + ids


def _probabilities(contexts: Ids, counts: Array, context: Ids, run: Ids, shorter: Array) -> Array:
    """Return the probability of each token by the formula above, (tokens,).

    contexts, counts : the context and the count of each known run, (runs,)
    context, run     : the context of each token and the run that both make, -1 where it is not known, (tokens,)
    shorter          : the probability of each token given the shorter context, (tokens,)
    """
    size = int(max(contexts.max(), context.max())) + 1
    total = np.bincount(contexts, weights=counts, minlength=size)
    kinds = np.bincount(contexts, weights=counts > 0, minlength=size)
    once, twice = (counts == 1).sum(), (counts == 2).sum()
    discount = (once + 1) / (once + 2 * twice + 2)
    known = (context >= 0) & (total[context] > 0)
    count = np.where(run >= 0, counts[run], 0.0)
    whole = np.where(known, total[context], 1.0)
    found = (np.maximum(count - discount, 0.0) + discount * kinds[context] * shorter) / whole
    return np.where(known, found, shorter)
