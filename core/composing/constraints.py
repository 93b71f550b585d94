"""Owns the constraints on what may be drawn: no pitch twice in a chord, no endless chord, no end before its time.

Knows nothing about logits or networks. One class for each family, behind one interface; all lanes move at once.
`repetition` narrows what is allowed here once more.

Conventions
-----------
`events` is the event being drawn, int (lanes, columns), filled up to the column in question.
`onset` is where each lane stands, in ticks, (lanes,).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.composing.plan import Plan
from core.composing.primer import Primer
from core.encoding import ClassicEncoding, Encoding, JointEncoding, classic, joint
from core.encoding.active_notes import ActiveNotes
from core.encoding.columns import Column
from core.encoding.time_grid import FREE_POSITION, SPANS, TICKS_PER_QUARTER, bar_positions, span_ids, to_ticks

EVEN_GAP = TICKS_PER_QUARTER // 2
"""The gap in ticks that stands for all gaps where rhythm is off."""

Ids = NDArray[np.int64]
Allowed = NDArray[np.bool_]


class Constraints(Protocol):
    """What may be drawn next, and what follows from what was drawn."""

    onset: Ids

    @property
    def derived(self) -> Mapping[int, Callable[[Ids], Ids]]:
        """The columns that are not drawn, each with the function of the event so far that it follows from."""

    @property
    def context(self) -> Callable[[Ids], NDArray[np.uint8]] | None:
        """The codes of the active notes as a function of the event so far; None where no head sees them."""

    def allowed(self, column: int, events: Ids) -> Allowed:
        """Return the ids that may be drawn, (lanes, outputs)."""

    def advance(self, events: Ids) -> None:
        """Move on past a whole event."""


def constraints_for(encoding: Encoding, plan: Plan, primer: Primer, lanes: int) -> Constraints:
    """Return the constraints of a family, after a primer."""
    if isinstance(encoding, ClassicEncoding):
        return ClassicConstraints(encoding, plan, primer, lanes)
    if isinstance(encoding, JointEncoding):
        return JointConstraints(encoding, plan, primer, lanes)
    raise TypeError(f"there are no constraints for the family {encoding.family!r}")


def _everything(column: Column, lanes: int) -> Allowed:
    return np.ones((lanes, column.outputs), dtype=bool)


class JointConstraints:
    """The constraints of one event a note."""

    def __init__(self, encoding: JointEncoding, plan: Plan, primer: Primer, lanes: int) -> None:
        self.onset = np.full(lanes, primer.last_onset)
        self.derived = {joint.POSITION: self._positions}
        self.context = self._active_codes
        self._columns, self._gap_ticks, self._plan = encoding.columns, encoding.gap_ticks, plan
        self._last_pitch = np.full(lanes, max(primer.chord, default=-1))
        self._chord_size = np.full(lanes, len(primer.chord))
        self._longest_gap = min(int(to_ticks(plan.style.longest_gap)), plan.longest_gap)
        self._active = ActiveNotes(lanes)
        for onset, event in zip(primer.onsets, primer.events[1:], strict=True):
            self._strike(np.full(lanes, onset), np.repeat(event[None], lanes, axis=0))

    def allowed(self, column: int, events: Ids) -> Allowed:
        """Return the ids that may be drawn, (lanes, outputs)."""
        allowed = _everything(self._columns[column], len(self.onset))
        if column == joint.GAP:
            self._restrict_gap(allowed)
        elif column == joint.PITCH:
            style, pitches = self._plan.style, np.arange(allowed.shape[1])
            floor = np.where(events[:, joint.GAP] == 0, self._last_pitch + 1, 0)
            allowed &= (pitches >= np.maximum(floor, style.lowest)[:, None]) & (pitches <= style.highest)
        elif column == joint.DURATION:
            allowed[:, 0] = False
        return allowed

    def advance(self, events: Ids) -> None:
        """Move on past a whole event."""
        same = events[:, joint.GAP] == 0
        self.onset = self._next_onset(events)
        self._chord_size = np.where(same, self._chord_size + 1, 1)
        self._last_pitch = events[:, joint.PITCH]
        self._strike(self.onset, events)

    def _restrict_gap(self, allowed: Allowed) -> None:
        style, end = self._plan.style, self._columns[joint.GAP].boundary
        full = (self._chord_size >= style.largest_chord) | (self._last_pitch >= style.highest)
        allowed[full, 0] = False
        wait = np.maximum(self._plan.start - self.onset, 0)  # after a primer: nothing is added to its last bar
        first = np.searchsorted(SPANS, wait)
        allowed[:, :end] &= np.arange(end) >= first[:, None]
        allowed[:, 1:end] &= SPANS[1:] <= np.maximum(self._longest_gap, SPANS[first])[:, None]
        if not self._plan.rhythm:
            allowed[:, 1:end] = False
            allowed[np.arange(len(first)), np.maximum(first, span_ids(EVEN_GAP))] = True
        allowed[self.onset < self._plan.earliest_end, end] = False

    def _positions(self, events: Ids) -> Ids:
        if not self._plan.style.grid:
            return np.full(len(self.onset), FREE_POSITION)
        return bar_positions(self._next_onset(events) - self._plan.start, self._plan.bar)

    def _active_codes(self, events: Ids) -> NDArray[np.uint8]:
        return self._active.codes(self._next_onset(events))

    def _next_onset(self, events: Ids) -> Ids:
        return self.onset + self._gap_ticks[events[:, joint.GAP]]

    def _strike(self, onset: Ids, events: Ids) -> None:
        self._active.strike(onset, events[:, joint.PITCH], SPANS[events[:, joint.DURATION]])


class ClassicConstraints:
    """The constraints of one event an onset."""

    def __init__(self, encoding: ClassicEncoding, plan: Plan, primer: Primer, lanes: int) -> None:
        self.onset = np.full(lanes, primer.last_onset)
        self.derived: dict[int, Callable[[Ids], Ids]] = {}
        self.context = None
        self._columns, self._gap_ticks, self._plan = encoding.columns, encoding.gap_ticks, plan
        self._begins = not primer.chord

    def allowed(self, column: int, events: Ids) -> Allowed:
        """Return the ids that may be drawn, (lanes, outputs); never an unknown token."""
        described = self._columns[column]
        allowed = _everything(described, len(self.onset))
        allowed[:, described.unknown] = False
        if column == classic.GAP:
            gaps = self._gap_ticks[: described.unknown]
            wait = max(int(self._plan.start - self.onset.min()), 0)  # after a primer: nothing is added to its last bar
            if not self._begins:
                allowed[:, : described.unknown] &= gaps > 0
            allowed[:, : described.unknown] &= gaps >= min(wait, gaps.max())
            allowed[:, : described.unknown] &= gaps <= max(self._plan.longest_gap, gaps.min(), min(wait, gaps.max()))
            if not self._plan.rhythm:
                allowed[:, : described.unknown] = False
                allowed[:, np.abs(gaps - max(EVEN_GAP, wait)).argmin()] = True
            allowed[self.onset < self._plan.earliest_end, described.boundary] = False
        return allowed

    def advance(self, events: Ids) -> None:
        """Move on past a whole event."""
        self.onset = self.onset + self._gap_ticks[events[:, classic.GAP]]
        self._begins = False
