"""Owns written time: the onsets and ends of played notes -> fractions of a quarter, as one line of chords.

Knows nothing about note values, pitch spelling or pages.

Conventions
-----------
onset, end : quarter lengths, as played (float) or as written (`Fraction`)
beat       : a unit of the metre, or two of them under one triplet, with the number of equal parts it is divided into
line       : what one voice of one staff plays: each chord ends where the next one begins or before
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain, groupby, pairwise
from math import floor

import numpy as np
from numpy.typing import NDArray

from core.score.barring import FINEST, Bar, is_plain
from core.score.graces import are_graces

_HOLE = 0.25  # quarters; a shorter silence before the next chord is not written
_MOSTLY = 0.85  # neither is one where the chord sounds for this share of the time
_FINE, _RARE = 0.004, 0.009  # cost of a finer division and of fives and sevens, in squares of quarters
_STRICT = 5.0  # weight of errors on the fine divisions: those are for what was meant so
_LOST, _APART = 0.01, 0.05  # cost of two onsets that become one, and how far apart in quarters they were
_EXACT = 1e-9  # of squares of quarters
_COARSE = (Fraction(1, 2), Fraction(1, 4))  # parts that need no tuplet
_FINER = ((Fraction(1, 8), _FINE), (FINEST, 3 * _FINE))
_TUPLETS = ((3, 0.0), (6, _FINE), (5, _RARE), (7, _RARE), (12, 3 * _FINE))

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Beat:
    """A stretch of time in which all onsets lie on multiples of one part."""

    onset: Fraction
    length: Fraction
    parts: int

    @property
    def end(self) -> Fraction:
        """Where the next beat begins."""
        return self.onset + self.length

    @property
    def part(self) -> Fraction:
        """Length of a part in quarters."""
        return self.length / self.parts

    @property
    def is_tuplet(self) -> bool:
        """Tell whether its parts are no halves of halves."""
        return not is_plain(Fraction(1, self.part.denominator))

    def nearest(self, time: float) -> Fraction:
        """Return the multiple of a part that is nearest to a time, the later of two."""
        return self.onset + floor((time - float(self.onset)) / float(self.part) + 0.5) * self.part


@dataclass(frozen=True)
class Chord:
    """Notes, by their numbers, that are written from `onset` to `end`; before them grace notes, which take no time."""

    onset: Fraction
    end: Fraction
    notes: tuple[int, ...]
    graces: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Line:
    """The chords of one staff in order, and the beats of all bars."""

    chords: tuple[Chord, ...]
    beats: tuple[Beat, ...]


def write_line(notes: NDArray[np.void], numbers: NDArray[np.int64], bars: Sequence[Bar]) -> Line:
    """Return some notes as one line; `numbers` are theirs among `notes`, in the order of their onsets.

    In each beat the division is chosen once, by squared error, so that triplets and sixteenths never mix in it. A chord
    is cut where the next one begins; it is lengthened to there if little is missing.
    """
    grace = are_graces(notes[numbers])
    main, ornaments = numbers[~grace], numbers[grace]
    onsets = notes["onset"][main]
    beats = _beats(onsets, bars)
    written = _written(onsets, beats)
    chords = _grouped(written, main)
    graces = _grouped([written[place] for place in np.searchsorted(onsets, notes["onset"][ornaments])], ornaments)
    beats = _joined(beats, chords.keys(), bars)
    starts = [beat.onset for beat in beats]
    ends = notes["onset"] + notes["duration"]
    line = []
    for (onset, limit), members in zip(pairwise([*chords, beats[-1].end]), chords.values(), strict=True):
        played = float(ends[members].max())
        before = tuple(tuple(each) for _, each in groupby(graces.get(onset, ()), key=notes["onset"].__getitem__))
        line.append(Chord(onset, _end(onset, limit, played, beats, starts), tuple(members), before))
    return Line(tuple(line), tuple(beats))


def _grouped(onsets: Iterable[Fraction], numbers: NDArray[np.int64]) -> dict[Fraction, list[int]]:
    """Put the numbers of notes together that are written at one onset."""
    found: dict[Fraction, list[int]] = {}
    for onset, number in zip(onsets, numbers.tolist(), strict=True):
        found.setdefault(onset, []).append(number)
    return found


def _beats(onsets: Array, bars: Sequence[Bar]) -> list[Beat]:
    units = list(chain.from_iterable(bar.units() for bar in bars))
    places = np.searchsorted(onsets, [float(onset) for onset, _ in units[1:]])
    inside = np.split(onsets, places)
    return [
        Beat(onset, end - onset, _parts(played - float(onset), end - onset))
        for (onset, end), played in zip(units, inside, strict=True)
    ]


def _parts(offsets: Array, length: Fraction) -> int:
    """Return into how many parts a beat is divided, given the onsets since its beginning in quarters."""
    costs: dict[int, float] = {}
    for parts, cost, weight in _divisions(length):
        costs[parts] = cost + weight * _misfit(offsets, float(length) / parts)
        if costs[parts] < _EXACT:
            break
    return min(costs, key=costs.__getitem__)


@lru_cache(maxsize=64)
def _divisions(length: Fraction) -> tuple[tuple[int, float, float], ...]:
    """Return the divisions of a beat, each with its cost and the weight of what does not fit, the plainest first."""
    coarse = [(int(length / size), 0.0, 1.0) for size in _COARSE if not length % size]
    fine = [(int(length / size), cost, _STRICT) for size, cost in _FINER if not length % size]
    tuplets = [(parts, cost, 1.0) for parts, cost in _TUPLETS if is_plain(length) and length / normal(parts) >= FINEST]
    return (*coarse, *tuplets, *fine)


def normal(parts: int) -> int:
    """Return how many plain values take the time of a tuplet: 2 for a triplet, 4 for a quintuplet."""
    return 1 << (parts.bit_length() - 1)


def _misfit(offsets: Array, part: float) -> float:
    nearest = np.floor(offsets / part + 0.5)
    lost = (np.diff(nearest) == 0) & (np.diff(offsets) > _APART)
    return float(((offsets - nearest * part) ** 2).sum() + _LOST * lost.sum())


def _written(onsets: Array, beats: Sequence[Beat]) -> list[Fraction]:
    """Return where each onset is written; a note that would begin where all ends is moved before it."""
    places = np.searchsorted([float(beat.onset) for beat in beats], onsets, side="right") - 1
    last = beats[-1].end - beats[-1].part
    return [min(beats[place].nearest(onset), last) for place, onset in zip(places, onsets, strict=True)]


def _joined(beats: Sequence[Beat], onsets: Collection[Fraction], bars: Sequence[Bar]) -> list[Beat]:
    """Put two triplets under one where they are three notes of equal length, as three quarters in the time of two."""
    strong = {start for bar in bars for start, _ in bar.units() if bar.spacing(start) >= 2 * bar.unit}
    found: list[Beat] = []
    for beat in beats:
        before = found[-1] if found else beat
        alike = before.end == beat.onset and before.length == beat.length and before.parts == beat.parts == 3
        if alike and beat.is_tuplet and before.onset in strong and _is_even(before, onsets):
            found[-1] = Beat(before.onset, before.length + beat.length, 3)
        else:
            found.append(beat)
    return found


def _is_even(beat: Beat, onsets: Collection[Fraction]) -> bool:
    """Tell whether the onsets of a beat and the next one, both triplets, are thirds of the two."""
    inside = {place for place in range(1, 6) if beat.onset + place * beat.part in onsets}
    return inside == {2, 4}


def _end(
    onset: Fraction, limit: Fraction, played: float, beats: Sequence[Beat], starts: Sequence[Fraction]
) -> Fraction:
    """Return where a chord is written to end that sounds until `played`; the next one begins at `limit`."""
    if float(limit) - played <= _HOLE or played - float(onset) >= _MOSTLY * float(limit - onset):
        return limit
    own = beats[bisect_right(starts, onset) - 1]
    end = beats[bisect_right(starts, played) - 1].nearest(played)
    return min(max(end, onset + own.part), limit)
