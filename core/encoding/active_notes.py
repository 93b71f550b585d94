"""Owns the active notes at an onset: which pitches are held, which have just ended, which were struck with it.

Knows nothing about networks. A network that draws a pitch may see this, because it follows from the past and the gap.

Conventions
-----------
code  : SILENT, HELD (struck before, still sounding), ENDED (since the onset before this one), STRUCK (at this onset)
codes : uint8, (events, 128), one row an event, as things are just before its note is struck
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PITCHES = 128
SILENT, HELD, ENDED, STRUCK = range(4)
ACTIVE_CODES = 3
"""How many codes an active note may have: those from 1 on."""

Codes = NDArray[np.uint8]
Ticks = NDArray[np.integer]


def active_codes(onsets: Ticks, pitches: Ticks, durations: Ticks) -> Codes:
    """Return the codes before each note of a piece; all in ticks, in the order of the notes."""
    rows = np.arange(len(onsets))
    new = np.diff(onsets, prepend=-1) > 0
    before = np.concatenate([[-1], onsets])[np.maximum.accumulate(np.where(new, rows, 0))]
    codes = np.zeros((len(onsets), PITCHES), dtype=np.uint8)
    for pitch in np.unique(pitches):
        own = np.flatnonzero(pitches == pitch)
        last = np.searchsorted(own, rows) - 1
        row = own[np.maximum(last, 0)]
        codes[:, pitch] = np.where(last >= 0, _code(onsets, before, onsets[row], onsets[row] + durations[row]), SILENT)
    return codes


def _code(now: Ticks, before: Ticks, start: Ticks, end: Ticks) -> Codes:
    codes = np.multiply(end > before, ENDED, dtype=np.uint8)
    codes[end > now] = HELD
    codes[start == now] = STRUCK
    return codes


class ActiveNotes:
    """The active notes of several lanes while they are drawn."""

    def __init__(self, lanes: int) -> None:
        self._start = np.full((lanes, PITCHES), -2, dtype=np.int64)
        self._end = np.full((lanes, PITCHES), -2, dtype=np.int64)
        self._onset: Ticks = np.full(lanes, -1, dtype=np.int64)
        self._before: Ticks = np.full(lanes, -1, dtype=np.int64)

    def select(self, lanes: NDArray[np.integer]) -> ActiveNotes:
        """Return the active notes of some lanes, in their order."""
        chosen = ActiveNotes(len(lanes))
        chosen._start, chosen._end = self._start[lanes], self._end[lanes]
        chosen._onset, chosen._before = self._onset[lanes], self._before[lanes]
        return chosen

    @staticmethod
    def join(several: Sequence[ActiveNotes]) -> ActiveNotes:
        """Return the lanes of several as one."""
        joined = ActiveNotes(0)
        for name in ("_start", "_end", "_onset", "_before"):
            setattr(joined, name, np.concatenate([getattr(each, name) for each in several]))
        return joined

    def codes(self, onset: Ticks) -> Codes:
        """Return the codes for notes that would be struck at `onset`, (lanes, 128)."""
        before = np.where(onset > self._onset, self._onset, self._before)[:, None]
        return _code(onset[:, None], before, self._start, self._end)

    def strike(self, onset: Ticks, pitch: Ticks, duration: Ticks) -> None:
        """Strike one note in each lane."""
        lanes = np.arange(len(onset))
        self._before = np.where(onset > self._onset, self._onset, self._before)
        self._onset = onset.copy()
        self._start[lanes, pitch] = onset
        self._end[lanes, pitch] = onset + duration
