"""Owns bars: where the bar lines of a piece lie, which bar an onset is in, how many bars there are, passages of bars.

Knows nothing about figures or encodings.

Conventions
-----------
bar number : 1 begins with the first whole bar, 2.5 is the middle of the second; a pick-up is bar 0
pick-up    : a first bar that is alone in its metre and shorter than the bars of the next metre
bar line   : every change of metre begins a bar; what there is of the bar before it counts as a bar
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.notes import Metre, Piece, clip

_TOLERANCE = 1e-6  # of a bar; what is nearer to a bar line lies on it

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Knots:
    """Onsets between which bars pass evenly: bar `numbers[k]` begins at `onsets[k]`, `lengths[k]` is that of a bar."""

    onsets: Array
    numbers: Array
    lengths: Array


def bar_numbers(piece: Piece, onsets: ArrayLike) -> Array:
    """Return the bar number of onsets, with the share of the bar that has passed."""
    knots = _knots(piece.metres)
    onsets = np.asarray(onsets, dtype=np.float64)
    index = np.clip(np.searchsorted(knots.onsets, onsets, side="right") - 1, 0, None)
    return knots.numbers[index] + (onsets - knots.onsets[index]) / knots.lengths[index]


def bar_onsets(piece: Piece, numbers: ArrayLike) -> Array:
    """Return the onsets of bar numbers: the inverse of `bar_numbers`."""
    knots = _knots(piece.metres)
    numbers = np.asarray(numbers, dtype=np.float64)
    index = np.clip(np.searchsorted(knots.numbers, numbers, side="right") - 1, 0, None)
    return knots.onsets[index] + (numbers - knots.numbers[index]) * knots.lengths[index]


def bars_at(piece: Piece, onsets: ArrayLike) -> NDArray[np.int64]:
    """Return the whole bar number of onsets."""
    return np.floor(bar_numbers(piece, onsets) + _TOLERANCE).astype(np.int64)


def first_bar(piece: Piece) -> int:
    """Return the number of the first bar: 0 where it is a pick-up, else 1."""
    return int(_knots(piece.metres).numbers[0])


def count_bars(piece: Piece) -> int:
    """Count the bars up to the end of the last note, a pick-up with them."""
    return max(ceil(float(bar_numbers(piece, piece.end)) - first_bar(piece) - _TOLERANCE), 0)


def bar_range(piece: Piece) -> tuple[int, int]:
    """Return the numbers of the first and the last bar; at least two bars, so that there is a range to choose from."""
    first = first_bar(piece)
    return first, first + max(count_bars(piece), 2) - 1


def next_bar_line(piece: Piece, onset: float) -> float:
    """Return the onset of the first bar line after `onset`."""
    return float(bar_onsets(piece, bars_at(piece, onset) + 1))


def bar_lines(piece: Piece) -> Array:
    """Return the onsets between which bars pass evenly, up to the bar line that ends the last bar."""
    end = float(bar_onsets(piece, first_bar(piece) + count_bars(piece)))
    onsets = _knots(piece.metres).onsets
    return np.append(onsets[onsets < end], end)


def beat_lines(piece: Piece) -> Array:
    """Return the onsets of all beats, in the unit of the metre, up to the bar line that ends the last bar."""
    first = first_bar(piece)
    lines = bar_onsets(piece, np.arange(first, first + count_bars(piece) + 1)).tolist()
    beats = [_beats_between(piece, start, stop) for start, stop in pairwise(lines)]
    return np.concatenate([*beats, np.array(lines[-1:])])


def _beats_between(piece: Piece, line: float, following: float) -> Array:
    unit = 4.0 / metre_at(piece, line).denominator
    return line + unit * np.arange(ceil((following - line) / unit - _TOLERANCE), dtype=np.float64)


def beats_at(piece: Piece, onsets: ArrayLike) -> Array:
    """Return the beat of onsets within their bars, from 1, in the unit of the metre; a pick-up leads to the next 1."""
    onsets, bars = np.asarray(onsets, dtype=np.float64), bars_at(piece, onsets)
    index = np.clip(np.searchsorted([metre.onset for metre in piece.metres], onsets, side="right") - 1, 0, None)
    units = np.array([4.0 / metre.denominator for metre in piece.metres])[index]
    beats = 1 + np.maximum(onsets - bar_onsets(piece, bars), 0.0) / units
    if first_bar(piece) == 0:
        beats += np.where(bars == 0, (piece.metres[1].bar - piece.metres[1].onset) / units, 0.0)
    return beats


def metre_at(piece: Piece, onset: float) -> Metre:
    """Return the metre in force at an onset."""
    return [metre for metre in piece.metres if metre.onset <= onset or metre is piece.metres[0]][-1]


def passage(piece: Piece, first: int, count: int) -> Piece:
    """Return `count` bars of a piece from bar number `first` on, moved to the beginning and cut at the end."""
    start, stop = bar_onsets(piece, [first, first + count]).tolist()
    return clip(piece, start, stop)


@lru_cache(maxsize=256)
def _knots(metres: tuple[Metre, ...]) -> _Knots:
    onsets, lengths, bars = [0.0], [metres[0].bar], [0]
    for metre, following in pairwise(metres):
        start, span = onsets[-1], following.onset - onsets[-1]
        count = ceil(span / metre.bar - _TOLERANCE)
        rest = span - (count - 1) * metre.bar  # of the last bar, which may be cut short
        if count > 1 and rest < metre.bar - _TOLERANCE:
            onsets.append(start + (count - 1) * metre.bar)
            bars.append(bars[-1] + count - 1)
            lengths.append(rest)
            count = 1
        elif count == 1:
            lengths[-1] = span
        onsets.append(following.onset)
        bars.append(bars[-1] + count)
        lengths.append(following.bar)
    numbers = np.array(bars, dtype=np.float64) + (0 if _has_pickup(metres) else 1)
    return _Knots(np.array(onsets), numbers, np.array(lengths))


def _has_pickup(metres: tuple[Metre, ...]) -> bool:
    if len(metres) == 1:
        return False
    first, second = metres[:2]
    return second.onset <= first.bar + _TOLERANCE and second.onset < second.bar - _TOLERANCE
