"""Owns the predictor that looks only at the piece so far: what followed some notes before will follow them again.

Knows nothing about networks, nor how far it is trusted. For events of the joint family.

This is an interpolated context model in the manner of prediction by partial matching (PPM, Cleary and Witten 1984),
column by column, within one piece. From the shortest
context to the longest, the tokens that followed it so far are counted, and blended with what the shorter ones say:

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
Counts = dict[int, Counter[int]]  # the tokens that followed a context, by its hash, which is smaller


class Predictor:
    """The counts of one piece so far. Columns are predicted in their order."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._outputs = {index: column.outputs for index, column in enumerate(columns) if column.drawn}
        self._young: Counts = defaultdict(Counter)
        self._old: Counts = {}
        self._age = 0
        self._motif: deque[tuple[int, ...]] = deque(maxlen=max(_LENGTHS))
        self._last: Event = [column.boundary for column in columns]

    def update(self, event: Event) -> None:
        """Count the next event under the contexts that it followed."""
        if self._age == _GENERATION:
            self._old, self._young, self._age = self._young, defaultdict(Counter), 0
        self._age += 1
        for column in self._outputs:
            for context in self._contexts(column, event):
                self._young[context][event[column]] += 1
        self._motif.append(tuple(event[column] for column in _MOTIF))
        self._last = event

    def probability(self, column: int, event: Event) -> float:
        """Return the probability of one column of the next event, given the columns before it."""
        probability, token = 1 / self._outputs[column], event[column]
        for counts in self._counts(column, event):
            probability = (counts[token] + probability) / (counts.total() + 1)
        return probability

    def probabilities(self, column: int, event: Event) -> NDArray[np.float64]:
        """Return the probabilities of all ids of one column, given the columns of `event` before it."""
        probabilities = np.full(self._outputs[column], 1 / self._outputs[column])
        for counts in self._counts(column, event):
            probabilities[list(counts)] += list(counts.values())
            probabilities /= counts.total() + 1
        return probabilities

    def _counts(self, column: int, event: Event) -> Iterator[Counter[int]]:
        for context in self._contexts(column, event):
            young, old = self._young.get(context), self._old.get(context)
            if young and old:
                yield young + old
            elif found := young or old:
                yield found

    def _contexts(self, column: int, event: Event) -> Iterator[int]:
        """Yield a number for each context of a column, from none to eight notes."""
        near = (self._last[column], *event[: min(column, 1)])
        yield hash((column,))
        yield hash((column, near))
        yield hash((column, near, event[POSITION] if column > POSITION else self._last[POSITION]))
        begun, motif = tuple(event[each] for each in _MOTIF if each < column), tuple(self._motif)
        for length in _LENGTHS:
            yield hash((column, begun, length, motif[-length:]))


def sequence_probabilities(columns: Sequence[Column], events: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the probability of events[1:], given those before them in their piece: (drawn columns, steps - 1, lanes).

    events : (steps, lanes, columns); the counts begin anew at each boundary. 1 where nothing is predicted.
    """
    drawn = [index for index, column in enumerate(columns) if column.drawn]
    found = np.ones((len(drawn), len(events) - 1, events.shape[1]))
    for lane in range(events.shape[1]):
        predictor = Predictor(columns)
        for step, (event, following) in enumerate(pairwise(events[:, lane].tolist())):
            if event[0] == columns[0].boundary:
                predictor = Predictor(columns)
            else:
                predictor.update(event)
            for row, column in enumerate(drawn):
                if following[column] < columns[column].outputs:
                    found[row, step, lane] = predictor.probability(column, following)
    return found
