"""Owns what a piece itself foretells: that what followed some notes before will follow them again.

Knows nothing about networks, nor how far it is believed. For events of the joint family.

This is prediction by partial matching (Cleary and Witten 1984), field by field, within one piece. From the shortest
context to the longest, what followed it so far is counted, and blended with what the shorter ones say:

    p_k(x) = (count_k(x) + p_{k-1}(x)) / (count_k + 1),   p_{-1} uniform;  a context not met before changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.encoding.columns import Column
from core.encoding.joint import DURATION, GAP, PITCH, POSITION

_MOTIF = (GAP, PITCH, DURATION)
_LENGTHS = (1, 2, 4, 8)  # notes of the longer contexts
_GENERATION = 5_000  # notes; the last two generations are remembered, more would fill the memory

Event = Sequence[int]
Followed = dict[int, Counter[int]]  # what followed a context, by its hash, which is smaller


class Recall:
    """The memory of one piece, as far as it has been heard. Columns are drawn in their order."""

    def __init__(self, columns: Sequence[Column]) -> None:
        """Remember nothing."""
        self._outputs = {place: column.outputs for place, column in enumerate(columns) if column.drawn}
        self._young: Followed = defaultdict(Counter)
        self._old: Followed = {}
        self._age = 0
        self._past: deque[tuple[int, ...]] = deque(maxlen=max(_LENGTHS))
        self._last: Event = [column.boundary for column in columns]

    def hear(self, event: Event) -> None:
        """Remember the next event, and what it followed."""
        if self._age == _GENERATION:
            self._old, self._young, self._age = self._young, defaultdict(Counter), 0
        self._age += 1
        for place in self._outputs:
            for context in self._contexts(place, event):
                self._young[context][event[place]] += 1
        self._past.append(tuple(event[place] for place in _MOTIF))
        self._last = event

    def chance(self, place: int, event: Event) -> float:
        """Return the probability of the column at `place` of the next event, given the columns before it."""
        chance, token = 1 / self._outputs[place], event[place]
        for counts in self._counts(place, event):
            chance = (counts[token] + chance) / (counts.total() + 1)
        return chance

    def chances(self, place: int, event: Event) -> NDArray[np.float64]:
        """Return the probabilities of all ids of the column at `place`, given the columns of `event` before it."""
        chances = np.full(self._outputs[place], 1 / self._outputs[place])
        for counts in self._counts(place, event):
            chances[list(counts)] += list(counts.values())
            chances /= counts.total() + 1
        return chances

    def _counts(self, place: int, event: Event) -> Iterator[Counter[int]]:
        for context in self._contexts(place, event):
            young, old = self._young.get(context), self._old.get(context)
            if young and old:
                yield young + old
            elif found := young or old:
                yield found

    def _contexts(self, place: int, event: Event) -> Iterator[int]:
        """Yield a number for what the column at `place` may depend on, from nothing to eight notes."""
        near = (self._last[place], *event[: min(place, 1)])
        yield hash((place,))
        yield hash((place, near))
        yield hash((place, near, event[POSITION] if place > POSITION else self._last[POSITION]))
        begun, past = tuple(event[each] for each in _MOTIF if each < place), tuple(self._past)
        for length in _LENGTHS:
            yield hash((place, begun, length, past[-length:]))


def recalled(columns: Sequence[Column], events: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the probability of events[1:] given those before them in their piece: (drawn columns, steps - 1, voices).

    events : (steps, voices, columns); what is heard is forgotten at each boundary. 1 where nothing is predicted.
    """
    places = [place for place, column in enumerate(columns) if column.drawn]
    found = np.ones((len(places), len(events) - 1, events.shape[1]))
    for voice in range(events.shape[1]):
        recall = Recall(columns)
        heard = events[:, voice].tolist()
        for step, (event, following) in enumerate(pairwise(heard)):
            if event[0] == columns[0].boundary:
                recall = Recall(columns)
            else:
                recall.hear(event)
            for row, place in enumerate(places):
                if following[place] < columns[place].outputs:
                    found[row, step, voice] = recall.chance(place, following)
    return found
