"""Owns the draw of one id from logits: filters, each one sentence, and the draw itself.

Knows nothing about notes or networks. Logits have the shape (lanes, ids); that of a forbidden id is -inf.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.floating]


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


def keep_nucleus(logits: Logits, top_p: float) -> Logits:
    """Keep the likeliest ids that together reach the probability `top_p` (Holtzman et al. 2020)."""
    if top_p >= 1:
        return logits
    lanes = np.arange(len(logits))[:, None]
    order = np.argsort(-logits, axis=1, kind="stable")
    ranked = logits[lanes, order]
    weights = np.exp(ranked - ranked[:, :1], dtype=np.float64)
    reached = weights.cumsum(axis=1)
    kept = np.empty_like(logits)
    kept[lanes, order] = np.where(reached - weights < top_p * reached[:, -1:], ranked, -np.inf)
    return kept


def draw(logits: Logits, uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw one id a lane by inverting the distribution at `uniform`, (lanes,), in [0, 1).

    What is wanted is more than nothing and no more than all of it, so that an id without weight is never met first.
    """
    reached = np.exp(logits - logits.max(axis=1, keepdims=True)).cumsum(axis=1, dtype=np.float64)
    wanted = (1.0 - uniform) * reached[:, -1]
    return (reached >= wanted[:, None]).argmax(axis=1)
