"""Owns the candidates for a passage: drawn side by side from what stands before it, weighed by what they meet.

Knows nothing about the piece that comes out. For events of the joint family.

All lanes meet the given notes one after another, first those that stay inside the passage, then those behind it.
Inside, whenever the effective number of lanes falls below half of them, lanes are drawn anew from the lanes in
proportion to weight (a particle filter). Behind, those that have become hopeless are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.composing.frame import Frame, Given
from core.composing.lanes import Array, Lanes, Step, lane_before, replayed
from core.composing.primer import Ids
from core.composing.proposal import Proposal
from core.models.model import Model

_MOST_NOTES = 600  # new ones before a given note; a lane that has more is given up
_HOPELESS = 12.0  # nats behind the best


class StoppedError(Exception):
    """Drawing was asked to stop."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """One way through the passage: its steps, and the log weight of all that it met, behind the passage too."""

    steps: tuple[Step, ...]
    score: float

    def head(self, cut: int) -> tuple[Step, ...]:
        """Return the steps before a tick."""
        return tuple(step for step in self.steps if step.onset < cut)

    def tail_score(self, cut: int) -> float:
        """Return the log weight of what is met from a tick on."""
        head = self.head(cut)
        return self.score - (head[-1].score if head else 0.0)


@dataclass(frozen=True, eq=False)
class Pool:
    """Candidates with log weights, and how many were drawn for them.

    A candidate stands for exp(weight) of all ways through the passage; pools from the same drawing can be compared.
    """

    candidates: tuple[Candidate, ...]
    weights: Array
    drawn: int


class Candidates:
    """Draws candidates for a passage."""

    def __init__(
        self,
        model: Model,
        frame: Frame,
        rng: np.random.Generator,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self.frame, self.rng, self._should_stop = frame, rng, should_stop
        self._proposal = Proposal(frame, rng)
        self._beginning = lane_before(model, frame)

    def draw(self, many: int, report: Callable[[float], None]) -> Pool:
        """Draw whole candidates. `report` is told the share of the passage that is done, 0..1. Raises StoppedError."""
        lanes = self._beginning.select(np.zeros(many, dtype=np.int64))
        for given in self._inside(self.frame.start):
            lanes = self._resample(self._meet(lanes, given, self.frame.start, report, True))
        candidates, lanes = self._leave(lanes, self.frame.start, report, True)
        return Pool(candidates, lanes.weight - np.log(many), many)

    def redraw(
        self, heads: Sequence[Sequence[Step]], cut: int, report: Callable[[float], None]
    ) -> tuple[tuple[Candidate, ...], Ids]:
        """Draw another ending from the tick `cut` on to each head; return also the number of each one's head.

        Raises StoppedError.
        """
        lanes = replayed(self._beginning, heads)
        for given in self._inside(cut):
            lanes = self._meet(lanes, given, cut, report)
        candidates, lanes = self._leave(lanes, cut, report)
        return candidates, lanes.number

    def _inside(self, begin: int) -> list[Given]:
        return [given for given in self.frame.given if begin <= given.tick < self.frame.stop]

    def _leave(
        self, lanes: Lanes, begin: int, report: Callable[[float], None], resample: bool = False
    ) -> tuple[tuple[Candidate, ...], Lanes]:
        """Lead the lanes out of the passage and through the notes behind it; leave out the hopeless."""
        if self.frame.last:
            lanes = self._meet(lanes, None, begin, report, resample)
        for given in self.frame.given:
            if given.tick >= self.frame.stop:
                lanes = self._meet(lanes, given, begin, report, resample)
                lanes = lanes.split(lanes.weight >= lanes.weight.max(initial=-np.inf) - _HOPELESS)[0]
        each = zip(lanes.last_step, lanes.score.tolist(), strict=True)
        return tuple(Candidate(_steps(last), score) for last, score in each), lanes

    def _meet(
        self, lanes: Lanes, given: Given | None, begin: int, report: Callable[[float], None], resample: bool = False
    ) -> Lanes:
        """Draw until every lane has met a given note, or has left the passage, or is given up."""
        frame, ready = self.frame, [lanes.select(np.zeros(0, dtype=np.int64))]
        for _ in range(_MOST_NOTES):
            if self._should_stop():
                raise StoppedError
            if not len(lanes):
                break
            report(float(np.clip((lanes.onset.min() - frame.start) / (frame.stop - frame.start), 0.0, 1.0)))
            met, lanes = self._proposal.advance(lanes, given, begin)
            ready.append(met)
            if resample and (given is None or given.tick >= frame.stop):
                lanes = self._resample(lanes)
        return Lanes.join(ready)

    def _resample(self, lanes: Lanes) -> Lanes:
        """Draw lanes anew from the lanes in proportion to weight, where few of them have most of it."""
        if not len(lanes):
            return lanes
        weight = lanes.weight + lanes.promise
        if 1 / (shares(weight) ** 2).sum() >= len(lanes) / 2:
            return lanes
        top = weight.max()
        mean = top + np.log(np.exp(weight - top).mean())
        lanes = lanes.select(copies(weight, len(lanes), self.rng))
        lanes.settled = lanes.score + lanes.promise - mean
        return lanes


def shares(weights: Array) -> Array:
    """Return probabilities in proportion to log weights."""
    chances: Array = np.exp(weights - weights.max(initial=-np.inf))
    return chances / chances.sum()


def copies(weights: Array, many: int, rng: np.random.Generator) -> Ids:
    """Draw `many` numbers in proportion to log weights, as evenly as can be (systematic resampling, Kitagawa 1996)."""
    reached = shares(weights).cumsum()
    points = (np.arange(many) + rng.random()) / many * reached[-1]
    return np.minimum(np.searchsorted(reached, points, side="right"), len(weights) - 1)


def _steps(last: Step | None) -> tuple[Step, ...]:
    steps: list[Step] = []
    while last is not None:
        steps.append(last)
        last = last.before
    return tuple(reversed(steps))
