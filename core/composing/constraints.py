"""Owns the constraints on what may be drawn: range, key, no pitch twice in a chord, no end before its time.

Knows nothing about logits or networks. One class for each family, behind one interface; all lanes move at once.
`repetition` narrows what is allowed here once more. A chord has an end and every other gap is longer than nothing, so
each lane reaches the end of the take.

Conventions
-----------
`events` is the event being drawn, int (lanes, columns), filled up to the column in question.
`onset` is where each lane stands, in ticks, (lanes,).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.composing.key_lock import KeyLock
from core.composing.plan import Plan
from core.composing.primer import Primer
from core.composing.voice_leading import VoiceLeading
from core.corpus.keys import scale
from core.encoding import ClassicEncoding, Encoding, JointEncoding, classic, joint
from core.encoding.active_notes import PITCHES
from core.encoding.columns import Column
from core.encoding.context import Context
from core.encoding.time_grid import FREE_POSITION, SPANS, TICKS_PER_QUARTER, bar_positions, span_ids, to_ticks

EVEN_GAP = TICKS_PER_QUARTER // 2
"""The gap in ticks that stands for all gaps where rhythm is off."""

_PITCHES = np.arange(PITCHES)
_FEW_PARALLELS = 0.02  # pairs of voices in a move

Ids = NDArray[np.int64]
Allowed = NDArray[np.bool_]


class ConstraintsError(ValueError):
    """Nothing that the model knows keeps to them; the message says to which."""


class Constraints(Protocol):
    """What may be drawn next, and what follows from what was drawn."""

    onset: Ids
    forbidden: Mapping[int, NDArray[np.float32]]
    """What is added to the logits of columns of which the same ids may be drawn always: 0, or -inf, (outputs,)."""

    @property
    def derived(self) -> Mapping[int, Callable[[Ids], Ids]]:
        """The columns that are not drawn, each with the function of the event so far that it follows from."""

    @property
    def context(self) -> Callable[[Ids], NDArray[np.uint8]] | None:
        """The context as a function of the event so far; None where no head sees any."""

    def allowed(self, column: int, events: Ids) -> Allowed:
        """Return the ids that may be drawn, (lanes, outputs); of columns that are not in `forbidden`."""

    def advance(self, events: Ids) -> None:
        """Move on past a whole event."""

    def select(self, lanes: Ids) -> Constraints:
        """Return those of some lanes, in their order; one may come more than once."""

    def without_end(self) -> Constraints:
        """Return those of lanes that may no longer end."""


def constraints_for(encoding: Encoding, plan: Plan, primer: Primer, lanes: int) -> Constraints:
    """Return the constraints of a family, after a primer. Raises ConstraintsError."""
    if isinstance(encoding, ClassicEncoding):
        return ClassicConstraints(encoding, plan, primer, lanes)
    if isinstance(encoding, JointEncoding):
        return JointConstraints(encoding, plan, primer, lanes)
    raise TypeError(f"there are no constraints for the family {encoding.family!r}")


def _everything(column: Column, lanes: int) -> Allowed:
    return np.ones((lanes, column.outputs), dtype=bool)


def _within(plan: Plan) -> Allowed:
    """Return which of the 128 pitches lie in the range."""
    return (plan.style.lowest <= _PITCHES) & (plan.style.highest >= _PITCHES)


def _outside(plan: Plan) -> Allowed:
    """Return which of the 128 pitches lie outside the key."""
    return np.zeros(PITCHES, dtype=bool) if plan.key is None else ~scale(plan.key)[_PITCHES % 12]


def _key_lock(plan: Plan, sizes: Ids, outside: Ids, lanes: int) -> KeyLock | None:
    return None if plan.key is None else KeyLock(sizes, outside, plan.style.outside_key, lanes)


class JointConstraints:
    """The constraints of one event a note."""

    def __init__(self, encoding: JointEncoding, plan: Plan, primer: Primer, lanes: int) -> None:
        self.onset = np.full(lanes, primer.last_onset)
        self._columns, self._gap_ticks, self._plan = encoding.columns, encoding.gap_ticks, plan
        self._last_pitch = np.full(lanes, max(primer.chord, default=-1))
        self._chord_size = np.full(lanes, len(primer.chord))
        self._longest_gap = min(int(to_ticks(plan.style.longest_gap)), plan.longest_gap)
        self._earliest_end = plan.earliest_end
        self._usual_gaps = np.append(self._longest_gap >= SPANS, True)
        self._usual_gaps[0] = True
        self.forbidden: Mapping[int, NDArray[np.float32]] = self._never()
        self._within, outside = _within(plan), _outside(plan)
        self._top = int(np.flatnonzero(self._within & ~outside).max())
        self._key_lock = _key_lock(plan, np.ones(PITCHES, dtype=np.int64), outside * 1, lanes)
        self._voices = VoiceLeading(lanes) if plan.style.parallels < _FEW_PARALLELS else None
        self._context = Context(lanes)
        for onset, event in zip(primer.onsets, primer.events[1:], strict=True):
            self._strike(np.full(lanes, onset), np.repeat(event[None], lanes, axis=0))

    @property
    def derived(self) -> Mapping[int, Callable[[Ids], Ids]]:
        """The position in the bar follows from the gap."""
        return {joint.POSITION: self._positions}

    @property
    def context(self) -> Callable[[Ids], NDArray[np.uint8]]:
        """The context as a function of the event so far."""
        return self._context_values

    def allowed(self, column: int, events: Ids) -> Allowed:
        """Return the ids that may be drawn, (lanes, outputs)."""
        if column == joint.GAP:
            return self._gaps()
        if column != joint.PITCH:
            return _everything(self._columns[column], len(self.onset))
        floor = np.where(events[:, joint.GAP] == 0, self._last_pitch + 1, 0)
        allowed = self._within & (floor[:, None] <= _PITCHES)
        if self._key_lock:
            allowed &= self._key_lock.allowed()
        if self._voices:
            allowed &= self._voices.allowed(self._next_onset(events))
        return allowed

    def _never(self) -> dict[int, NDArray[np.float32]]:
        """Return `forbidden`: no note without length, and no loudness that the music learned does not have."""
        durations, levels = np.arange(self._columns[joint.DURATION].outputs) > 0, np.array(self._plan.style.levels)
        loudness = levels > 0 if levels.any() else np.ones(self._columns[joint.VELOCITY].outputs, dtype=bool)
        allowed = {joint.DURATION: durations, joint.VELOCITY: loudness}
        return {column: np.where(ids, 0.0, -np.inf).astype(np.float32) for column, ids in allowed.items()}

    def advance(self, events: Ids) -> None:
        """Move on past a whole event."""
        same = events[:, joint.GAP] == 0
        self.onset = self._next_onset(events)
        self._chord_size = np.where(same, self._chord_size + 1, 1)
        self._last_pitch = events[:, joint.PITCH]
        if self._key_lock:
            self._key_lock.advance(self._last_pitch)
        self._strike(self.onset, events)

    def select(self, lanes: Ids) -> JointConstraints:
        """Return those of some lanes, in their order; one may come more than once."""
        chosen = copy(self)
        chosen._context = self._context.select(lanes)
        chosen.onset, chosen._last_pitch = self.onset[lanes], self._last_pitch[lanes]
        chosen._chord_size = self._chord_size[lanes]
        chosen._key_lock = self._key_lock and self._key_lock.select(lanes)
        chosen._voices = self._voices and self._voices.select(lanes)
        return chosen

    def without_end(self) -> JointConstraints:
        """Return those of lanes that may no longer end."""
        chosen = copy(self)
        chosen._plan = self._plan.endless
        chosen._earliest_end = chosen._plan.earliest_end
        return chosen

    def _gaps(self) -> Allowed:
        end, start = self._columns[joint.GAP].boundary, self._plan.start
        allowed = np.repeat(self._usual_gaps[None], len(self.onset), axis=0)
        full = (self._chord_size >= self._plan.style.largest_chord) | (self._last_pitch >= self._top)
        allowed[full, 0] = False
        if not self._plan.rhythm or self.onset.min() < start:
            self._restrict_gaps(allowed, np.maximum(start - self.onset, 0))
        allowed[self.onset < self._earliest_end, end] = False
        return allowed

    def _restrict_gaps(self, allowed: Allowed, wait: Ids) -> None:
        """Add nothing to the last bar of a primer, which `wait` ticks are left of; keep to even gaps where asked to."""
        end, first = self._columns[joint.GAP].boundary, np.searchsorted(SPANS, wait)
        allowed[:, :end] &= np.arange(end) >= first[:, None]
        allowed[:, 1:end] |= (SPANS[1:] == SPANS[first][:, None]) & (first > 0)[:, None]
        if not self._plan.rhythm:
            allowed[:, 1:end] = False
            allowed[np.arange(len(first)), np.maximum(first, span_ids(EVEN_GAP))] = True

    def _positions(self, events: Ids) -> Ids:
        if not self._plan.style.grid:
            return np.full(len(self.onset), FREE_POSITION)
        return bar_positions(self._next_onset(events) - self._plan.start, self._plan.bar)

    def _context_values(self, events: Ids) -> NDArray[np.uint8]:
        return self._context.values(self._next_onset(events))

    def _next_onset(self, events: Ids) -> Ids:
        return self.onset + self._gap_ticks[events[:, joint.GAP]]

    def _strike(self, onset: Ids, events: Ids) -> None:
        each = onset, events[:, joint.PITCH], SPANS[events[:, joint.DURATION]]
        self._context.strike(*each)
        if self._voices:
            self._voices.strike(*each)


class ClassicConstraints:
    """The constraints of one event an onset."""

    def __init__(self, encoding: ClassicEncoding, plan: Plan, primer: Primer, lanes: int) -> None:
        self.onset = np.full(lanes, primer.last_onset)
        self.derived: dict[int, Callable[[Ids], Ids]] = {}
        self.forbidden: Mapping[int, NDArray[np.float32]] = {}
        self.context = None
        self._columns, self._gap_ticks, self._plan = encoding.columns, encoding.gap_ticks, plan
        self._begins = not primer.chord
        chords, within, outside = [list(chord) for chord in encoding.chords], _within(plan), _outside(plan)
        self._within = np.array([within[chord].all() for chord in chords])
        passing = np.array([outside[chord].sum() for chord in chords])
        if not (self._within & (passing == 0)).any():
            raise ConstraintsError("The model knows no chord that keeps to this range and this key. Choose others.")
        self._key_lock = _key_lock(plan, np.array([len(chord) for chord in chords]), passing, lanes)

    def allowed(self, column: int, events: Ids) -> Allowed:
        """Return the ids that may be drawn, (lanes, outputs); never an unknown token."""
        described = self._columns[column]
        allowed = _everything(described, len(self.onset))
        allowed[:, described.unknown] = False
        if column == classic.GAP:
            gaps = self._fitting_gaps(self._gap_ticks[: described.unknown])
            allowed[:, : described.unknown] = gaps
            allowed[self.onset < self._plan.earliest_end, described.boundary] = not gaps.any()
        else:
            allowed[:, : described.unknown] &= self._within
            if self._key_lock:
                allowed[:, : described.unknown] &= self._key_lock.allowed()
        return allowed

    def advance(self, events: Ids) -> None:
        """Move on past a whole event."""
        self.onset = self.onset + self._gap_ticks[events[:, classic.GAP]]
        if self._key_lock:
            self._key_lock.advance(events[:, classic.CHORD])
        self._begins = False

    def select(self, lanes: Ids) -> ClassicConstraints:
        """Return those of some lanes, in their order; one may come more than once."""
        chosen = copy(self)
        chosen.onset = self.onset[lanes]
        chosen._key_lock = self._key_lock and self._key_lock.select(lanes)
        return chosen

    def without_end(self) -> ClassicConstraints:
        """Return those of lanes that may no longer end."""
        chosen = copy(self)
        chosen._plan = self._plan.endless
        return chosen

    def _fitting_gaps(self, gaps: Ids) -> Allowed:
        """Return which gaps may be drawn, (gaps,); a take that has begun moves on, or ends where no gap fits."""
        wait = max(int(self._plan.start - self.onset.min()), 0)  # after a primer: nothing is added to its last bar
        if self._plan.rhythm:
            least = min(wait, gaps.max())
            fitting = (gaps >= least) & (gaps <= max(self._plan.longest_gap, gaps.min(), least))
        else:
            far = np.where(gaps > 0, np.abs(gaps - max(EVEN_GAP, wait)), np.inf)
            fitting = np.arange(len(gaps)) == far.argmin()
        return fitting if self._begins else fitting & (gaps > 0)
