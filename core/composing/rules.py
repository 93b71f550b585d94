"""Owns the rules for new notes in a passage: when the next may begin, and which pitch it may have.

Knows nothing about networks. For events of the joint family.

Conventions
-----------
reached : the tick that each id of the gap leads to, (lanes, ids)
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.composing.frame import NEW, Frame, Queue
from core.composing.lanes import Array, Lanes
from core.composing.primer import Ids

_PITCHES = np.arange(128)

Allowed = NDArray[np.bool_]


class Rules(Protocol):
    """What the next new note of each lane may be."""

    def gaps(self, lanes: Lanes, reached: Ids) -> Allowed:
        """Return the gaps after which it may begin, (lanes, ids)."""

    def pitches(self, lanes: Lanes, onset: Ids) -> Allowed:
        """Return the pitches that it may have at an onset, (lanes, 128)."""

    def may_pass(self, lanes: Lanes, leaves: bool) -> Allowed:
        """Tell which lanes may meet a given note first, (lanes,); `leaves` is whether the passage then is over."""

    def lean(self, lanes: Lanes, reached: Ids) -> Array:
        """Return what is added to the log probability of each gap, (lanes, ids), so that more lanes arrive in time."""

    def source(self, lanes: Lanes) -> Ids:
        """Return the number in the piece of the note that it goes back to, or NEW."""


class AnyNotes:
    """Any notes within the range, no pitch twice in a chord, no endless chord."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def gaps(self, lanes: Lanes, reached: Ids) -> Allowed:
        """Return the gaps after which it may begin, (lanes, ids)."""
        allowed = np.ones(reached.shape, dtype=bool)
        full = (lanes.chord >= self._frame.largest_chord) | (lanes.last_pitch >= self._frame.highest)
        allowed[full, 0] = False
        return allowed

    def pitches(self, lanes: Lanes, onset: Ids) -> Allowed:
        """Return the pitches that it may have at an onset, (lanes, 128)."""
        return self.between(lanes, onset, self._frame.highest)

    def between(self, lanes: Lanes, onset: Ids, highest: int) -> Allowed:
        """Return the pitches above what the chord has, up to `highest`, which is left if there are none."""
        above = np.where(onset == lanes.onset, lanes.last_pitch + 1, 0)
        lowest = np.clip(above, self._frame.lowest, max(highest, self._frame.lowest))
        return (lowest[:, None] <= _PITCHES) & (max(highest, self._frame.lowest) >= _PITCHES)

    def may_pass(self, lanes: Lanes, leaves: bool) -> Allowed:
        """Tell which lanes may meet a given note first: all."""
        return np.ones(len(lanes), dtype=bool)

    def lean(self, lanes: Lanes, reached: Ids) -> Array:
        """Return zeros: they always do."""
        return np.zeros(reached.shape)

    def source(self, lanes: Lanes) -> Ids:
        """Return NEW."""
        return np.full(len(lanes), NEW)


class QueuedPitches:
    """The pitches of a queue, all of them, each chord at an onset of its own."""

    def __init__(self, queue: Queue, start: int, stop: int) -> None:
        self._queue, self._frame_stop = queue, stop
        self._gap = (stop - start) / max(int(queue.left[0]), 1)

    def gaps(self, lanes: Lanes, reached: Ids) -> Allowed:
        """Return the gaps after which it may begin, (lanes, ids)."""
        latest = self._queue.latest[lanes.placed]
        allowed = (reached > lanes.placed_at[:, None]) & (reached <= latest[:, None])
        within = self._within_chord(lanes)
        allowed[within] = False
        allowed[within, 0] = True
        return allowed

    def pitches(self, lanes: Lanes, onset: Ids) -> Allowed:
        """Return the pitches that it may have at an onset, (lanes, 128): one."""
        return self._queue.pitches[lanes.placed][:, None] == _PITCHES

    def may_pass(self, lanes: Lanes, leaves: bool) -> Allowed:
        """Tell which lanes may meet a given note first: not within a chord, nor leave with pitches to place."""
        empty = lanes.placed == len(self._queue.pitches) - 1
        return ~self._within_chord(lanes) & (empty | (not leaves))

    def lean(self, lanes: Lanes, reached: Ids) -> Array:
        """Return the log density of the way that is left, as a walk of so many gaps of the usual length."""
        gaps = np.maximum(self._queue.left[lanes.placed], 1)[:, None]
        off = (self._frame_stop - reached) / self._gap - gaps
        return -0.5 * off**2 / gaps

    def source(self, lanes: Lanes) -> Ids:
        """Return the number in the piece of the note that it goes back to."""
        return self._queue.source[lanes.placed]

    def _within_chord(self, lanes: Lanes) -> Allowed:
        return ~self._queue.begins[lanes.placed]
