"""Owns the horizontal axis on which music is drawn: onsets -> x, and seconds -> x for what moves with the sound.

Knows nothing about figures.

Conventions
-----------
x of the axis 'bars'    : 1 is the beginning of the first bar, 2.5 the middle of the second
x of the axis 'seconds' : playing time
A change of metre begins a bar; what there is of the bar before it is drawn as wide as a whole one.
"""

from __future__ import annotations

from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.notes import Piece, seconds_at

Axis = Literal["bars", "seconds"]

_TOLERANCE = 1e-6  # of a bar; what is nearer to a bar line lies on it


def positions(piece: Piece, onsets: ArrayLike, axis: Axis) -> NDArray[np.float64]:
    """Return the x of onsets."""
    return (
        seconds_at(piece, onsets)
        if axis == "seconds"
        else np.interp(np.asarray(onsets, dtype=np.float64), *_bar_lines(piece))
    )


def timetable(piece: Piece, axis: Axis) -> list[tuple[float, float]]:
    """Return pairs (second, x) in rising order; between neighbours x grows evenly."""
    bends = [tempo.onset for tempo in piece.tempos] + _bar_lines(piece)[0] + [piece.end]
    onsets = np.unique(bends)
    return list(zip(seconds_at(piece, onsets).tolist(), positions(piece, onsets, axis).tolist(), strict=True))


def bars_and_beats(piece: Piece, onsets: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bar of each onset and its beat; both count from 1."""
    x = positions(piece, onsets, "bars")
    bars = np.floor(x + _TOLERANCE)
    starts = [metre.onset for metre in piece.metres]
    index = np.clip(np.searchsorted(starts, onsets, side="right") - 1, 0, None)
    numerators = np.array([metre.numerator for metre in piece.metres])[index]
    return bars, 1 + np.maximum(x - bars, 0) * numerators


def _bar_lines(piece: Piece) -> tuple[list[float], list[float]]:
    """Return onsets between which bars pass evenly, and the number of the bar that begins at each."""
    onsets, bars = [0.0], [1.0]
    last = piece.metres[-1]
    ends = [metre.onset for metre in piece.metres[1:]] + [max(piece.end, last.onset) + last.bar]
    for metre, end in zip(piece.metres, ends, strict=True):
        start, count = onsets[-1], ceil((end - onsets[-1]) / metre.bar - _TOLERANCE)
        if count > 1:
            onsets.append(start + (count - 1) * metre.bar)
            bars.append(bars[-1] + count - 1)
        if count > 0:
            onsets.append(end)
            bars.append(bars[-1] + 1)
    return onsets, bars
