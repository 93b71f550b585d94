"""Owns the way from pieces to the windows that a network is fed: what is held out, and endless streams of the rest.

Knows nothing about networks. Music is split by piece, never by window; only the pieces learned are transposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.encoding import Encoding
from core.encoding.columns import boundary_row, bounded
from core.notes import Piece, clip

_HELD_OUT_SHARE = 0.1
_MOST_HELD_OUT_NOTES = 20_000
_FEW_PIECES = 4

Sheet = NDArray[np.int16]


@dataclass(frozen=True)
class Split:
    """Pieces to learn from and pieces to be judged by, each with its name."""

    learned: tuple[tuple[str, Piece], ...]
    held_out: tuple[tuple[str, Piece], ...] = field(default=())


def split(named: Sequence[tuple[str, Piece]], seed: int) -> Split:
    """Hold out a tenth of the pieces: the shortest of a few, else some by chance; of one piece, its last tenth."""
    if len(named) == 1:
        return _split_one(*named[0])
    if len(named) <= _FEW_PIECES:
        order = sorted(range(len(named)), key=lambda index: len(named[index][1].notes))
    else:
        order = np.random.default_rng(seed).permutation(len(named)).tolist()
    chosen, notes = {order[0]}, len(named[order[0]][1].notes)
    for index in order[1 : round(_HELD_OUT_SHARE * len(named))]:
        notes += len(named[index][1].notes)
        if notes > _MOST_HELD_OUT_NOTES:
            break
        chosen.add(index)
    return Split(
        tuple(pair for index, pair in enumerate(named) if index not in chosen),
        tuple(pair for index, pair in enumerate(named) if index in chosen),
    )


def _split_one(name: str, piece: Piece) -> Split:
    cut = float(np.quantile(piece.notes["onset"], 1 - _HELD_OUT_SHARE))
    bar = piece.metre.bar
    cut = np.ceil(cut / bar) * bar
    ending = clip(piece, cut, piece.end + 1.0)
    if not len(ending.notes):
        return Split(((name, piece),))
    return Split(((name, clip(piece, 0.0, cut)),), ((f"{name} (the end)", ending),))


def windows(
    encoding: Encoding,
    pieces: Sequence[Piece],
    *,
    batch: int,
    length: int,
    transposition: int,
    rng: np.random.Generator,
) -> Iterator[Sheet]:
    """Yield windows (length + 1, batch, columns + context) for ever; each begins where the last one ended.

    Every row is a stream of whole pieces, in an order and a transposition drawn anew for each pass.
    """

    @lru_cache(maxsize=1024)
    def sheet(index: int) -> Sheet:
        return encoding.sheet(pieces[index])

    def card(index: int, semitones: int) -> Sheet:
        moved = encoding.transposed(sheet(index), pieces[index], semitones) if semitones else sheet(index)
        return bounded(moved, encoding.columns)[:-1]

    def deck() -> Iterator[Sheet]:
        while True:
            for index in rng.permutation(len(pieces)):
                yield card(int(index), int(rng.integers(-transposition, transposition + 1)))

    cards = deck()
    rows = [_begun(next(cards), rng) for _ in range(batch)]
    while True:
        for place, row in enumerate(rows):
            parts, have = [row], len(row)
            while have <= length:
                parts.append(next(cards))
                have += len(parts[-1])
            rows[place] = np.concatenate(parts) if len(parts) > 1 else row
        yield np.stack([row[: length + 1] for row in rows], axis=1)
        rows = [row[length:] for row in rows]


def _begun(sheet: Sheet, rng: np.random.Generator) -> Sheet:
    """Start a row somewhere in its first piece, so that the rows do not all begin and end together."""
    return sheet[rng.integers(0, max(len(sheet) - 1, 1)) :]


def grid_of(encoding: Encoding, pieces: Sequence[Piece], batch: int) -> tuple[Sheet, NDArray[np.bool_]]:
    """Deal pieces into `batch` rows for judging: sheets (steps, batch, columns) and which of sheets[1:] count."""
    rows: list[list[Sheet]] = [[] for _ in range(batch)]
    lengths = np.zeros(batch, dtype=int)
    for sheet in sorted((encoding.sheet(piece) for piece in pieces), key=len, reverse=True):
        shortest = int(lengths.argmin())
        rows[shortest].append(bounded(sheet, encoding.columns)[:-1])
        lengths[shortest] += len(sheet) + 1
    edge = boundary_row(encoding.columns, encoding.context)
    table = np.broadcast_to(edge, (int(lengths.max()) + 1, batch, edge.shape[1])).copy()
    for place, row in enumerate(rows):
        if row:
            table[: lengths[place], place] = np.concatenate(row)
    return table, np.arange(len(table) - 1)[:, None] < lengths
