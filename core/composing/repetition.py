"""Owns repetition by a form: where the form says so, a lane repeats its own earlier bars instead of drawing new ones.

Knows nothing about networks. For events of the joint family.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from copy import copy, deepcopy
from typing import cast

import numpy as np
from numpy.typing import NDArray

from core.corpus.form import Form, Run, runs
from core.encoding.joint import GAP, PITCH, JointEncoding
from core.encoding.time_grid import SPANS

_END = JointEncoding.columns[GAP].boundary
_FEWEST_NOTES = 2  # a bar
_REACHED = np.append(SPANS, SPANS[-1])  # by each gap, and by the end as by the longest
_TICKS: list[int] = SPANS.tolist()
_GAPS = {ticks: gap for gap, ticks in enumerate(_TICKS)}

Ids = NDArray[np.int64]
Event = list[int]


class RepeatingLane:
    """What one lane has played, and which bars it repeats. Times are ticks since the first bar of the form.

    Where a bar comes back varied, each of its notes does by chance, and new ones may stand between them.
    """

    def __init__(self, form: Form, bar: int, onset: int, kept: float, chance: np.random.Generator) -> None:
        """Begin at an onset; a varied bar keeps a share `kept` of its notes."""
        self._runs = deque(runs(form))
        self._bar, self._onset = bar, onset
        self._kept, self._chance, self._varied = kept, chance, False
        self._onsets: list[int] = []
        self._events: list[Event] = []
        self._next, self._shift, self._until = 0, 0, onset

    def branch(self, number: int, repeats: bool) -> RepeatingLane:
        """Return a lane that goes its own way from here, by its number, and repeats what this one would, or nothing."""
        other = copy(self)
        other._onsets, other._events = self._onsets.copy(), self._events.copy()
        other._runs, other._chance = deque(self._runs if repeats else ()), _apart(self._chance, number)
        if not repeats:
            other.give_up()
        return other

    @property
    def wait(self) -> int:
        """How long no new note may come, in ticks: nothing is added to a repeated bar that is not varied."""
        return 0 if self._varied else max(self._until - self._onset, 0)

    def update(self, event: Event) -> None:
        """Take in what was played."""
        self._onset += _TICKS[event[GAP]]
        self._onsets.append(self._onset)
        self._events.append(event)

    def give_up(self) -> None:
        """Repeat nothing more until the next run."""
        self._until = self._onset

    def due(self, gap: int) -> Event | None:
        """Return the event to repeat if one is due before or at a new one after `gap` (an id), else None."""
        while True:
            if self._next < len(self._onsets) and (at := self._onsets[self._next] + self._shift) < self._until:
                if not self._varied:
                    return self._repeat(at)
                if gap != _END and self._onset + _TICKS[gap] < at:
                    return None
                if self._fits(at) and self._chance.random() < self._kept:
                    return self._repeat(at)
                self._next += 1
                continue
            if not self._runs or (gap != _END and self._onset + _TICKS[gap] < self._runs[0].first * self._bar):
                return None
            self._begin(self._runs.popleft())

    def _fits(self, at: int) -> bool:
        """Tell whether the next note to repeat comes after the last one: the notes of a chord rise."""
        last = self._events[-1] if self._events else None
        return at > self._onset or (
            at == self._onset and last is not None and self._events[self._next][PITCH] > last[PITCH]
        )

    def _begin(self, run: Run) -> None:
        """Begin a run; one of hardly any notes is left out, or silence would be repeated again and again."""
        first, source, many = run.first * self._bar, run.source * self._bar, run.bars * self._bar
        begin, end = (bisect_left(self._onsets, onset) for onset in (source, min(source + many, first)))
        if end - begin >= _FEWEST_NOTES * min(many, first - source) / self._bar:
            self._next, self._shift, self._until = begin, first - source, first + many
            self._varied = run.varied

    def _repeat(self, at: int) -> Event | None:
        """Return the next event at its new onset; give the run up where no gap leads there."""
        gap = _GAPS.get(at - self._onset)
        if gap is None:
            self.give_up()
            return None
        event = self._events[self._next].copy()
        event[GAP] = gap
        self._next += 1
        return event


def _apart(chance: np.random.Generator, number: int) -> np.random.Generator:
    """Return a generator whose numbers are others than those of one, and than those of the others of other numbers."""
    other = deepcopy(chance)
    cast(np.random.PCG64, other.bit_generator).advance(number << 64)
    return other


class Repetition:
    """The repeated bars of all lanes."""

    def __init__(self, lanes: Sequence[RepeatingLane]) -> None:
        """Begin with lanes after an onset at or before 0."""
        self._lanes = list(lanes)
        self._repeating: list[int] = []
        self._due: Ids = np.empty((0, 0), dtype=np.int64)

    def branch(self, lane: int, many: int) -> Repetition:
        """Return many ways on from one lane, the first half of which repeat what it would, and the others nothing."""
        return Repetition([self._lanes[lane].branch(number, 2 * number < many) for number in range(many)])

    def select(self, lanes: Ids) -> Repetition:
        """Return that of some lanes, in their order, each of which may come once: it goes on as it is."""
        return Repetition([self._lanes[lane] for lane in lanes.tolist()])

    def narrow(self, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return what is left of the allowed gaps, (lanes, ids), where nothing may be added to a bar.

        A lane that would have nothing left keeps them all.
        """
        waits = [lane.wait for lane in self._lanes]
        if not any(waits):
            return allowed
        left = allowed & (np.array(waits)[:, None] <= _REACHED)
        return np.where(left.any(axis=1, keepdims=True), left, allowed)

    def replace(self, column: int, ids: Ids) -> Ids:
        """Return the ids of a column, (lanes,), of which those drawn are replaced where an event is repeated."""
        if column == GAP:
            due = [lane.due(gap) for lane, gap in zip(self._lanes, ids.tolist(), strict=True)]
            self._repeating = [lane for lane, event in enumerate(due) if event is not None]
            self._due = np.array([event for event in due if event is not None])
        if self._repeating:
            ids[self._repeating] = self._due[:, column]
        return ids

    def give_up(self, lanes: NDArray[np.bool_]) -> None:
        """Let some lanes draw new bars where they would repeat; their next run is repeated again."""
        for lane in np.flatnonzero(lanes).tolist():
            self._lanes[lane].give_up()

    def update(self, events: Ids) -> None:
        """Take in an event of each lane; one that has ended gets nothing more."""
        for lane, event in zip(self._lanes, events.tolist(), strict=True):
            if event[GAP] != _END:
                lane.update(event)
