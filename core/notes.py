"""Owns notes and pieces: the values that every other module passes on.

Knows nothing about files, encodings, networks or sound.

Conventions
-----------
onset, duration, gap : quarter lengths (float), from the beginning of the piece
pitch                : MIDI key number, 0..127, 60 = C4
velocity             : 1..127
program              : General MIDI instrument, 0..127, 0 = acoustic grand piano
qpm                  : quarters per minute

Notes stand in the order (onset, pitch); arrays inside a `Piece` are read-only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

NOTE = np.dtype(
    [
        ("onset", np.float64),
        ("duration", np.float64),
        ("pitch", np.uint8),
        ("velocity", np.uint8),
        ("track", np.uint16),
    ]
)
GRID_TICKS = 24
"""Finest grid that written music is expected to keep: 32nds and triplet 16ths are whole ticks."""
CLOCK_QPM = 250.0
"""The speed at which such a tick lasts 10 ms: performed music, which has no beat, is counted at it."""
FREE_QPM = 120.0
"""The speed that performed music is written at: whole ticks of the clock do not lie on the grid then."""

_LEAST_REGULAR = 0.3  # performances have up to 0.1, the least regular files of written music 0.47
_PITCH_NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


@dataclass(frozen=True)
class Track:
    """One part of a piece: its name as the file gives it, and its instrument."""

    name: str = ""
    program: int = 0


@dataclass(frozen=True)
class Tempo:
    """The speed from `onset` on."""

    onset: float
    qpm: float


@dataclass(frozen=True)
class Metre:
    """The time signature from `onset` on."""

    onset: float
    numerator: int
    denominator: int

    @property
    def bar(self) -> float:
        """Length of a bar in quarter lengths."""
        return 4.0 * self.numerator / self.denominator


Change = TypeVar("Change", Tempo, Metre)
Number = TypeVar("Number", np.int64, np.float64)


def as_notes(rows: Iterable[tuple[float, float, int, int, int]] | NDArray[np.void]) -> NDArray[np.void]:
    """Return a sorted, read-only `NOTE` array from rows (onset, duration, pitch, velocity, track)."""
    notes = np.array(rows if isinstance(rows, np.ndarray) else list(rows), dtype=NOTE)
    notes = notes[np.lexsort((notes["track"], notes["pitch"], notes["onset"]))]
    notes.setflags(write=False)
    return notes


@dataclass(frozen=True, eq=False)
class Piece:
    """One piece of music; `drums` are kept apart because their pitches are not pitches."""

    notes: NDArray[np.void]
    tracks: tuple[Track, ...] = (Track(),)
    tempos: tuple[Tempo, ...] = (Tempo(0.0, 120.0),)
    metres: tuple[Metre, ...] = (Metre(0.0, 4, 4),)
    title: str = ""
    drums: NDArray[np.void] = field(default_factory=lambda: as_notes([]))

    @property
    def end(self) -> float:
        """Where the last note ends, in quarter lengths; 0 without notes."""
        return float((self.notes["onset"] + self.notes["duration"]).max(initial=0.0))

    @property
    def seconds(self) -> float:
        """Playing time in seconds."""
        return float(seconds_at(self, self.end))

    @property
    def qpm(self) -> float:
        """The speed that holds for the longest time."""
        return _longest(self.tempos, self.end).qpm

    @property
    def metre(self) -> Metre:
        """The time signature that holds for the longest time."""
        return _longest(self.metres, self.end)

    @property
    def program(self) -> int:
        """The instrument that plays most notes."""
        programs = np.array([track.program for track in self.tracks])
        return int(np.bincount(programs[self.notes["track"]], minlength=1).argmax())


def _longest(changes: tuple[Change, ...], end: float) -> Change:
    """Return the tempo or metre in force for the longest time before `end`."""
    bounds = [change.onset for change in changes[1:]] + [max(end, changes[-1].onset)]
    held: dict[Change, float] = {}
    for change, until in zip(changes, bounds, strict=True):
        kind = replace(change, onset=0.0)
        held[kind] = held.get(kind, 0.0) + min(until, end) - min(change.onset, end)
    return max(held, key=lambda kind: held[kind])


def content_hash(piece: Piece) -> str:
    """Return a hash of all that a piece holds, its names too; equal hashes mean equal pieces."""
    content = hashlib.sha256(piece.notes.tobytes())
    content.update(piece.drums.tobytes())
    content.update(repr((len(piece.notes), piece.tracks, piece.tempos, piece.metres, piece.title)).encode())
    return content.hexdigest()


def seconds_at(piece: Piece, onset: ArrayLike) -> NDArray[np.float64]:
    """Convert quarter lengths to seconds through the tempo map of `piece`."""
    starts = np.array([tempo.onset for tempo in piece.tempos])
    pace = np.array([60.0 / tempo.qpm for tempo in piece.tempos])
    passed = np.concatenate([[0.0], np.cumsum(np.diff(starts) * pace[:-1])])
    onset = np.asarray(onset, dtype=np.float64)
    index = np.clip(np.searchsorted(starts, onset, side="right") - 1, 0, None)
    return passed[index] + (onset - starts[index]) * pace[index]


def onsets_at(piece: Piece, seconds: ArrayLike) -> NDArray[np.float64]:
    """Convert seconds to quarter lengths through the tempo map of `piece`: the inverse of `seconds_at`."""
    starts = np.array([tempo.onset for tempo in piece.tempos])
    qpm = np.array([tempo.qpm for tempo in piece.tempos])
    passed = seconds_at(piece, starts)
    seconds = np.asarray(seconds, dtype=np.float64)
    index = np.clip(np.searchsorted(passed, seconds, side="right") - 1, 0, None)
    return starts[index] + (seconds - passed[index]) * qpm[index] / 60.0


def scale_tempo(piece: Piece, factor: float) -> Piece:
    """Play a piece so many times as fast."""
    return replace(piece, tempos=tuple(replace(tempo, qpm=tempo.qpm * factor) for tempo in piece.tempos))


def with_programs(piece: Piece, programs: Sequence[int]) -> Piece:
    """Give each track, in their order, an instrument."""
    tracks = tuple(replace(track, program=program) for track, program in zip(piece.tracks, programs, strict=True))
    return replace(piece, tracks=tracks)


def with_own_track(piece: Piece, onset: float, track: Track) -> Piece:
    """Let a track of their own, the last one, have the notes from an onset on; tracks without notes are left out."""
    return drop_empty_tracks(on_new_track(piece, piece.notes["onset"] >= onset, track))


def on_new_track(piece: Piece, rows: NDArray[np.int64] | NDArray[np.bool_], track: Track) -> Piece:
    """Let a new track, the last one, have some notes, given by their numbers or a mask."""
    notes = piece.notes.copy()
    notes["track"][rows] = len(piece.tracks)
    return replace(piece, notes=as_notes(notes), tracks=(*piece.tracks, track))


def transpose(piece: Piece, semitones: int) -> Piece:
    """Shift every pitch; notes that would leave 0..127 are moved back by an octave."""
    pitch = piece.notes["pitch"].astype(int) + semitones
    pitch = np.where(pitch > 127, pitch - 12, np.where(pitch < 0, pitch + 12, pitch))
    notes = piece.notes.copy()
    notes["pitch"] = pitch
    return replace(piece, notes=as_notes(notes))


def clip(piece: Piece, start: float, stop: float) -> Piece:
    """Keep the notes with start <= onset < stop, moved so that `start` becomes 0 and cut at `stop`."""
    return replace(
        piece,
        notes=_clipped(piece.notes, start, stop),
        drums=_clipped(piece.drums, start, stop),
        tempos=_changes_between(piece.tempos, start, stop),
        metres=_changes_between(piece.metres, start, stop),
    )


def _clipped(notes: NDArray[np.void], start: float, stop: float) -> NDArray[np.void]:
    kept = notes[(notes["onset"] >= start) & (notes["onset"] < stop)].copy()
    kept["duration"] = np.minimum(kept["duration"], stop - kept["onset"])
    kept["onset"] -= start
    return as_notes(kept)


def _changes_between(changes: tuple[Change, ...], start: float, stop: float) -> tuple[Change, ...]:
    first = ([change for change in changes if change.onset <= start] or [changes[0]])[-1]
    moved = [replace(first, onset=0.0)]
    moved += [replace(change, onset=change.onset - start) for change in changes if start < change.onset < stop]
    return tuple(moved)


def keep_tracks(piece: Piece, tracks: Iterable[int]) -> Piece:
    """Keep the notes of the given track numbers; the tracks themselves stay in their places."""
    wanted = np.isin(piece.notes["track"], list(tracks))
    return replace(piece, notes=as_notes(piece.notes[wanted]))


def drop_empty_tracks(piece: Piece) -> Piece:
    """Leave out the tracks that have no notes."""
    used, numbers = np.unique(piece.notes["track"], return_inverse=True)
    notes = piece.notes.copy()
    notes["track"] = numbers
    return replace(piece, notes=as_notes(notes), tracks=tuple(piece.tracks[track] for track in used))


def sounding_at_onsets(onsets: NDArray[Number], ends: NDArray[Number], tolerance: float = 0.0) -> NDArray[np.int64]:
    """Return how many notes sound at each onset that differs, in order; one that ends there has ended."""
    starts = np.unique(onsets)
    begun = np.searchsorted(np.sort(onsets), starts, side="right")
    return begun - np.searchsorted(np.sort(ends), starts + tolerance, side="right")


def lies_on_grid(notes: NDArray[np.void]) -> bool:
    """Tell whether the onsets keep to a beat (written music) or fall freely (a performance).

    Onsets as angles, a turn a tick, have a mean resultant length (Mardia and Jupp, Directional Statistics, 2000): near
    0 for free ones, 1 where all keep to the ticks, or to places equally far from them.
    """
    if not len(notes):
        return True
    return bool(np.abs(np.exp(2j * np.pi * GRID_TICKS * notes["onset"]).mean()) > _LEAST_REGULAR)


def is_performed(piece: Piece) -> bool:
    """Tell whether the music falls freely in time, see `lies_on_grid`: its beats and bars mean nothing."""
    return not lies_on_grid(piece.notes)


def on_clock(piece: Piece) -> Piece:
    """Return the same sounds at 250 quarters a minute throughout, so that a tick is 10 ms."""
    return at_constant_speed(piece, CLOCK_QPM)


def counted(piece: Piece) -> Piece:
    """Return a piece in the quarters that ticks are made of: performed music by the clock."""
    return on_clock(piece) if is_performed(piece) else piece


def at_constant_speed(piece: Piece, qpm: float) -> Piece:
    """Return the same sounds, second for second, at one speed throughout and in bars of 4/4."""
    notes, drums = (_moved(each, piece, qpm) for each in (piece.notes, piece.drums))
    return replace(piece, notes=notes, drums=drums, tempos=(Tempo(0.0, qpm),), metres=(Metre(0.0, 4, 4),))


def _moved(notes: NDArray[np.void], piece: Piece, qpm: float) -> NDArray[np.void]:
    moved = notes.copy()
    moved["onset"] = seconds_at(piece, notes["onset"]) * qpm / 60.0
    moved["duration"] = seconds_at(piece, notes["onset"] + notes["duration"]) * qpm / 60.0 - moved["onset"]
    return as_notes(moved)


def pitch_name(pitch: int) -> str:
    """Spell a pitch for the eye: 60 is 'C4', 61 'C♯4'."""
    return f"{_PITCH_NAMES[pitch % 12]}{pitch // 12 - 1}"
