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
from typing import TypeVar

from core.midi.container import Container
from core.midi.events import DRUMS, Events
from core.midi.instruments import INSTRUMENTS
from core.midi.key_events import pair
from core.midi.pedal import sustained
from core.midi.tempo_map import normalized
from core.notes import GRID_TICKS, Metre, Piece, Tempo, Track, as_notes

_WHOLE_NOTE = 4.0
_SLOWEST, _FASTEST = 4.0, 1000.0  # qpm; what lies beyond is damage, not music

_Row = tuple[float, float, int, int]
Value = TypeVar("Value", int, bool)


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
    pedal: list[tuple[float, bool]]


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


def _pedalled(piece: Piece, pedals: list[list[tuple[float, bool]]]) -> Piece | None:
    """Let the pedal of each part hold its notes; None where no note is held."""
    notes = piece.notes.copy()
    for track, pedal in enumerate(pedals):
        of = notes["track"] == track
        notes["duration"][of] = sustained(notes[of], pedal, piece.end)
    return None if (notes == piece.notes).all() else replace(piece, notes=as_notes(notes))


def _sequences(container: Container, tracks: list[Events]) -> list[_Sequence]:
    sequences, start = [], 0.0
    for events in tracks:
        sequences.append(_Sequence(events, start, container.tpq))
        if container.format == 2:
            start += math.ceil(events.end / container.tpq)
    return sequences


def _parts(sequences: list[_Sequence]) -> Iterator[_Part]:
    for sequence in sequences:
        channels = sorted({channel for channel, _ in sequence.events.key_events})
        own_name = sequence.events.name if len(channels) == 1 else ""
        for channel in channels:
            rows, hanging = _rows(sequence, channel)
            if rows:
                program = _program(_changes(sequence, sequences, channel, _programs), rows)
                pedal = _changes(sequence, sequences, channel, _pedals)
                yield _Part(Track(own_name or INSTRUMENTS[program], program), channel, rows, hanging, pedal)


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


def _programs(events: Events, channel: int) -> list[tuple[int, int]]:
    return events.programs.get(channel, [])


def _pedals(events: Events, channel: int) -> list[tuple[int, bool]]:
    return events.pedals.get(channel, [])


def _changes(
    own: _Sequence, sequences: list[_Sequence], channel: int, of: Callable[[Events, int], list[tuple[int, Value]]]
) -> list[tuple[float, Value]]:
    """Return when a channel takes which program or moves its pedal, in order: in its own track, or else in any."""
    where = [own] if of(own.events, channel) else sequences
    changes = ((each.onset(tick), value) for each in where for tick, value in of(each.events, channel))
    return sorted(changes, key=lambda change: change[0])


def _program(changes: list[tuple[float, int]], rows: list[_Row]) -> int:
    """Return the program under which most notes sound; before the first change, that one holds."""
    if not changes:
        return 0
    onsets = [onset for onset, _ in changes]
    counts = Counter(changes[max(bisect_right(onsets, row[0]) - 1, 0)][1] for row in rows)
    return counts.most_common(1)[0][0]


def _tempos(sequences: list[_Sequence]) -> tuple[Tempo, ...]:
    changes = (
        Tempo(sequence.onset(tick), min(max(qpm, _SLOWEST), _FASTEST))
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
