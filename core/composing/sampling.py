"""Owns the draw of one id from logits: filters, each one sentence, the draw itself, and the chance that it takes.

Knows nothing about notes or networks. Logits and weights have the shape (lanes, ids); a forbidden id has the logit -inf
and the weight 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

_AHEAD = 256

Logits = NDArray[np.floating]
Weights = NDArray[np.float64]


class Chance:
    """Uniform numbers for each lane, in the sequence that its seed gives; drawn ahead, many at a time."""

    def __init__(self, seeds: Iterable[int | Sequence[int]]) -> None:
        self._rngs = [np.random.default_rng(seed) for seed in seeds]
        self._ahead, self._next = np.empty((0, 0)), _AHEAD

    def select(self, lanes: NDArray[np.integer]) -> Chance:
        """Return that of some lanes, in their order, each of which may come once: its sequence goes on."""
        chosen = copy(self)
        chosen._rngs, chosen._ahead = [self._rngs[lane] for lane in lanes.tolist()], self._ahead[:, lanes]
        return chosen

    def draw(self) -> NDArray[np.float64]:
        """Return the next number of each lane, (lanes,), in [0, 1)."""
        if self._next == _AHEAD:
            self._ahead, self._next = np.stack([rng.random(_AHEAD) for rng in self._rngs], axis=1), 0
        self._next += 1
        return self._ahead[self._next - 1]


def forbid(logits: Logits, allowed: NDArray[np.bool_]) -> Logits:
    """Keep the allowed ids, (lanes, ids); where a lane has none, its logits stay as they are."""
    some = allowed.any(axis=1, keepdims=True)
    return np.where(allowed | ~some, logits, -np.inf)


def sharpen(logits: Logits, temperature: float) -> Logits:
    """Divide by the temperature; 0 leaves only the likeliest id."""
    if temperature > 0:
        return logits if temperature == 1 else logits / temperature
    best = np.zeros_like(logits, dtype=bool)
    np.put_along_axis(best, logits.argmax(axis=1)[:, None], True, axis=1)
    return np.where(best, logits, -np.inf)


def weigh(logits: Logits) -> Weights:
    """Return weights in proportion to the probabilities, those of the likeliest ids 1."""
    return np.exp(logits - np.maximum.reduce(logits, axis=1, keepdims=True), dtype=np.float64)


def keep_nucleus(weights: Weights, top_p: float) -> Weights:
    """Keep the likeliest ids that together reach the probability `top_p` (Holtzman et al. 2020), and their equals."""
    if top_p >= 1:
        return weights
    ranked = weights.copy()
    ranked.sort(axis=1)
    sums = ranked.cumsum(axis=1)
    first = (sums > (1 - top_p) * sums[:, -1:]).argmax(axis=1)
    return np.where(weights >= ranked[np.arange(len(ranked)), first, None], weights, 0.0)


def draw(weights: Weights, uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw one id a lane by inverting the distribution at `uniform`, (lanes,), in [0, 1).

    What is wanted is more than nothing and no more than all of it, so that an id without weight is never met first.
    """
    reached = weights.cumsum(axis=1)
    wanted = (1.0 - uniform) * reached[:, -1]
    return (reached >= wanted[:, None]).argmax(axis=1)
