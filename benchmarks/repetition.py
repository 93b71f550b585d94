"""Owns measures of how much music repeats itself: the same bar, or the same pitch, again and again.

Knows nothing about models.
"""

from __future__ import annotations

import numpy as np

from core.bars import bar_onsets, bars_at
from core.comparison.histograms import ordered
from core.encoding.time_grid import TICKS_PER_QUARTER, to_ticks
from core.notes import Piece


def longest_repetition(piece: Piece) -> int:
    """Return how often at most the same bar stands in a row, 1 if never twice; empty bars do not count."""
    onsets, pitches, durations = ordered(piece)
    numbers = bars_at(piece, onsets / TICKS_PER_QUARTER)
    within = onsets - to_ticks(bar_onsets(piece, numbers))
    bars: dict[int, list[tuple[int, int, int]]] = {}
    for bar, *note in np.stack([numbers, within, pitches, durations], axis=1).tolist():
        bars.setdefault(bar, []).append((note[0], note[1], note[2]))
    longest = run = 0
    for bar, content in bars.items():
        run = run + 1 if bars.get(bar - 1) == content else 1
        longest = max(longest, run)
    return longest


def longest_pitch_run(piece: Piece) -> int:
    """Return how often at most the same pitch is struck in a row."""
    _, pitches, _ = ordered(piece)
    changes = np.flatnonzero(np.diff(pitches, prepend=-1, append=-1))
    return int(np.diff(changes).max(initial=0))
