"""Owns the predictor that looks only at the piece so far: what followed some notes before will follow them again.

Knows nothing about networks, nor how far it is trusted. `contexts` has the formula; `sequence` gives the same for all
events of a piece at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from core.encoding.columns import Column
from core.encoding.joint import PITCH, POSITION
from core.ppm import contexts
from core.ppm.contexts import ESCAPES, LENGTHS, MOTIF, SHORT, UNISON, WAYS

Event = Sequence[int]
Followers = dict[int, int]  # how often each token followed
Counts = dict[int, Followers]  # by the hash of a context, which is smaller


class Predictor:
    """The counts of one piece so far, read in one way. Columns are predicted in their order."""

    def __init__(self, columns: Sequence[Column], by_intervals: bool = False) -> None:
        self._outputs = {index: column.outputs for index, column in enumerate(columns) if column.drawn}
        self._by_intervals = by_intervals
        self._young: Counts = {}
        self._old: Counts = {}
        self._age = 0
        self._motifs: deque[tuple[int, ...]] = deque(maxlen=max(LENGTHS))
        self._pitch = columns[PITCH].boundary
        self._last: Event = self._tokens([column.boundary for column in columns])

    def update(self, event: Event) -> None:
        """Count the next event under the contexts that it followed."""
        if self._age == contexts.GENERATION:
            self._old, self._young, self._age = self._young, {}, 0
        self._age += 1
        tokens = self._tokens(event)
        for column in self._outputs:
            if self._is_interval(column) and not self._motifs:
                continue  # the first note is at no interval from another
            token = tokens[column]
            for context in self._contexts(column, tokens):
                followers = self._young.setdefault(context, {})
                followers[token] = followers.get(token, 0) + 1
        self._motifs.append(tuple(tokens[column] for column in MOTIF))
        self._last, self._pitch = tokens, event[PITCH]

    def fork(self) -> Predictor:
        """Return one that goes on from here in the place of this one, as others may too; they share the counts so far.

        Of a past of two generations it keeps the last one.
        """
        other = copy(self)
        other._old, other._young, other._age = self._young, {}, 0
        other._motifs = self._motifs.copy()
        return other

    def predict(self, column: int, event: Event) -> tuple[NDArray[np.float64], int]:
        """Return the probabilities of all ids of one column, given those of `event` before it, and their order.

        By intervals they may sum to a little less than 1: what is beyond the last pitch is left out.
        """
        met, order = [], 0
        for number, context in enumerate(self._contexts(column, self._tokens(event))):
            if followers := self._followers(context):
                met.append((followers, ESCAPES[number] or len(set().union(*followers))))
                order = max(number - SHORT + 1, 0)
        left, parts = 1.0, []  # of the formula, from the longest context to the shortest
        for followers, escape in reversed(met):
            total = sum(sum(counts.values()) for counts in followers) + escape
            parts.append((followers, left / total))
            left *= escape / total
        probabilities = [left / self._outputs[column]] * self._room(column)
        for followers, each in parts:
            for counts in followers:
                for token, count in counts.items():
                    probabilities[token] += each * count
        begin = UNISON - self._pitch if self._is_interval(column) else 0
        return np.array(probabilities[begin : begin + self._outputs[column]]), order

    def _is_interval(self, column: int) -> bool:
        return self._by_intervals and column == PITCH

    def _room(self, column: int) -> int:
        """Return how many tokens a column may have: an interval may lead from any pitch to any other."""
        return self._outputs[column] + (UNISON if self._is_interval(column) else 0)

    def _tokens(self, event: Event) -> Event:
        """Return an event as it is read."""
        if not self._by_intervals:
            return event
        tokens = list(event)
        tokens[PITCH] += UNISON - self._pitch
        return tokens

    def _followers(self, context: int) -> list[Followers]:
        return [counts for each in (self._young, self._old) if (counts := each.get(context))]

    def _contexts(self, column: int, tokens: Event) -> Iterator[int]:
        """Yield a number for each context of a column, from the shortest to the longest."""
        near = (self._last[column], *tokens[: min(column, 1)])
        yield hash((column,))
        yield hash((column, near))
        yield hash((column, near, tokens[POSITION] if column > POSITION else self._last[POSITION]))
        begun, motifs = tuple(tokens[each] for each in MOTIF if each < column), tuple(self._motifs)
        for length in LENGTHS:
            yield hash((column, begun, length, motifs[-length:]))


def both_ways(columns: Sequence[Column]) -> tuple[Predictor, ...]:
    """Return a predictor for each way to read a piece."""
    return tuple(Predictor(columns, by_intervals) for by_intervals in WAYS)
