"""Owns measures of rhythm, density and form: what stands in the bars of a piece, and when it comes back.

Knows nothing about models. Times are ticks of 1/24 quarter since the bar line.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile

import numpy as np

from core.bars import count_bars
from core.corpus import form
from core.encoding.time_grid import to_ticks
from core.notes import Piece, sounding_at_onsets


def bars_of(piece: Piece) -> list[form.Bar]:
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
    sounding = sounding_at_onsets(onsets, onsets + np.maximum(to_ticks(piece.notes["duration"]), 1))
    return float(sounding.mean()) if len(sounding) else 0.0


def returns_at(piece: Piece, lag: int) -> float:
    """Return the share of the bars that equal the bar `lag` before; empty bars do not count."""
    bars = bars_of(piece)
    pairs = [(bar, earlier) for bar, earlier in zip(bars[lag:], bars, strict=False) if bar]
    return sum(bar == earlier for bar, earlier in pairs) / max(len(pairs), 1)


def likeness_at(piece: Piece, lag: int) -> float | None:
    """Return how alike bars are to the bar `lag` before: the mean share of notes in common (Jaccard); None without any.

    Two empty bars do not count.
    """
    return likenesses_at(piece, (lag,))[0]


def likenesses_at(piece: Piece, lags: Sequence[int]) -> list[float | None]:
    """Return the likeness at each of some distances, as `likeness_at` has it."""
    bars, found = bars_of(piece), []
    for lag in lags:
        pairs = zip(bars[lag:], bars, strict=False)
        shares = [form.likeness(bar, earlier) for bar, earlier in pairs if bar | earlier]
        found.append(float(np.mean(shares)) if shares else None)
    return found
