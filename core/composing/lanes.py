"""Owns the lanes on which candidates are drawn side by side: where each stands, what it has drawn, what it weighs.

Knows nothing about what may be drawn. For events of the joint family.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.composing.frame import STAYS, Frame
from core.composing.primer import Ids
from core.encoding import JointEncoding
from core.encoding.columns import boundary_row
from core.encoding.context import Context
from core.encoding.joint import DURATION, PITCH
from core.encoding.time_grid import SPANS
from core.lstm.inference import Lstm
from core.models.model import Model

_LONGEST_REST = int(SPANS[-1]) // 2  # before the passage; of a longer one the rest is not told

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Step:
    """One event of a candidate inside the passage, behind the step `before` it.

    onset  : in ticks
    source : the number of the note in the piece that it goes back to, or NEW, or STAYS
    score  : the log weight of the candidate up to here
    """

    event: Ids
    onset: int
    source: int
    score: float
    before: Step | None


@dataclass
class Lanes:
    """Candidates on their way, one a lane.

    number    : a name for each lane
    chord     : how many notes began at `onset`
    placed    : how many notes of the queue are placed; the last of them at `placed_at`
    score     : the log weight
    settled   : the part of the score that the number of a lane's copies stands for since lanes were resampled
    promise   : what is added to the log weight while a lane is under way, for being in time
    last_step : None before the first
    """

    network: Lstm
    context: Context
    number: Ids
    onset: Ids
    last_pitch: Ids
    chord: Ids
    placed: Ids
    placed_at: Ids
    score: Array
    settled: Array
    promise: Array
    last_step: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.onset)

    @property
    def weight(self) -> Array:
        """The log weight of each lane beside the others."""
        return self.score - self.settled

    def select(self, lanes: NDArray[np.integer]) -> Lanes:
        """Return some of them, in their order; one may come more than once."""
        return Lanes(self.network.select(lanes), self.context.select(lanes), *(each[lanes] for each in self._arrays()))

    def split(self, chosen: NDArray[np.bool_]) -> tuple[Lanes, Lanes]:
        """Return those that are chosen, and the others; where one are all, they are these lanes themselves."""
        if chosen.all():
            return self, self.select(np.zeros(0, dtype=np.int64))
        if not chosen.any():
            return self.select(np.zeros(0, dtype=np.int64)), self
        return self.select(np.flatnonzero(chosen)), self.select(np.flatnonzero(~chosen))

    @staticmethod
    def join(several: Sequence[Lanes]) -> Lanes:
        """Return the lanes of several as one."""
        several = [each for each in several if len(each)] or several[:1]
        if len(several) == 1:
            return several[0]
        return Lanes(
            Lstm.join([each.network for each in several]),
            Context.join([each.context for each in several]),
            *(np.concatenate(parts) for parts in zip(*(each._arrays() for each in several), strict=True)),
        )

    def advance(self, events: Ids, onset: Ids) -> None:
        """Move each on past an event."""
        self.chord = np.where(onset > self.onset, 1, self.chord + 1)
        self.onset, self.last_pitch = onset, events[:, PITCH]
        self.context.strike(onset, self.last_pitch, SPANS[events[:, DURATION]])
        self.network.update(events)

    def record(self, events: Ids, onset: Ids, source: Ids) -> None:
        """Note down a step of each."""
        self.placed = self.placed + (source != STAYS)
        self.placed_at = np.where(source != STAYS, onset, self.placed_at)
        each = zip(events, onset.tolist(), source.tolist(), self.score.tolist(), self.last_step, strict=True)
        self.last_step = np.empty_like(self.last_step)
        for lane, row in enumerate(each):
            self.last_step[lane] = Step(*row)

    def _arrays(self) -> list[NDArray[Any]]:
        return [getattr(self, field.name) for field in fields(self)[2:]]


def lane_before(model: Model, frame: Frame) -> Lanes:
    """Return one lane that has read what stands before a passage."""
    (architecture,), (parameters,) = model.architectures, model.parameters
    network, context = Lstm(architecture, parameters, 1), Context(1)
    network.update(boundary_row(JointEncoding.columns))
    for event, tick in zip(frame.before, frame.before_ticks, strict=True):
        network.update(event[None])
        context.strike(tick[None], event[None, PITCH], SPANS[event[None, DURATION]])
    last = int(frame.before_ticks[-1]) if len(frame.before) else 0
    pitch = int(frame.before[-1, PITCH]) if len(frame.before) else -1
    chord = int((frame.before_ticks == last).sum())
    numbers = (0, max(last, frame.start - _LONGEST_REST), pitch, chord, 0, -1)
    arrays = (*(np.array([each]) for each in numbers), *(np.zeros(1) for _ in range(3)), np.array([None], object))
    return Lanes(network, context, *arrays)


def replayed(beginning: Lanes, heads: Sequence[Sequence[Step]]) -> Lanes:
    """Return a lane for each head, a beginning of a candidate, with its score; lane k has the number k.

    Heads with the same last step are one, and read once.
    """
    numbers: dict[Step | None, int] = {}
    which = [numbers.setdefault(head[-1] if head else None, len(numbers)) for head in heads]
    unlike = [heads[which.index(number)] for number in range(len(numbers))]
    lanes = _replayed(beginning, unlike).select(np.array(which))
    lanes.number = np.arange(len(heads))
    return lanes


def _replayed(beginning: Lanes, heads: Sequence[Sequence[Step]]) -> Lanes:
    lanes, done = beginning.select(np.zeros(len(heads), dtype=np.int64)), []
    lanes.number, lengths = np.arange(len(heads)), np.array([len(head) for head in heads])
    for at in range(max(map(len, heads)) + 1):
        ready, lanes = lanes.split(lengths[lanes.number] == at)
        done.append(ready)
        if len(lanes):
            _take_over(lanes, [heads[lane][at] for lane in lanes.number.tolist()])
    joined = Lanes.join(done)
    return joined.select(np.argsort(joined.number))


def _take_over(lanes: Lanes, steps: Sequence[Step]) -> None:
    lanes.score = np.array([step.score for step in steps])
    events, onset = np.stack([step.event for step in steps]), np.array([step.onset for step in steps])
    lanes.record(events, onset, np.array([step.source for step in steps]))
    lanes.advance(events, onset)
