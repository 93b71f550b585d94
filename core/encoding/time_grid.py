"""Owns the time grid: the fixed alphabet of gaps and durations, and where in the bar an onset falls.

Knows nothing about pitches or files.

Conventions
-----------
tick : 1/24 quarter; triplets, swing and 32nds are whole ticks, and no metre is favoured
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

TICKS_PER_QUARTER = 24
_EXACT = 48
SPANS: NDArray[np.int64] = np.concatenate(
    [
        np.arange(0, _EXACT),
        np.arange(_EXACT, 96, 2),
        np.arange(96, 192, 6),
        np.arange(192, 384, 12),
        np.arange(384, 1537, 48),
    ]
)
"""The spans that can be said, in ticks: every tick up to two quarters, then growing steps up to 64 quarters."""

_BAR_QUARTERS = 8
_CELLS_PER_QUARTER = 12
FREE_POSITION = _BAR_QUARTERS * _CELLS_PER_QUARTER
POSITIONS = FREE_POSITION + 1
"""Positions in the bar, twelve a quarter, bars up to eight quarters; the last one says that there is no beat."""

_MIDDLES = (SPANS[1:] + SPANS[:-1]) / 2


def to_ticks(quarters: ArrayLike) -> NDArray[np.int64]:
    """Round quarter lengths to ticks."""
    return np.round(np.asarray(quarters, dtype=np.float64) * TICKS_PER_QUARTER).astype(np.int64)


def span_ids(ticks: ArrayLike) -> NDArray[np.int64]:
    """Return the id of the nearest span that can be said; longer ones become the longest."""
    return np.searchsorted(_MIDDLES, np.asarray(ticks), side="left")


def gap_ids(onsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the ids of the gaps between onsets (ticks); what rounding a gap adds, the gaps after it give back.

    Every onset stays within half a step of where it stands. But a gap never shrinks to nothing, and of one longer than
    the longest span the rest is lost.
    """
    gaps = np.diff(onsets, prepend=0)
    ids, owed = span_ids(gaps), 0
    inexact = np.flatnonzero(SPANS[ids] != gaps)
    rows = np.flatnonzero(gaps > 0)
    at = np.searchsorted(rows, inexact[0]) if len(inexact) else len(rows)
    for index in rows[at:].tolist():
        wanted = max(int(gaps[index]) + owed, 1)
        ids[index] = span_ids(wanted)
        owed += int(gaps[index] - SPANS[ids[index]])
        if wanted > SPANS[-1]:
            owed = 0
    return ids


def bar_positions(onsets: ArrayLike, bar: ArrayLike) -> NDArray[np.int64]:
    """Return the position in the bar of onsets (ticks since a barline), for bars of `bar` ticks."""
    within = np.mod(onsets, bar)
    return np.minimum(within * _CELLS_PER_QUARTER // TICKS_PER_QUARTER, FREE_POSITION - 1)
