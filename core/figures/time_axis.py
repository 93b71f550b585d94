"""Owns the horizontal axis on which music is drawn: onsets -> x, and seconds -> x for what moves with the sound.

Knows nothing about figures.

Conventions
-----------
x of the axis 'bars'    : bar numbers, see `bars`; a bar that a change of metre cuts short is as wide as a whole one
x of the axis 'seconds' : playing time
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.bars import bar_lines, bar_numbers
from core.notes import Piece, seconds_at

Axis = Literal["bars", "seconds"]


def axis_positions(piece: Piece, onsets: ArrayLike, axis: Axis) -> NDArray[np.float64]:
    """Return the x of onsets."""
    return seconds_at(piece, onsets) if axis == "seconds" else bar_numbers(piece, onsets)


def timetable(piece: Piece, axis: Axis) -> list[tuple[float, float]]:
    """Return pairs (second, x) in rising order; between neighbours x grows evenly."""
    bends = [*(tempo.onset for tempo in piece.tempos), *bar_lines(piece).tolist(), piece.end]
    onsets = np.unique(bends)
    return list(zip(seconds_at(piece, onsets).tolist(), axis_positions(piece, onsets, axis).tolist(), strict=True))
