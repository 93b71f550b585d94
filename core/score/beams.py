"""Owns beams: which short notes of a bar are joined, by how many beams, and where these begin and end.

Knows nothing about music21.

Conventions
-----------
level : 1 is the beam that joins eighths, 2 is that of sixteenths, and so on
stub  : the short beam of a note that has no neighbour at its level
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Literal

from core.score.barring import Bar
from core.score.rhythm import Symbol

Beam = Literal["start", "continue", "stop", "stub left", "stub right"]


def beams_of(bar: Bar, symbols: Sequence[Symbol]) -> list[list[Beam]]:
    """Return the beams of each symbol of a bar, the first level first; none where a note stands alone."""
    found: list[list[Beam]] = [[] for _ in symbols]
    places = range(len(symbols))
    for group, members in groupby(places, key=lambda place: _group(bar, symbols[place])):
        joined = list(members)
        if group is not None and len(joined) > 1:
            for place in joined:
                found[place] = [_beam(bar, symbols, place, joined, level) for level in _levels(symbols[place])]
    return found


def _levels(symbol: Symbol) -> range:
    """Return the levels of a symbol; a dot changes nothing."""
    plain = Fraction(1, symbol.value.denominator) * (2 if symbol.value.numerator == 3 else 1)
    return range(1, plain.denominator.bit_length())


def _group(bar: Bar, symbol: Symbol) -> int | None:
    """Number the stretches of a bar under which beams go on: its beats; None for what has no beam."""
    if symbol.chord is None or not _levels(symbol):
        return None
    unit, count = Fraction(4, bar.metre.denominator), bar.metre.numerator
    place = symbol.onset - bar.onset + bar.lead
    if unit >= 1:
        return int(place // unit)
    if count % 3 == 0:
        return int(place // (3 * unit))
    return min(int(place // (2 * unit)), max(count // 2 - 1, 0))  # five and seven end with a group of three


def _beam(bar: Bar, symbols: Sequence[Symbol], place: int, joined: Sequence[int], level: int) -> Beam:
    before = place > joined[0] and _goes_on(bar, symbols[place - 1], symbols[place], level)
    after = place < joined[-1] and _goes_on(bar, symbols[place], symbols[place + 1], level)
    if before and after:
        return "continue"
    if before or after:
        return "stop" if before else "start"
    symbol = symbols[place]
    begins = not (symbol.onset - bar.onset + bar.lead) % (2 * (symbol.end - symbol.onset))
    return "stub right" if place == joined[0] or (begins and place != joined[-1]) else "stub left"


def _goes_on(bar: Bar, symbol: Symbol, following: Symbol, level: int) -> bool:
    """Tell whether a beam joins two symbols; those above the first are parted, so that the beats are seen."""
    widest = Fraction(2, 2 ** (level - 1))  # a place at this spacing parts the beams of the level
    parted = level > 1 and not symbol.tuplet and bar.spacing(following.onset) >= widest
    return level in _levels(symbol) and level in _levels(following) and not parted
