"""Owns the playing of a form: where it says so, a voice plays its own earlier bars again instead of drawing new ones.

Knows nothing about networks. For events of the joint family.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.encoding.clock import SPANS, span_ids
from core.encoding.joint import GAP, JointEncoding
from core.form import Form, runs

_END = JointEncoding.columns[GAP].boundary
_LEAST_NOTES = 2  # a bar

Ids = NDArray[np.int64]


class Reprise:
    """One voice: what it has played, and which bars it plays again. Times are ticks since the first bar of the form."""

    def __init__(self, form: Form, bar: int, onset: int) -> None:
        """Begin after an onset at or before 0, with bars of `bar` ticks."""
        self._runs = deque((first * bar, source * bar, many * bar) for first, source, many in runs(form))
        self._bar, self._onset = bar, onset
        self._onsets: list[int] = []
        self._events: list[Ids] = []
        self._next, self._back, self._until = 0, 0, onset

    @property
    def wait(self) -> int:
        """How long no new note may come, in ticks: a bar that came back is not added to."""
        return max(self._until - self._onset, 0)

    def hear(self, event: Ids) -> None:
        """Take in what was played."""
        self._onset += int(SPANS[event[GAP]])
        self._onsets.append(self._onset)
        self._events.append(event)

    def event(self, gap: int) -> Ids | None:
        """Return the event to be played again if one is due before or at a new one after `gap` (an id), else None."""
        while True:
            if self._next < len(self._onsets) and (at := self._onsets[self._next] + self._back) < self._until:
                return self._again(at)
            if not self._runs or (gap != _END and self._onset + SPANS[gap] < self._runs[0][0]):
                return None
            self._begin(*self._runs.popleft())

    def _begin(self, first: int, source: int, many: int) -> None:
        """Begin a run; one of hardly any notes is left out, or silence would come back again and again."""
        begin, end = (bisect_left(self._onsets, onset) for onset in (source, min(source + many, first)))
        if end - begin >= _LEAST_NOTES * min(many, first - source) / self._bar:
            self._next, self._back, self._until = begin, first - source, first + many

    def _again(self, at: int) -> Ids | None:
        """Play the next event again at an onset; give the run up where no gap leads there."""
        gap = at - self._onset
        again = self._events[self._next].copy()
        again[GAP] = span_ids(gap)
        if SPANS[again[GAP]] != gap:
            self._until = self._onset
            return None
        self._next += 1
        return again


class Reprises:
    """The reprises of all voices."""

    def __init__(self, forms: Sequence[Form], bar: int, onset: int) -> None:
        """Begin with one form a voice."""
        self._voices = [Reprise(form, bar, onset) for form in forms]
        self._due: list[Ids | None] = [None] * len(forms)

    def narrow(self, place: int, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return what is left of the allowed ids of a column, (voices, ids), where bars must not be added to.

        A voice that would have nothing left keeps them all.
        """
        if place != GAP:
            return allowed
        waits = np.array([voice.wait for voice in self._voices])
        left = allowed & (np.append(SPANS, SPANS[-1]) >= waits[:, None])
        return np.where(left.any(axis=1, keepdims=True), left, allowed)

    def replace(self, place: int, ids: Ids) -> Ids:
        """Return the ids of a column, (voices,), the drawn ones replaced where an event is played again."""
        if place == GAP:
            self._due = [voice.event(gap) for voice, gap in zip(self._voices, ids.tolist(), strict=True)]
        return np.array([new if due is None else due[place] for new, due in zip(ids, self._due, strict=True)])

    def hear(self, events: Ids) -> None:
        """Take in an event a voice; one that has ended is told nothing any more that it could use."""
        for voice, event in zip(self._voices, events, strict=True):
            if event[GAP] != _END:
                voice.hear(event)
