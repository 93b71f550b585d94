"""Owns the way from pieces to what a network is fed: what is held out, endless windows of the rest, packed rows.

Knows nothing about networks. Music is split by piece, never by window; only the pieces learned are transposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from core.bars import bar_onsets, bars_at
from core.corpus.corpus import Corpus
from core.encoding import Encoding, EventFormat, Inputs
from core.encoding.columns import boundary_row, with_boundaries
from core.midi.reading import FEWEST_NOTES
from core.notes import Piece, clip

_HELD_OUT_SHARE = 0.1
_MOST_HELD_OUT_NOTES = 10_000
_MOST_MEASURED_NOTES = 3_000  # of a piece
_FEW_PIECES = 4
_MOST_CACHED_BYTES = 128_000_000


@dataclass(frozen=True, eq=False)
class Split:
    """Pieces to learn from and pieces that are kept aside to measure by."""

    learned: Corpus
    held_out: Corpus


def split(corpus: Corpus, seed: int) -> Split:
    """Hold out a tenth of the pieces: the shortest of up to four, else some by chance; of one piece, its last tenth.

    Pieces that are too short to tell anything count as none, unless there are no others. No more than 10,000 notes are
    held out, unless the first piece alone has more. Of a piece held out the first 3,000 notes are measured by: a
    training is measured many times.
    """
    lengths = [len(piece.notes) for piece in corpus.pieces]
    long = [index for index, length in enumerate(lengths) if length >= FEWEST_NOTES] or list(range(len(corpus)))
    if len(long) == 1:
        return _split_one(corpus, *long)
    if len(corpus) <= _FEW_PIECES:
        order = sorted(long, key=lengths.__getitem__)
    else:
        drawn, chances = np.random.default_rng(seed).permutation(len(corpus)).tolist(), set(long)
        order = [index for index in drawn if index in chances]
    chosen, notes = {order[0]}, lengths[order[0]]
    for index in order[1 : round(_HELD_OUT_SHARE * len(corpus))]:
        notes += lengths[index]
        if notes > _MOST_HELD_OUT_NOTES:
            break
        chosen.add(index)
    held_out = corpus.select(sorted(chosen))
    return Split(
        corpus.select([index for index in range(len(corpus)) if index not in chosen]),
        replace(held_out, pieces=tuple(map(_beginning, held_out.pieces))),
    )


def _beginning(piece: Piece) -> Piece:
    """Return what of a piece is measured by."""
    if len(piece.notes) <= _MOST_MEASURED_NOTES:
        return piece
    return clip(piece, 0.0, float(piece.notes["onset"][_MOST_MEASURED_NOTES]))


def _split_one(corpus: Corpus, index: int) -> Split:
    """Cut one piece at the bar line after nine tenths of its notes; both parts keep the digest of the whole.

    All others are learned.
    """
    piece = corpus.pieces[index]
    last = float(np.quantile(piece.notes["onset"], 1 - _HELD_OUT_SHARE))
    bar = int(bars_at(piece, last))
    line = float(bar_onsets(piece, bar))
    cut = line if line == last else float(bar_onsets(piece, bar + 1))
    ending = clip(piece, cut, piece.end + 1.0)
    if not len(ending.notes):
        return Split(corpus, corpus.select([]))
    pieces = list(corpus.pieces)
    pieces[index] = clip(piece, 0.0, cut)
    return Split(replace(corpus, pieces=tuple(pieces)), replace(corpus.select([index]), pieces=(ending,)))


def windows(
    encoding: Encoding,
    pieces: Sequence[Piece],
    *,
    batch: int,
    length: int,
    transposition: int,
    rng: np.random.Generator,
) -> Iterator[Inputs]:
    """Yield windows (length + 1, batch, columns + context) for ever; each begins where the last one ended.

    Every row is a stream of whole pieces, in an order and a transposition drawn anew for each pass. The rows begin
    somewhere in their first piece, so that they do not all begin and end together.
    """
    stream = _endless(encoding, pieces, transposition, rng)
    rows = [(first := next(stream))[rng.integers(0, max(len(first) - 1, 1)) :] for _ in range(batch)]
    while True:
        rows = [_filled(row, stream, length + 1) for row in rows]
        yield np.stack([row[: length + 1] for row in rows], axis=1)
        rows = [row[length:] for row in rows]


def _endless(
    encoding: Encoding, pieces: Sequence[Piece], transposition: int, rng: np.random.Generator
) -> Iterator[Inputs]:
    """Yield the inputs of pieces behind their boundary, pass after pass."""
    cache: LRUCache[int, Inputs] = LRUCache(_MOST_CACHED_BYTES, getsizeof=lambda inputs: inputs.nbytes)
    while True:
        for index in rng.permutation(len(pieces)).tolist():
            piece, semitones = pieces[index], int(rng.integers(-transposition, transposition + 1))
            inputs = cache[index] if index in cache else encoding.inputs(piece)
            if index not in cache and inputs.nbytes <= cache.maxsize:
                cache[index] = inputs
            moved = encoding.transposed(inputs, piece, semitones) if semitones else inputs
            yield with_boundaries(moved, encoding.columns)[:-1]


def _filled(row: Inputs, stream: Iterator[Inputs], length: int) -> Inputs:
    """Append pieces until a row has `length` events."""
    parts, have = [row], len(row)
    while have < length:
        parts.append(next(stream))
        have += len(parts[-1])
    return np.concatenate(parts) if len(parts) > 1 else row


def packed(form: EventFormat, sequences: Sequence[Inputs], rows: int) -> tuple[Inputs, NDArray[np.bool_]]:
    """Lay whole pieces into `rows` rows of about one length: (steps, rows, columns + context).

    Returns also which of the events from the second on count, (steps - 1, rows).
    """
    parts: list[list[Inputs]] = [[] for _ in range(rows)]
    lengths = np.zeros(rows, dtype=int)
    for inputs in sorted(sequences, key=len, reverse=True):
        shortest = int(lengths.argmin())
        parts[shortest].append(with_boundaries(inputs, form.columns)[:-1])
        lengths[shortest] += len(inputs) + 1
    edge = boundary_row(form.columns, form.context)
    table = np.broadcast_to(edge, (int(lengths.max()) + 1, rows, edge.shape[1])).copy()
    for row, part in enumerate(parts):
        if part:
            table[: lengths[row], row] = np.concatenate(part)
    return table, np.arange(len(table) - 1)[:, None] < lengths
