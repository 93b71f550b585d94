"""Owns motifs: runs of notes that stand in several pieces in the same way, in any key.

Knows nothing about what is composed and what was learned from.

A motif of n notes is the duration of its first note, and of each further note the gap since the note before, the
interval to it and the duration, in the ticks that a network learns: see `core.encoding.joint`. Notes stand in the order
(onset in ticks, pitch), all voices together.
Motifs are compared by 64-bit polynomial hashes, as Karp and Rabin do (Efficient Randomized Pattern-Matching
Algorithms, 1987), runs note by note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.encoding.joint import note_order
from core.encoding.time_grid import SPANS, gap_ids, span_ids, to_ticks
from core.notes import Piece, counted

SHORTEST_RUN = 8
"""Notes; what is shorter is not listed as a run."""
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that a power of it is never 0

Hashes = NDArray[np.uint64]
Places = NDArray[np.int32]

_NONE = np.zeros(0, np.uint64)


@dataclass(frozen=True)
class Run:
    """Notes of a piece, `notes` from `begin` on, that stand in piece number `piece` of an index, from note `at` on."""

    begin: int
    notes: int
    piece: int
    at: int


@dataclass(frozen=True)
class _Notes:
    """Each note as a number, with the way from the note before (`whole`) and without (`head`)."""

    whole: Hashes
    head: Hashes

    @classmethod
    def of(cls, piece: Piece) -> _Notes:
        notes = counted(piece).notes[note_order(piece)]
        ticks = to_ticks(notes["onset"])
        gaps = SPANS[gap_ids(ticks - ticks[:1].sum())]
        durations = SPANS[np.maximum(span_ids(to_ticks(notes["duration"])), 1)]
        pitches = notes["pitch"].astype(np.int64)
        intervals = np.diff(pitches, prepend=pitches[:1]) + 128
        whole = (gaps << 40) | (durations << 20) | intervals
        return cls(_mixed(whole.astype(np.uint64)), _mixed(durations.astype(np.uint64)))

    def motifs(self, length: int) -> Hashes:
        """Return the hash of the motif that begins at each note, as far as there are notes enough."""
        count = max(len(self.head) - length + 1, 0)
        hashes = self.head[:count].copy()
        for step, power in enumerate(np.cumprod(np.full(length - 1, _BASE)), 1):
            hashes += self.whole[step : step + count] * power
        return hashes


def longest_repeat(piece: Piece) -> int:
    """Return how many notes the longest run has that stands in a piece twice, in any key; the two may overlap."""
    notes, low, high = _Notes.of(piece), 0, len(piece.notes)
    while low < high:  # what comes twice, its beginning does too
        middle = (low + high + 1) // 2
        motifs = notes.motifs(middle)
        low, high = (middle, high) if len(np.unique(motifs)) < len(motifs) else (low, middle - 1)
    return low


class MotifIndex:
    """The motifs of some pieces, to be looked up; work and memory grow with their notes (50 bytes each)."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        """Take in pieces; a run names them by their places here."""
        each = [_Notes.of(piece) for piece in pieces]
        ends = np.cumsum([len(notes.head) for notes in each], dtype=np.int64)
        self._begins = np.concatenate([[0], ends]).astype(np.int64)
        whole = np.concatenate([_NONE, *(notes.whole for notes in each)])
        self._notes = _Notes(whole, np.concatenate([_NONE, *(notes.head for notes in each)]))
        self._sorted: dict[int, tuple[Hashes, Places]] = {}

    def shared(self, piece: Piece, length: int) -> float:
        """Return the share of the motifs of so many notes that stand in the pieces; 0 where it has none."""
        motifs, known = _Notes.of(piece).motifs(length), self._motifs(length)[0]
        places = np.searchsorted(known, motifs).clip(max=len(known) - 1)
        return float((known[places] == motifs).mean()) if len(motifs) and len(known) else 0.0

    def shared_among(self, length: int) -> list[float]:
        """Return for each piece the share of its motifs that stand in another one."""
        known, places = self._motifs(length)
        many = len(self._begins) - 1
        if not len(known):
            return [0.0] * many
        pieces = self._piece_of(places)
        begins = np.flatnonzero(np.diff(known, prepend=~known[:1]))  # of each motif
        several = np.minimum.reduceat(pieces, begins) != np.maximum.reduceat(pieces, begins)
        found = np.repeat(several, np.diff(begins, append=len(known)))
        counts = np.bincount(pieces, minlength=many)
        return list((np.bincount(pieces, found, many) / np.maximum(counts, 1)).tolist())

    def runs(self, piece: Piece) -> list[Run]:
        """Return the runs that stand in the pieces, in their order, less those that lie inside another one."""
        notes = _Notes.of(piece)
        begins, places = self._seeds(notes)
        lengths = self._lengths(notes, begins, places)
        order = np.lexsort((places, -lengths, begins))
        found: list[Run] = []
        end = 0
        for begin, length, place in zip(
            begins[order].tolist(), lengths[order].tolist(), places[order].tolist(), strict=True
        ):
            if begin + length > end:
                number = int(self._piece_of(place))
                found.append(Run(begin, length, number, place - int(self._begins[number])))
                end = begin + length
        return found

    def _motifs(self, length: int) -> tuple[Hashes, Places]:
        """Return all motifs of so many notes, sorted, with the note at which each begins."""
        if length not in self._sorted:
            hashes = self._notes.motifs(length)
            places = np.arange(len(hashes), dtype=np.int32)
            ends = np.repeat(self._begins[1:], np.diff(self._begins))
            whole = places + length <= ends[: len(places)]
            hashes, places = hashes[whole], places[whole]
            order = np.argsort(hashes, kind="stable")
            self._sorted[length] = hashes[order], places[order]
        return self._sorted[length]

    def _piece_of(self, places: ArrayLike) -> NDArray[np.int64]:
        return np.searchsorted(self._begins, places, side="right") - 1

    def _seeds(self, notes: _Notes) -> tuple[Places, Places]:
        """Return where the shortest runs begin, there and here, but for those that begin a note earlier too."""
        known, at = self._motifs(SHORTEST_RUN)
        motifs = notes.motifs(SHORTEST_RUN)
        first, last = np.searchsorted(known, motifs, "left"), np.searchsorted(known, motifs, "right")
        begins, places = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
        for begin in np.flatnonzero(last > first).tolist():
            here = at[first[begin] : last[begin]]
            if begin:
                same = (self._notes.whole[here] == notes.whole[begin]) & (
                    self._notes.head[here - 1] == notes.head[begin - 1]
                )
                here = here[~same | np.isin(here, self._begins)]
            begins.append(np.full(len(here), begin, np.int32))
            places.append(here)
        return np.concatenate(begins), np.concatenate(places)

    def _lengths(self, notes: _Notes, begins: Places, places: Places) -> Places:
        """Return how many notes are the same from some places on."""
        lengths = np.full(len(begins), SHORTEST_RUN, np.int32)
        most = np.minimum(self._begins[self._piece_of(places) + 1] - places, len(notes.head) - begins)
        going = np.flatnonzero(lengths < most)
        while len(going):
            there, here = begins[going] + lengths[going], places[going] + lengths[going]
            going = going[self._notes.whole[here] == notes.whole[there]]
            lengths[going] += 1
            going = going[lengths[going] < most[going]]
        return lengths


def _mixed(numbers: Hashes) -> Hashes:
    """Return numbers spread over 64 bits: the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    mixed = numbers + _BASE
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
