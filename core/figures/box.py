"""Owns the box: a passage of the piano roll between two onsets and two pitches, and where its edges lie.

Knows nothing about figures or pages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.bars import beat_lines
from core.notes import Piece, is_performed, onsets_at


@dataclass(frozen=True)
class Box:
    """The notes with `start` <= onset < `stop` (quarter lengths) and `low` <= pitch <= `high`."""

    start: float
    stop: float
    low: int = 0
    high: int = 127


def box_between(piece: Piece, seconds: tuple[float, float], low: int = 0, high: int = 127) -> Box:
    """Return the box between two seconds of the sound; in music that keeps to a beat, its edges lie on beats.

    It is at least a beat long, and no longer than the piece.
    """
    start, stop = np.clip(onsets_at(piece, sorted(seconds)), 0.0, piece.end).tolist()
    if not is_performed(piece):
        lines = beat_lines(piece)
        first, last = (int(np.abs(lines - edge).argmin()) for edge in (start, stop))
        first = min(first, len(lines) - 2)
        start, stop = lines[[first, max(last, first + 1)]].tolist()
    return Box(start, stop, *np.clip(sorted((low, high)), 0, 127).tolist())
