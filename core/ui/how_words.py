"""Owns the words for gaps and for surprise on the page How it works.

Knows nothing about where they stand.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.encoding.joint import JointEncoding
from core.encoding.time_grid import TICKS_PER_QUARTER
from core.notes import CLOCK_QPM

_NAMED = {
    3: "1/32", 4: "1/16 triplet", 6: "1/16", 8: "1/8 triplet", 9: "dotted 1/16", 12: "1/8", 16: "1/4 triplet",
    18: "dotted 1/8", 24: "1/4", 36: "dotted 1/4", 48: "1/2", 72: "dotted 1/2", 96: "1/1",
}  # fmt: skip


def gap_words(gap: int, barred: bool) -> str:
    """Say how long after the last onset a note comes; `gap` is an id."""
    if gap == JointEncoding.columns[0].boundary:
        return "the end"
    ticks = int(JointEncoding.gap_ticks[gap])
    if ticks == 0:
        return "together"
    quarters = ticks / TICKS_PER_QUARTER
    if not barred:
        return f"{quarters * 60 / CLOCK_QPM:.2f} s"
    return _NAMED.get(ticks) or f"{quarters:.2f} quarters"


def surprise_words(bits: NDArray[np.float64]) -> str:
    """Say how surprising a note was, and by what; `bits` are those of gap, pitch and duration."""
    gap, pitch, duration = (f"{each:.1f}" for each in bits)
    return f"Surprise: {bits.sum():.1f} bits, of the gap {gap}, of the note {pitch}, of its length {duration}."
