"""Owns histograms of music: how often it has each pitch class, interval, gap, duration and number of notes at once.

Knows nothing about what is compared.

Conventions
-----------
histogram : normalised counts; the overlapping area of two is their intersection (Swain and Ballard, 'Color indexing',
            International Journal of Computer Vision 7, 1991): 1 if they are equal, 0 if they share nothing

The notes of a piece stand in the order (onset in ticks, pitch).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.encoding.time_grid import to_ticks
from core.notes import Piece, sounding_at_onsets

Ids = NDArray[np.int64]
Histograms = dict[str, NDArray[np.float64]]

_LONGEST_BIN, _MOST_NOTES = 192, 32  # the last bins: ticks, notes at once


def ordered(piece: Piece) -> tuple[Ids, Ids, Ids]:
    """Return onsets (ticks), pitches and durations (ticks) of a piece, (notes,) each."""
    onsets, pitches = to_ticks(piece.notes["onset"]), piece.notes["pitch"].astype(np.int64)
    order = np.lexsort((pitches, onsets))
    return onsets[order], pitches[order], to_ticks(piece.notes["duration"])[order]


def histograms(pieces: Iterable[Piece]) -> Histograms:
    """Return the histograms of pieces together: pitch class, interval, gap and duration (ticks), polyphony.

    Gaps are those between onsets that differ; polyphony is the number of notes that sound at each onset.
    """
    sizes = {"pitch class": 12, "interval": 256, "gap": _LONGEST_BIN + 1, "duration": _LONGEST_BIN + 1}
    counts = {name: np.zeros(size) for name, size in (sizes | {"polyphony": _MOST_NOTES + 1}).items()}
    for piece in pieces:
        onsets, pitches, durations = ordered(piece)
        values = {
            "pitch class": pitches % 12,
            "interval": np.diff(pitches) + 128,
            "gap": np.diff(np.unique(onsets)).clip(0, _LONGEST_BIN),
            "duration": durations.clip(0, _LONGEST_BIN),
            "polyphony": sounding_at_onsets(onsets, onsets + durations).clip(0, _MOST_NOTES),
        }
        for name, each in values.items():
            counts[name] += np.bincount(each, minlength=len(counts[name]))
    return {name: each / max(each.sum(), 1) for name, each in counts.items()}


def overlaps(one: Histograms, other: Histograms) -> dict[str, float]:
    """Return the overlapping area of each histogram, 0..1."""
    return {name: float(np.minimum(one[name], other[name]).sum()) for name in one}
