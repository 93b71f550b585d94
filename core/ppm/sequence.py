"""Owns what PPM says of pieces that are known to their end: the predictions of `Predictor`, for all events at once.

Knows nothing about networks. Instead of counts that grow event by event, the events of each context are counted off by
sorting: how often it was met before an event is the rank of the event among those of the same context.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.encoding.columns import Column
from core.encoding.joint import PITCH, POSITION
from core.ppm import contexts
from core.ppm.contexts import ESCAPES, LENGTHS, MOTIF, SHORT, UNISON, WAYS

Ids = NDArray[np.int64]
Array = NDArray[np.float64]


class Predictions(NamedTuple):
    """What PPM says of events, by pitches and by intervals: (2, drawn columns, steps, lanes) both.

    probabilities : of what came; 1 where nothing is predicted
    orders        : 0..5, how many of the contexts with motifs were met before
    """

    probabilities: Array
    orders: NDArray[np.int8]


def sequence_predictions(columns: Sequence[Column], events: NDArray[np.integer]) -> Predictions:
    """Return the predictions of events[1:], given those before them in their piece.

    events : (steps, lanes, columns); a piece begins anew after each boundary
    """
    drawn = [index for index, column in enumerate(columns) if column.drawn]
    shape = (len(WAYS), len(drawn), len(events) - 1, events.shape[1])
    found = Predictions(np.ones(shape), np.zeros(shape, dtype=np.int8))
    for lane in range(events.shape[1]):
        stream = events[:, lane].astype(np.int64)
        for begin, end in _pieces(stream[:, 0] == columns[0].boundary):
            for way, by_intervals in enumerate(WAYS):
                piece = _Piece(columns, stream[begin:end], by_intervals)
                for row, column in enumerate(drawn):
                    place = way, row, slice(begin, min(end, len(stream)) - 1), lane
                    found.probabilities[place], found.orders[place] = piece.predictions(column)
    return found


def _pieces(boundaries: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield where each piece begins, with its boundary, and where it ends, with the next boundary if there is one.

    Boundaries without notes between them, which fill a lane up, are no piece.
    """
    begins = np.flatnonzero(boundaries).tolist()
    for begin, following in zip(begins, [*begins[1:], len(boundaries)], strict=True):
        if following > begin + 1:
            yield begin, following + 1


class _Piece:
    """The tokens of a piece, read in one way: a boundary, and all that is predicted."""

    def __init__(self, columns: Sequence[Column], events: Ids, by_intervals: bool) -> None:
        self._columns, self._ids, self._by_intervals = columns, events[1:], by_intervals
        tokens = events.copy()
        if by_intervals:
            before = np.concatenate([[columns[PITCH].boundary], events[:-1, PITCH]])
            tokens[:, PITCH] += UNISON - before
        self._last, self._tokens = tokens[:-1], tokens[1:]
        self._motifs = list(_motifs(_numbered(*(tokens[:, column] for column in MOTIF))))

    def predictions(self, column: int) -> tuple[Array, Ids]:
        """Return the probabilities of what came in a column, and the orders."""
        outputs = self._columns[column].outputs
        probabilities, orders = np.full(len(self._tokens), 1 / outputs), np.zeros(len(self._tokens), dtype=np.int64)
        for number, context in enumerate(self._contexts(column)):
            if self._by_intervals and column == PITCH:
                context[:1] = -1  # the first note is at no interval from another
            own, every, different = _counts_before(context, self._tokens[:, column])
            escape = ESCAPES[number] or np.maximum(different, 1)
            probabilities = (own + escape * probabilities) / (every + escape)
            orders = np.where(every, max(number - SHORT + 1, 0), orders)
        predicted = self._ids[:, column] < outputs
        return np.where(predicted, probabilities, 1.0), np.where(predicted, orders, 0)

    def _contexts(self, column: int) -> Iterator[Ids]:
        tokens, last = self._tokens, self._last
        near = _numbered(last[:, column], *(tokens[:, each] for each in range(min(column, 1))))
        yield np.zeros(len(tokens), dtype=np.int64)
        yield near
        yield _numbered(near, (tokens if column > POSITION else last)[:, POSITION])
        begun = [tokens[:, each] for each in MOTIF if each < column]
        for motifs in self._motifs:
            yield _numbered(motifs, *begun)


def _motifs(motifs: Ids) -> Iterator[Ids]:
    """Yield a number for the last motifs before each event, for each of LENGTHS; `motifs` are those of all events.

    The boundary before the first event counts as one, and so do those that would stand before it.
    """
    found = motifs[:-1]
    yield found
    for length in LENGTHS[:-1]:
        earlier = np.concatenate([np.full(min(length, len(found)), -1), found[:-length]])
        found = _numbered(found, earlier)
        yield found


def _numbered(first: Ids, *others: Ids) -> Ids:
    """Return a number for each row of some columns: the same for the same."""
    found = np.unique(first, return_inverse=True)[1]
    for other in others:
        low = other.min(initial=0)
        found = np.unique(found * (other.max(initial=0) - low + 1) + (other - low), return_inverse=True)[1]
    return found


def _counts_before(context: Ids, tokens: Ids) -> tuple[Ids, Ids, Ids]:
    """Return for each event how often its token followed its context before it, how often any did, and how many did.

    As in `Predictor`, only the last two generations count.
    """
    size = contexts.GENERATION
    parts = []
    for begin in range(0, max(len(tokens) - 1, 1), size):
        start, stop = max(begin - size, 0), begin + size + 1
        counted = _counted(context[start:stop], tokens[start:stop])
        first = begin + 1 - start if begin else 0
        parts.append([each[first:] for each in counted])
    own, every, different = (np.concatenate(each) for each in zip(*parts, strict=True))
    return own, every, different


def _counted(context: Ids, tokens: Ids) -> tuple[Ids, Ids, Ids]:
    own = _ranks(_numbered(context, tokens))
    order = np.argsort(context, kind="stable")
    first = _begins(context[order])
    new = (own[order] == 0).astype(np.int64)
    met = new.cumsum() - new  # different tokens so far, of all contexts
    different = np.empty_like(met)
    different[order] = met - met[first]
    return own, _ranks(context), different


def _ranks(numbers: Ids) -> Ids:
    """Return how often each number stood there before."""
    order = np.argsort(numbers, kind="stable")
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(numbers)) - _begins(numbers[order])
    return ranks


def _begins(ordered: Ids) -> Ids:
    """Return for each of some numbers in order where the first of its kind stands."""
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]
    return np.maximum.accumulate(np.where(new, np.arange(len(ordered)), 0))
