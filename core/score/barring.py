"""Owns the bars of a score: where they begin and end exactly, what they count in, which places in them are strong.

Knows nothing about notes. Where the bars of a piece lie is `core.bars`; here they are fractions.

Conventions
-----------
onset, length, place : quarter lengths as fractions; a place is counted from the beginning of a bar of full length
spacing              : how far apart the places of one strength lie: 4, 2, 1, 1/2 ... in 4/4, 3, 3/2, 1/2 ... in 6/8
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np

from core.bars import bar_onsets, count_bars, first_bar, metre_at
from core.notes import Metre, Piece

FINEST = Fraction(1, 16)
"""The shortest value that is written without a tuplet: a 64th."""

_TOLERANCE = 1e-6  # quarters
_VALUES = (1, 2, 3, 4, 8)  # numerators of lengths that one rest can have


@dataclass(frozen=True)
class Bar:
    """One bar of a score. `lead` is what a pick-up lacks at its beginning, else 0."""

    number: int
    onset: Fraction
    length: Fraction
    metre: Metre
    lead: Fraction = Fraction(0)

    @property
    def end(self) -> Fraction:
        """Where the next bar begins."""
        return self.onset + self.length

    @property
    def unit(self) -> Fraction:
        """Length of what the metre counts, at most a quarter."""
        return min(Fraction(4, self.metre.denominator), Fraction(1))

    def units(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Yield (onset, end) of each unit; the last is shorter where the bar is cut short."""
        onset = self.onset
        while onset < self.end:
            passed = (onset - self.onset + self.lead) % self.unit
            yield onset, min(onset + self.unit - passed, self.end)
            onset += self.unit - passed

    @property
    def spacings(self) -> tuple[Fraction, ...]:
        """All spacings of the bar's metre, the widest first."""
        return _spacings(self.metre.numerator, self.metre.denominator)

    def spacing(self, onset: Fraction) -> Fraction:
        """Return the widest spacing at which an onset of the bar lies: the bar at its beginning and end, 0 for none."""
        steps = self.spacings if onset in (self.onset, self.end) else self._steps(onset)
        return steps[0] if steps else Fraction(0)

    def rests(self, onset: Fraction) -> list[Fraction]:
        """Return how long a rest may be that begins at an onset of the bar, the longest first."""
        steps, unit = list(self._steps(onset)), Fraction(4, self.metre.denominator)
        lengths = [*steps, 2 * unit] if 3 * unit in steps and (self.metre.numerator > 3 or unit < 1) else steps
        return sorted((length for length in lengths if length.numerator in _VALUES), reverse=True)

    def _steps(self, onset: Fraction) -> tuple[Fraction, ...]:
        return _steps(self.metre.numerator, self.metre.denominator, onset - self.onset + self.lead)


@lru_cache(maxsize=4096)
def _steps(numerator: int, denominator: int, place: Fraction) -> tuple[Fraction, ...]:
    """Return the spacings at which a place lies; the last unit of five or seven belongs to a group of three."""
    unit = Fraction(4, denominator)
    odd = 2 * unit if numerator % 2 and place == (numerator - 1) * unit else None
    return tuple(step for step in _spacings(numerator, denominator) if not place % step and step != odd)


@lru_cache(maxsize=64)
def _spacings(numerator: int, denominator: int) -> tuple[Fraction, ...]:
    """Return the spacings of a metre, from the bar to the finest."""
    unit = Fraction(4, denominator)
    counts = [numerator]
    if numerator % 3 == 0:
        counts += [6, 3] if numerator == 12 else [3]
    elif numerator % 4 == 0:
        counts += [4, 2]
    elif numerator > 3:
        counts += [2]
    fine = [unit / 2**power for power in range(10) if unit / 2**power >= FINEST / 2]
    return tuple(dict.fromkeys([*(unit * count for count in counts), *fine]))


def is_plain(length: Fraction) -> bool:
    """Tell whether a length is 4, 2, 1, 1/2 ... quarters: one value without a dot or a tuplet."""
    return all(number & (number - 1) == 0 for number in (length.numerator, length.denominator))


def written_bars(piece: Piece) -> tuple[Bar, ...]:
    """Return the bars of a piece, at least one; their lines lie on whole 64ths."""
    first = first_bar(piece)
    onsets = bar_onsets(piece, first + np.arange(max(count_bars(piece), 1) + 1)).tolist()
    lines = [round(onset / FINEST) * FINEST for onset in onsets]
    found = []
    for number, (onset, end) in enumerate(pairwise(lines), start=first):
        if onset < end:
            metre = metre_at(piece, float(end if number == 0 else onset) + _TOLERANCE)
            lead = Fraction(metre.bar) - (end - onset) if number == 0 else Fraction(0)
            found.append(Bar(number, onset, end - onset, metre, lead))
    return tuple(found)
