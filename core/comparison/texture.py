"""Owns measures of rhythm, density and form: what stands in the bars of a piece, and when it comes back.

Knows nothing about models. Times are ticks of 1/24 quarter since the bar line.
"""

from __future__ import annotations

from itertools import dropwhile

import numpy as np

from core.bars import count_bars
from core.corpus import form
from core.encoding.time_grid import to_ticks
from core.notes import Piece

Bar = frozenset[tuple[int, int]]
"""The (tick, pitch) of the notes that begin in a bar."""


def bars_of(piece: Piece) -> list[Bar]:
    """Return the bars of a piece, from the first note on to the last one."""
    return list(dropwhile(lambda bar: not bar, form.bars_of(piece)))


def distinct_rhythms(piece: Piece) -> float:
    """Return how many different sets of onsets there are, by bar."""
    bars = bars_of(piece)
    return len({frozenset(tick for tick, _ in bar) for bar in bars}) / max(len(bars), 1)


def notes_a_bar(piece: Piece) -> float:
    """Return how many notes begin in a bar."""
    return len(piece.notes) / max(count_bars(piece), 1)


def sounding_notes(piece: Piece) -> float:
    """Return how many notes sound at an onset, mean of the onsets."""
    onsets = to_ticks(piece.notes["onset"])
    ends = np.sort(onsets + np.maximum(to_ticks(piece.notes["duration"]), 1))
    starts = np.unique(onsets)
    sounding = np.searchsorted(np.sort(onsets), starts, side="right") - np.searchsorted(ends, starts, side="right")
    return float(sounding.mean()) if len(starts) else 0.0


def returns_at(piece: Piece, lag: int) -> float:
    """Return the share of the bars that equal the bar `lag` before; empty bars do not count."""
    bars = bars_of(piece)
    pairs = [(bar, earlier) for bar, earlier in zip(bars[lag:], bars, strict=False) if bar]
    return sum(bar == earlier for bar, earlier in pairs) / max(len(pairs), 1)


def likeness_at(piece: Piece, lag: int) -> float | None:
    """Return how alike bars are to the bar `lag` before: the mean share of notes in common (Jaccard); None without any.

    Two empty bars do not count.
    """
    bars = bars_of(piece)
    shares = [
        len(bar & earlier) / len(bar | earlier) for bar, earlier in zip(bars[lag:], bars, strict=False) if bar | earlier
    ]
    return float(np.mean(shares)) if shares else None
