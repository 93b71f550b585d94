"""Owns how pieces begin: how dense, with how many notes at once, how much outside their key; and what is like that.

Knows nothing about how music is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.config import KEYS
from core.corpus.keys import key_number, scale
from core.notes import CLOCK_QPM, Piece, sounding_at_onsets

Notes = NDArray[np.void]
Facts = tuple[float, float, float]
"""Notes a quarter, notes at an onset, the share of notes outside the key."""
Openings = tuple[tuple[float, float, float], ...]
"""Of each of these facts the 10th percentile, the median and the 90th; nothing where no piece tells."""

_BARS, _SECONDS = 4, 8.0
_TOLERANCE = 1e-6  # quarters
_SPREAD = (10, 50, 90)
_AROUND = 0.25  # of the median: so far beyond the percentiles an opening is as good as within them


def opening_quarters(bar: float, grid: bool) -> float:
    """Return how long an opening is: four bars, or eight seconds by the clock."""
    return _BARS * bar if grid else _SECONDS * CLOCK_QPM / 60


def facts_of(notes: Notes, quarters: float) -> Facts | None:
    """Return the facts of the notes that begin in the first quarters; None where there are none."""
    notes = notes[notes["onset"] < quarters]
    if not len(notes):
        return None
    sounding = sounding_at_onsets(notes["onset"], notes["onset"] + notes["duration"], _TOLERANCE)
    outside = ~scale(KEYS[key_number(notes)])[notes["pitch"] % 12]
    return len(notes) / quarters, float(sounding.mean()), float(outside.mean())


def openings_of(pieces: Iterable[Piece], grid: bool) -> Openings:
    """Return how pieces begin."""
    found = [facts_of(piece.notes, opening_quarters(piece.metre.bar, grid)) for piece in pieces]
    rows = [each for each in found if each is not None]
    return (
        tuple(
            (round(float(low), 4), round(float(usual), 4), round(float(high), 4))
            for low, usual, high in np.percentile(rows, _SPREAD, axis=0).T
        )
        if rows
        else ()
    )


def strangeness(facts: Facts | None, openings: Openings) -> float:
    """Return how far an opening lies outside the usual ones, 0 within; infinity for silence.

    Few notes outside the key are never strange.
    """
    if facts is None:
        return float("inf")
    off = 0.0
    for number, (value, (low, usual, high)) in enumerate(zip(facts, openings, strict=False)):
        room = _AROUND * usual + 1e-3
        below = max(low - room - value, 0.0) if number < len(facts) - 1 else 0.0
        off += max(below, value - high - room, 0.0) / ((high - low) / 2 + room)
    return off
