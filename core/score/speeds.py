"""Owns tempo marks: which changes of speed a score shows.

Knows nothing about music21.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.bars import metre_at
from core.notes import Piece, Tempo

_HELD = 8.0  # quarters that a speed must hold to be marked
_NOTICED = 0.04  # share of the speed by which another one must differ
_MOST = 12  # with more, the tempo bends all the time and one mark says more


@dataclass(frozen=True)
class Mark:
    """From `onset` on there are `count` beats a minute; a beat is so many quarter lengths."""

    onset: float
    count: int
    beat: float


def tempo_marks(piece: Piece) -> list[Mark]:
    """Return the marks of a piece, the first at its beginning: speeds that hold, or the usual one if many change."""
    until = [*(tempo.onset for tempo in piece.tempos[1:]), max(piece.end, piece.tempos[-1].onset)]
    held = [tempo for tempo, end in zip(piece.tempos, until, strict=True) if end - tempo.onset >= _HELD]
    if not held or held[0].onset > 0 or len(held) > _MOST:
        held = [Tempo(0.0, piece.qpm), *([] if len(held) > _MOST else held)]
    marks: list[Mark] = []
    for mark in (_mark(piece, tempo) for tempo in held):
        if not marks or mark.beat != marks[-1].beat or abs(mark.count / marks[-1].count - 1) >= _NOTICED:
            marks.append(mark)
    return marks


def _mark(piece: Piece, tempo: Tempo) -> Mark:
    metre = metre_at(piece, tempo.onset)
    compound = metre.denominator >= 8 and metre.numerator % 3 == 0
    beat = 1.5 if compound else 1.0
    return Mark(tempo.onset, max(round(tempo.qpm / beat), 1), beat)
