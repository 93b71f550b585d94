"""Owns the choice of a part for each new note, where several instruments play together.

Knows nothing about networks. What is drawn is notes; which part plays one follows from its pitch, and from the ranges
of the parts of a piece that was learned. At each onset the notes go to the parts from the lowest to the highest, none
crossing another, so that the sum of these costs is least:

    how far a note lies from where its part usually plays, in quarters of the part's range, squared, halved;
    how far it lies from the last note of its part, in sixths of an octave;
    a note outside the range of its part; a note more than the part has at once, those with it that are still held.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.corpus.ensembles import Ensemble, Part

_SMALLEST_SPREAD = 3.0  # semitones
_STEP = 2.0  # semitones
_OUTSIDE, _TOO_MANY = 8.0, 12.0
_TOLERANCE = 1e-6  # quarters

Notes = NDArray[np.void]


def parts_of_notes(notes: Notes, ensemble: Ensemble, earlier: Notes, parts: Sequence[int]) -> NDArray[np.int64]:
    """Return the number of the part of each note, (notes,), after earlier notes with their parts, in order of onset."""
    if len(ensemble) == 1:
        return np.zeros(len(notes), dtype=np.int64)
    players = [_Player(part) for part in ensemble]
    for note, part in zip(earlier, parts, strict=True):
        players[part].play(float(note["onset"]), float(note["onset"] + note["duration"]), int(note["pitch"]))
    order = sorted(range(len(ensemble)), key=lambda number: (ensemble[number].usual, number))
    ranked = [players[number] for number in order]
    found = np.zeros(len(notes), dtype=np.int64)
    edges = [*np.flatnonzero(np.diff(notes["onset"], prepend=-1.0) > _TOLERANCE).tolist(), len(notes)]
    for first, stop in pairwise(edges):
        group = notes[first:stop]
        onset = float(group["onset"][0])
        for player in ranked:
            player.come_to(onset)
        for index, place in enumerate(_shared_out(group["pitch"].tolist(), ranked), first):
            found[index] = order[place]
            ranked[place].play(onset, onset + float(notes["duration"][index]), int(notes["pitch"][index]))
    return found


class _Player:
    """A part while its notes are given to it."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._last: int | None = None
        self._spread = max((part.highest - part.lowest) / 4, _SMALLEST_SPREAD)
        self._ends: list[float] = []

    def come_to(self, onset: float) -> None:
        """Let go of the notes that have ended."""
        self._ends = [end for end in self._ends if end > onset + _TOLERANCE]

    def play(self, onset: float, end: float, pitch: int) -> None:
        self.come_to(onset)
        self._ends.append(end)
        self._last = pitch

    def costs(self, pitches: Sequence[int]) -> list[list[float]]:
        """Return what it costs to play pitches[first:stop] together, as [stop][first]; 0 for none."""
        part, last = self._part, self._last
        alone = [
            ((pitch - part.usual) / self._spread) ** 2 / 2 + _OUTSIDE * (not part.lowest <= pitch <= part.highest)
            for pitch in pitches
        ]
        leaps = [0.0 if last is None else abs(pitch - last) / _STEP for pitch in pitches]
        free = part.together - len(self._ends)
        found = [[0.0]]
        for stop in range(1, len(pitches) + 1):
            row, leap, sum_ = [0.0], np.inf, 0.0
            for first in range(stop - 1, -1, -1):
                leap, sum_ = min(leap, leaps[first]), sum_ + alone[first]
                row.append(sum_ + leap + _TOO_MANY * max(stop - first - free, 0))
            found.append(row[::-1])
        return found


def _shared_out(pitches: Sequence[int], players: Sequence[_Player]) -> list[int]:
    """Return the place of the player of each pitch; both stand from the lowest to the highest."""
    many = len(pitches)
    best, begins = [0.0, *[np.inf] * many], []
    for player in players:
        sums = [[start + cost for start, cost in zip(best, row, strict=False)] for row in player.costs(pitches)]
        begins.append([row.index(min(row)) for row in sums])
        best = [min(row) for row in sums]
    places, stop = [0] * many, many
    for place in range(len(players) - 1, -1, -1):
        first = begins[place][stop]
        places[first:stop] = [place] * (stop - first)
        stop = first
    return places
