"""Owns one event of each lane: drawn within the rules, or a given note that is met, and what that does to its weight.

Knows nothing about how many lanes there are or which of them are chosen. For events of the joint family.

A gap is drawn. If it leads to a tick before the next given note, a new note begins there; if it leads beyond, the given
note comes next. Where new notes may also begin at its very onset, below it, chance decides as the network would, by the
share of the pitches that are allowed. The weight is what the network says of what happened by the chance with which it
was made to happen (importance weights), for gap, pitch and duration:

    new note   : p(gap is allowed) p(pitch is allowed | gap) p(duration is allowed | ..)
    given note : p(gap is allowed) p(its gap) p(its pitch | gap) p(its duration | ..) / p(gap leads to it or beyond)

Of a given note whose pitch is drawn, its pitch stands for all that are allowed. Velocity has no say.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from core.composing.frame import STAYS, Frame, Given
from core.composing.lanes import Array, Lanes
from core.composing.primer import Ids
from core.composing.rules import AnyNotes, QueuedPitches, Rules
from core.composing.sampling import draw, weigh
from core.encoding import JointEncoding
from core.encoding.joint import DURATION, GAP, PITCH, POSITION, VELOCITY
from core.encoding.time_grid import SPANS, span_ids, to_ticks

_STEPS = np.diff(SPANS, append=2 * SPANS[-1] - SPANS[-2])
_NEVER = 1 << 40  # the tick that the end of a piece leads to
_PITCHES = np.arange(128)

Allowed = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Gaps:
    """The gaps of each lane: where they lead, log probabilities, those to a new note, to the given one or beyond, those
    drawn.
    """

    reached: Ids
    logs: Array
    lean: Array
    free: Allowed
    passing: Allowed
    ids: Ids

    def select(self, lanes: NDArray[np.integer]) -> _Gaps:
        return _Gaps(*(getattr(self, field.name)[lanes] for field in fields(self)))

    def log_chance(self, among: Allowed, leaning: float = 1.0) -> Array:
        """Return the log of the chance of some gaps."""
        return np.log(np.where(among, np.exp(self.logs + leaning * self.lean), 0.0).sum(axis=1) + 1e-300)

    def drawn(self, among: Allowed) -> Allowed:
        """Tell in which lanes the gap drawn is among some."""
        return among[np.arange(len(self.ids)), self.ids]


class Proposal:
    """Draws events in lanes."""

    def __init__(self, frame: Frame, rng: np.random.Generator) -> None:
        self._frame, self._rng = frame, rng
        self._any = AnyNotes(frame)
        self._rules: Rules = QueuedPitches(frame.queue, frame.start, frame.stop) if frame.queue else self._any
        self._rings = to_ticks(frame.rings)

    def advance(self, lanes: Lanes, given: Given | None, begin: int) -> tuple[Lanes, Lanes]:
        """Move each lane on by one event; return those that have met the given note, and those that have not yet.

        Without one, those that leave the passage. New notes begin at the tick `begin` or later. A lane that has no way
        on is left out.
        """
        gaps, total = self._gaps(lanes, given, begin)
        lanes.score = lanes.score + total
        alive = np.flatnonzero(np.isfinite(total))
        if len(alive) < len(lanes):
            lanes, gaps = lanes.select(alive), gaps.select(alive)
        if given is None:
            leaves = gaps.drawn(gaps.passing)
            unlean = gaps.log_chance(gaps.passing, 0.0) - gaps.log_chance(gaps.passing)
            lanes.score = lanes.score + np.where(leaves, unlean, 0.0)
            done, lanes = lanes.split(leaves)
            if len(lanes):
                self._strike(lanes, None, gaps.select(np.flatnonzero(~leaves)))
            return done, lanes
        return lanes.split(self._strike(lanes, given, gaps)) if len(lanes) else (lanes, lanes)

    def _gaps(self, lanes: Lanes, given: Given | None, begin: int) -> tuple[_Gaps, Array]:
        stop = self._frame.stop
        tick, until = (given.tick, given.until) if given else (stop, stop)
        reached = _reached(lanes.onset)
        logits = lanes.network.logits(GAP, np.zeros((len(lanes), len(JointEncoding.columns)), dtype=np.int64))
        logs = _log_softmax(np.where(reached >= begin, logits, -np.inf))
        free = (reached >= begin) & (reached < until) & self._rules.gaps(lanes, reached)
        passing = (reached >= min(tick, until)) & self._rules.may_pass(lanes, tick >= stop)[:, None]
        lean = self._rules.lean(lanes, np.minimum(reached, max(tick, until)))
        total, ids = self._draw(logs + lean, free | passing)
        return _Gaps(reached, logs, lean, free, passing, ids), total

    def _strike(self, lanes: Lanes, given: Given | None, gaps: _Gaps) -> Allowed:
        """Strike a note in each lane; return where it is the given one."""
        both = gaps.passing & gaps.free
        passes, shared = gaps.drawn(gaps.passing), gaps.drawn(both)
        event, onset = self._begin(lanes, given, gaps, passes)
        lanes.network.set_context(lanes.context.values(onset))
        logs, fits = _log_softmax(lanes.network.logits(PITCH, event)), self._rules.pitches(lanes, onset)
        share = np.where(fits, np.exp(logs), 0.0).sum(axis=1) if both.any() else np.zeros(len(lanes))
        met = passes & ~(shared & (self._rng.random(len(lanes)) < share))
        gain = -gaps.lean[np.arange(len(lanes)), gaps.ids]
        if given:
            fits = np.where(met[:, None], self._given_pitches(lanes, given, onset), fits)
            gain = np.where(met, _meeting(gaps, event[:, GAP], share), gain)
        lanes.score = lanes.score + gain
        inside = given is None or given.tick < self._frame.stop
        lanes.promise = gaps.lean[np.arange(len(lanes)), gaps.ids] * (inside | ~met)
        total, event[:, PITCH] = self._draw(logs, fits)
        lanes.score = lanes.score + np.where(shared & ~met, 0.0, total)
        self._finish(lanes, given, event, onset, met)
        source = np.where(met, given.source if given else STAYS, self._rules.source(lanes))
        if given is None or given.tick < self._frame.stop or not met.all():
            lanes.record(event, onset, source)
        lanes.advance(event, onset)
        return met

    def _begin(self, lanes: Lanes, given: Given | None, gaps: _Gaps, passes: Allowed) -> tuple[Ids, Ids]:
        """Return events with gap and position, and their onsets."""
        frame, event = self._frame, np.zeros((len(lanes), len(JointEncoding.columns)), dtype=np.int64)
        onset, event[:, GAP] = gaps.reached[np.arange(len(lanes)), gaps.ids], gaps.ids
        inside = np.clip(onset - frame.start, 0, len(frame.positions) - 1)
        event[:, POSITION] = frame.positions[inside]
        if given:
            onset = np.where(passes, given.tick, onset)
            event[passes, GAP] = span_ids(given.tick - lanes.onset[passes])
            event[passes, POSITION] = given.event[POSITION]
        return event, onset

    def _given_pitches(self, lanes: Lanes, given: Given, onset: Ids) -> Allowed:
        if given.source == STAYS:
            return np.broadcast_to(given.event[PITCH] == _PITCHES, (len(lanes), len(_PITCHES)))
        return self._any.between(lanes, onset, self._frame.highest - given.above)

    def _finish(self, lanes: Lanes, given: Given | None, event: Ids, onset: Ids, met: Allowed) -> None:
        """Draw duration and velocity; a note rings no longer than `rings`."""
        logs = _log_softmax(lanes.network.logits(DURATION, event))
        allowed = np.ones(logs.shape, dtype=bool)
        allowed[:, 0] = False
        if given:
            allowed[met] = np.arange(logs.shape[1]) == given.event[DURATION]
        total, ids = self._draw(logs, allowed)
        lanes.score = lanes.score + total
        longest = span_ids(self._rings[event[:, PITCH]] - onset)
        event[:, DURATION] = np.where(met, ids, np.clip(ids, 1, np.maximum(longest, 1)))
        velocity = draw(weigh(lanes.network.logits(VELOCITY, event)), self._rng.random(len(event)))
        event[:, VELOCITY] = np.where(met, given.event[VELOCITY], velocity) if given else velocity

    def _draw(self, logs: Array, allowed: Allowed) -> tuple[Array, Ids]:
        """Return the log probability of what is allowed, -inf where nothing is, and an id drawn from it if there is."""
        chances = np.where(allowed, np.exp(logs), 0.0)
        with np.errstate(divide="ignore"):
            total = np.log(chances.sum(axis=1))
        return total, draw(chances, self._rng.random(len(chances)))


def _reached(onset: Ids) -> Ids:
    """Return the tick that each gap leads to, (lanes, ids): of those that one id stands for, the roundest."""
    reached = np.rint((onset[:, None] + SPANS) / _STEPS).astype(np.int64) * _STEPS
    return np.concatenate([reached, np.full((len(onset), 1), _NEVER)], axis=1)


def _meeting(gaps: _Gaps, ids: Ids, share: Array) -> Array:
    """Return log p(gap) of a given note less the log of the chance with which it was met."""
    chances = np.exp(gaps.logs + gaps.lean)
    met = (chances * (gaps.passing & ~gaps.free)).sum(axis=1)
    met += (chances * (gaps.passing & gaps.free)).sum(axis=1) * (1.0 - share)
    own = gaps.logs[np.arange(len(ids)), ids]
    return np.asarray(own - np.log(np.maximum(met, np.finfo(np.float64).tiny)))


def _log_softmax(logits: NDArray[np.floating]) -> Array:
    shifted = logits.astype(np.float64)
    shifted -= shifted.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
