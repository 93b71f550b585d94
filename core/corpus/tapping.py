"""Owns tapped music: keys pressed in somebody's own tempo -> a piece that a take can go on from.

Knows nothing about keyboards or pages.

Conventions
-----------
second, seconds : when a key is pressed, and for how long it is held
chord           : keys pressed within 40 ms; its second is that of the first
pace            : seconds a sixteenth
place           : sixteenths since the first chord, which begins bar 1
tick            : 1/12 quarter: three a sixteenth, four a triplet eighth
pause           : a silence in which somebody thinks; the music goes on with the next bar
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.notes import Metre, Piece, Tempo, Track, as_notes

MOST_TAPS = 64
LONGEST, PAUSE = 60.0, 3.0  # seconds

_TOGETHER, _SHORTEST = 0.04, 0.05  # seconds: of the keys of a chord, of a note in free time
_TICKS, _SIXTEENTH, _TRIPLET = 12, 3, 4  # ticks of a quarter, a sixteenth, a triplet eighth
_RATIOS = np.geomspace(0.6, 1.6, 99)  # of the tempo tapped to that of the style
_OTHER_TEMPO = 0.35  # cost of the squared logarithm of such a ratio, in squared sixteenths
_OFF_BEAT = np.array([0.0, 0.1, 0.04, 0.1])  # cost of an onset on each sixteenth of a quarter
_CARRIED = 0.6  # share of a rounding error that counts for the next onset
_FOLLOWED, _MOST_FOLLOWED = 0.25, 0.025  # share of the error by which the pace changes, and the largest change
_FAR_BETTER = 0.5  # squared error of a triplet, as a share of that of sixteenths

Array = NDArray[np.float64]
Row = tuple[float, float, int, int, int]


@dataclass(frozen=True)
class Tap:
    """A key that was pressed: when and for how long, in seconds, at which pitch and velocity."""

    second: float
    seconds: float
    pitch: int
    velocity: int


def tapped(taps: Iterable[Tap], style_qpm: float, numerator: int, denominator: int, program: int, grid: bool) -> Piece:
    """Return what was tapped as a piece in the tempo and the metre of a style, from bar 1 on.

    With a `grid` the tempo tapped is estimated and onsets are rounded to sixteenths, or to triplet eighths where these
    fit far better; else every note keeps its time. What comes after 64 notes or 60 seconds is left out.
    """
    kept, metre = _kept(taps), Metre(0.0, numerator, denominator)
    rows = _rounded(_chords(kept), style_qpm, metre) if grid and kept else _free(kept, style_qpm)
    return Piece(_apart(rows), (Track("", program),), (Tempo(0.0, style_qpm),), (metre,), title="Tapped notes")


def _kept(taps: Iterable[Tap]) -> list[Tap]:
    """Return the taps to use in order, the first one at second 0."""
    ordered = sorted(taps, key=lambda tap: tap.second)[:MOST_TAPS]
    moved = [replace(tap, second=tap.second - ordered[0].second) for tap in ordered]
    return [replace(tap, seconds=min(tap.seconds, LONGEST - tap.second)) for tap in moved if tap.second < LONGEST]


def _free(taps: Sequence[Tap], qpm: float) -> list[Row]:
    held = [max(tap.seconds, _SHORTEST) for tap in taps]
    return [
        (tap.second * qpm / 60, long * qpm / 60, tap.pitch, tap.velocity, 0)
        for tap, long in zip(taps, held, strict=True)
    ]


def _apart(rows: Iterable[Row]) -> NDArray[np.void]:
    """Cut each note where its pitch begins again; of two that begin together the latter stays."""
    notes = as_notes(rows).copy()
    for pitch in np.unique(notes["pitch"]):
        (own,) = np.nonzero(notes["pitch"] == pitch)
        notes["duration"][own[:-1]] = np.minimum(notes["duration"][own[:-1]], np.diff(notes["onset"][own]))
    return as_notes(notes[notes["duration"] > 0])


def _chords(taps: Sequence[Tap]) -> list[list[Tap]]:
    chords: list[list[Tap]] = []
    for tap in taps:
        if chords and tap.second - chords[-1][0].second <= _TOGETHER:
            chords[-1].append(tap)
        else:
            chords.append([tap])
    return chords


def _rounded(chords: Sequence[Sequence[Tap]], style_qpm: float, metre: Metre) -> list[Row]:
    seconds = np.array([chord[0].second for chord in chords])
    ends = np.maximum.accumulate([max(tap.second + tap.seconds for tap in chord) for chord in chords])
    places, paces, costs = _follow(seconds, ends, 15 / (style_qpm * _RATIOS), 4 * metre.bar)
    best = int(np.argmin(costs + _OTHER_TEMPO * np.log(_RATIOS) ** 2))
    ticks = _with_triplets(places[:, best], seconds, metre)
    rows = []
    for chord, tick, pace in zip(chords, ticks.tolist(), paces[:, best].tolist(), strict=True):
        unit = _SIXTEENTH if tick % _SIXTEENTH == 0 else _TRIPLET
        for tap in chord:
            duration = max(round(tap.seconds / pace * _SIXTEENTH / unit), 1) * unit
            rows.append((tick / _TICKS, duration / _TICKS, tap.pitch, tap.velocity, 0))
    return rows


def _follow(seconds: Array, ends: Array, pace: Array, bar: float) -> tuple[Array, Array, Array]:
    """Round the onsets of chords to sixteenths, from several first paces at once; the pace follows what is tapped.

    Return places and paces, (chords, first paces), and the mean cost of each first pace: squared rounding errors, and
    what an onset off the beat costs. `bar` is the length of a bar in sixteenths.
    """
    place, error, cost = np.zeros_like(pace), np.zeros_like(pace), np.zeros_like(pace)
    places, paces = [place], [pace]
    for last, second in enumerate(seconds[1:].tolist()):
        if second - ends[last] >= PAUSE:
            sounded = place + (ends[last] - seconds[last]) / pace
            place, error = (np.floor(sounded / bar) + 1) * bar, np.zeros_like(pace)
        else:
            exact = (second - seconds[last]) / pace + _CARRIED * error
            step = np.maximum(np.round(exact), 1)
            place, error = place + step, exact - step
            pace = pace * (1 + np.clip(_FOLLOWED * error / step, -_MOST_FOLLOWED, _MOST_FOLLOWED))
        cost = cost + error**2 + _OFF_BEAT[np.round(place).astype(int) % 4]
        places, paces = [*places, place], [*paces, pace]
    return np.array(places), np.array(paces), cost / len(seconds)


def _with_triplets(places: Array, seconds: Array, metre: Metre) -> NDArray[np.int64]:
    """Return the tick of each chord: thirds of a quarter where both its beats and two onsets between are tapped."""
    ticks = np.round(places * _SIXTEENTH).astype(np.int64)
    if metre.denominator > 4:
        return ticks
    for first in range(len(ticks) - 3):
        beat, shares = ticks[first : first + 4], seconds[first + 1 : first + 3] - seconds[first]
        shares = shares / (seconds[first + 3] - seconds[first])
        on_beats = beat[0] % _TICKS == 0 and beat[3] - beat[0] == _TICKS
        if on_beats and _misfit(shares, 3) < _FAR_BETTER * _misfit(shares, 4):
            beat[1:3] = beat[0] + _TRIPLET * np.array([1, 2])
    return ticks


def _misfit(shares: Array, parts: int) -> float:
    return float((((shares * parts - np.round(shares * parts)) / parts) ** 2).sum())
