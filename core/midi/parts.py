"""Owns the putting together of a piece: the tracks of a file, in ticks -> a `Piece`, in quarter lengths.

Knows nothing about bytes, limits or messages.

Conventions
-----------
part       : the notes of one channel in one track of the file; each with notes becomes a `Track`
drums      : the parts on channel 10
pedal      : that of a part's own track, or else of its channel in any
instrument : the program under which most of a part's notes sound; given in the part's own track, or else in any
sequences  : the tracks of a format 2 file follow one another, each from a whole quarter
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from core.midi.container import Container
from core.midi.events import DRUMS, Events
from core.midi.instruments import INSTRUMENTS
from core.midi.key_events import pair
from core.midi.pedal import Pedal
from core.midi.tempo_map import normalized
from core.notes import GRID_TICKS, Metre, Piece, Tempo, Track, as_notes

_WHOLE_NOTE = 4.0
SLOWEST, FASTEST = 4.0, 1000.0
"""The speeds that are read, qpm; what lies beyond is damage, not music."""

_Row = tuple[float, float, int, int]
Kept = TypeVar("Kept")
_Change = tuple[float, int]
"""An onset and a value."""


@dataclass(frozen=True)
class _Sequence:
    """The events of one track of the file, and the onset at which it begins."""

    events: Events
    start: float
    tpq: float

    def onset(self, tick: int) -> float:
        return self.start + tick / self.tpq


@dataclass(frozen=True)
class _Part:
    """The notes of one channel in one track of the file: rows (onset, duration, pitch, velocity)."""

    track: Track
    channel: int
    rows: list[_Row]
    hanging: int
    pedal: Pedal


@dataclass(frozen=True)
class Assembled:
    """A piece; the same with notes that the pedal holds, None where it holds none; how many notes had no end."""

    piece: Piece
    pedalled: Piece | None
    hanging: int


def assemble(container: Container, tracks: list[Events], title: str) -> Assembled:
    """Make a piece of the tracks of a file."""
    sequences = _sequences(container, tracks)
    parts = list(_parts(sequences))
    drums = [part for part in parts if part.channel == DRUMS]
    pitched = [part for part in parts if part.channel != DRUMS]
    piece = Piece(
        notes=as_notes((*row, index) for index, part in enumerate(pitched) for row in part.rows),
        tracks=tuple(part.track for part in pitched),
        tempos=_tempos(sequences) if container.beats else (Tempo(0.0, 120.0),),
        metres=_metres(sequences),
        title=tracks[0].name or title,
        drums=as_notes((*row, 0) for part in drums for row in part.rows),
    )
    return Assembled(piece, _pedalled(piece, [part.pedal for part in pitched]), sum(part.hanging for part in parts))


def _pedalled(piece: Piece, pedals: list[Pedal]) -> Piece | None:
    """Let the pedal of each part hold its notes; None where no note is held."""
    notes = piece.notes.copy()
    for track, pedal in enumerate(pedals):
        of = notes["track"] == track
        notes["duration"][of] = pedal.sustained(notes[of], piece.end)
    return None if (notes == piece.notes).all() else replace(piece, notes=as_notes(notes))


def _sequences(container: Container, tracks: list[Events]) -> list[_Sequence]:
    sequences, start = [], 0.0
    for events in tracks:
        sequences.append(_Sequence(events, start, container.tpq))
        if container.format == 2:
            start += math.ceil(events.end / container.tpq)
    return sequences


def _parts(sequences: list[_Sequence]) -> Iterator[_Part]:
    programs, pedals = _Changes(sequences, "programs", _Programs), _Changes(sequences, "pedals", Pedal)
    for sequence in sequences:
        channels = sorted({channel for channel, _ in sequence.events.key_events})
        own_name = sequence.events.name if len(channels) == 1 else ""
        for channel in channels:
            rows, hanging = _rows(sequence, channel)
            if rows:
                program = programs.of(sequence, channel).most(rows)
                track = Track(own_name or INSTRUMENTS[program], program)
                yield _Part(track, channel, rows, hanging, pedals.of(sequence, channel))


def _rows(sequence: _Sequence, channel: int) -> tuple[list[_Row], int]:
    """Return the notes of one channel, and how many of them had no end."""
    rows: list[_Row] = []
    endless, tpq = 0, sequence.tpq
    for (other, pitch), key_events in sequence.events.key_events.items():
        if other == channel:
            notes, hanging = pair(key_events, longest=round(_WHOLE_NOTE * tpq))
            endless += hanging
            rows += [(sequence.onset(on), (off - on) / tpq or 1 / GRID_TICKS, pitch, loud) for on, off, loud in notes]
    return rows, endless


class _Changes(Generic[Kept]):
    """What changes in channels over time, their programs or their pedals: in a track of its own, or else in any.

    What stands in any is put in order once for each channel: there may be hundreds of tracks and thousands of changes.
    """

    def __init__(
        self, sequences: list[_Sequence], name: Literal["programs", "pedals"], keep: Callable[[list[_Change]], Kept]
    ) -> None:
        self._sequences, self._name, self._keep = sequences, name, keep
        self._anywhere: dict[int, Kept] = {}

    def of(self, own: _Sequence, channel: int) -> Kept:
        """Return what `keep` makes of the changes of a channel that hold for a sequence, in order."""
        if found := self._sorted([own], channel):
            return self._keep(found)
        if channel not in self._anywhere:
            self._anywhere[channel] = self._keep(self._sorted(self._sequences, channel))
        return self._anywhere[channel]

    def _sorted(self, sequences: list[_Sequence], channel: int) -> list[_Change]:
        changes = (
            (each.onset(tick), value)
            for each in sequences
            for tick, value in getattr(each.events, self._name).get(channel, [])
        )
        return sorted(changes, key=lambda change: change[0])


class _Programs:
    """The programs that a channel takes, in order."""

    def __init__(self, changes: list[_Change]) -> None:
        self._onsets = [onset for onset, _ in changes]
        self._programs = [program for _, program in changes]

    def most(self, rows: list[_Row]) -> int:
        """Return the program under which most notes sound; before the first change, that one holds."""
        if not self._onsets:
            return 0
        counts = Counter(self._programs[max(bisect_right(self._onsets, row[0]) - 1, 0)] for row in rows)
        return counts.most_common(1)[0][0]


def _tempos(sequences: list[_Sequence]) -> tuple[Tempo, ...]:
    changes = (
        Tempo(sequence.onset(tick), min(max(qpm, SLOWEST), FASTEST))
        for sequence in sequences
        for tick, qpm in sequence.events.tempos
    )
    return normalized([Tempo(0.0, 120.0), *changes])


def _metres(sequences: list[_Sequence]) -> tuple[Metre, ...]:
    changes = (
        Metre(sequence.onset(tick), numerator, denominator)
        for sequence in sequences
        for tick, numerator, denominator in sequence.events.metres
    )
    return normalized([Metre(0.0, 4, 4), *changes])
