"""Owns the draw of one id from logits: filters, each one sentence, and the draw itself.

Knows nothing about notes or networks. Logits have the shape (voices, ids); a forbidden id has the score -inf.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float64]


def forbid(logits: Logits, allowed: NDArray[np.bool_]) -> Logits:
    """Keep the allowed ids, (voices, ids); where a voice has none, its logits stay as they are."""
    some = allowed.any(axis=1, keepdims=True)
    return np.where(allowed | ~some, logits, -np.inf)


def sharpen(logits: Logits, temperature: float) -> Logits:
    """Divide by the temperature; 0 leaves only the likeliest id."""
    if temperature > 0:
        return logits / temperature
    best = np.zeros_like(logits, dtype=bool)
    np.put_along_axis(best, logits.argmax(axis=1)[:, None], True, axis=1)
    return np.where(best, logits, -np.inf)


def keep_nucleus(logits: Logits, top_p: float) -> Logits:
    """Keep the likeliest ids that together reach the probability `top_p` (Holtzman et al. 2020)."""
    if top_p >= 1:
        return logits
    order = np.argsort(-logits, axis=1, kind="stable")
    ranked = np.take_along_axis(probabilities(logits), order, axis=1)
    tail = np.cumsum(ranked, axis=1) - ranked >= top_p
    drop = np.zeros_like(tail)
    np.put_along_axis(drop, order, tail, axis=1)
    return np.where(drop, -np.inf, logits)


def probabilities(logits: Logits) -> NDArray[np.float64]:
    """Return the softmax of each row."""
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def draw(logits: Logits, uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw one id a voice by inverting the distribution at `uniform`, (voices,), in [0, 1)."""
    reached = np.cumsum(probabilities(logits), axis=1)
    ids = (reached <= uniform[:, None] * reached[:, -1:]).sum(axis=1)
    possible = logits > -np.inf
    last = logits.shape[1] - 1 - possible[:, ::-1].argmax(axis=1)
    return np.minimum(ids, last)
