"""Owns the reading of MIDI files: bytes -> `Reading`, a piece with what there is to say about it.

Knows nothing about zip archives or pages; writing is in `writing`.

Conventions
-----------
time           : ticks of the file become quarter lengths; SMPTE time, which has no beat, as at 120 quarters a minute
tracks         : one for each (track of the file, channel) that has notes; channel 10 goes to `Piece.drums`
silence        : dropped at the beginning, elsewhere shortened to less than `FileLimits.silence`, by whole bars
overlap        : equal pitches that overlap are kept; the first press ends with the first release
hanging note   : ends at the next press of its key, after a whole note at most
release alone  : left out
zero length    : made as short as the finest grid, 1/24 quarter
endless note   : cut at `FileLimits.duration`
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from core.midi.container import Container, ContainerError, unpack
from core.midi.events import decode
from core.midi.parts import assemble
from core.midi.silence import close_silences
from core.notes import Piece, as_notes, is_performed


class MidiError(ValueError):
    """A file cannot be used; the message names it, says what is wrong and what to do."""


FEWEST_NOTES = 16
"""From fewer nothing can be learned."""


@dataclass(frozen=True)
class FileLimits:
    """How much one file may hold."""

    bytes: int = 2_000_000
    notes: int = 100_000
    tracks: int = 512
    seconds: float = 4 * 3600.0
    silence: float = 16.0  # quarters; no shorter than the longest bar that is read
    duration: float = 128.0  # quarters, of one note
    fewest: int = FEWEST_NOTES


FILE_LIMITS = FileLimits()


@dataclass(frozen=True, eq=False)
class Reading:
    """A file that was read: its music, the music that was lost on the way, and what else is worth knowing.

    `pedalled` is a performed piece with notes that last as long as the sustain pedal holds them; None where it holds
    none.
    """

    name: str
    piece: Piece
    losses: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    pedalled: Piece | None = None

    @property
    def sounding(self) -> Piece:
        """The piece as it sounds, with the pedal."""
        return self.piece if self.pedalled is None else self.pedalled

    @property
    def status(self) -> str:
        """'partial' if music was lost, else 'ok'."""
        return "partial" if self.losses else "ok"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Plain sentences, what was lost first."""
        return self.losses + self.notices

    @property
    def message(self) -> str:
        """The remarks as one text."""
        return " ".join(self.remarks)

    @property
    def notes(self) -> int:
        """How many pitched notes there are."""
        return len(self.piece.notes)

    @property
    def drum_hits(self) -> int:
        """How many notes the drums play."""
        return len(self.piece.drums)

    @property
    def tracks(self) -> int:
        """How many tracks have pitched notes."""
        return len(self.piece.tracks)

    @property
    def quarters(self) -> float:
        """The end of the last note, in quarter lengths."""
        return self.piece.end

    @property
    def seconds(self) -> float:
        """The playing time."""
        return self.piece.seconds


def read(data: bytes, name: str, limits: FileLimits = FILE_LIMITS) -> Reading:
    """Read the MIDI file called `name`.

    Raises `MidiError` if it is no MIDI, has no pitched notes, or is too large.
    """
    container = _open(data, name, limits)
    tracks = [decode(track) for track in container.tracks]
    if (many := sum(bool(events.key_events) for events in tracks)) > limits.tracks:
        raise MidiError(f"“{name}” has {many} tracks with notes, more than {limits.tracks}. Try a simpler piece.")
    faults = sum(events.faults for events in tracks)
    assembled = assemble(container, tracks, title=PurePath(name).stem)
    piece, pedalled = assembled.piece, assembled.pedalled
    if faults and not len(piece.notes):
        raise MidiError(f"“{name}” is damaged: no notes can be read from it. Copy or download it once more.")
    _check_notes(piece, name, limits)
    piece, closed = _tidied(piece, limits)
    if pedalled is not None:
        pedalled = _tidied(pedalled, limits)[0] if is_performed(piece) else None
    if piece.seconds > limits.seconds:
        raise MidiError(f"“{name}” lasts longer than {limits.seconds / 3600:g} hours. Try a shorter piece.")
    losses = container.losses + ((f"{_count(faults, 'damaged event')} left out.",) if faults else ())
    notices = container.notices + _notices(piece, assembled.hanging, closed, limits)
    return Reading(name, piece, losses, notices, pedalled)


def _open(data: bytes, name: str, limits: FileLimits) -> Container:
    if len(data) > limits.bytes:
        raise MidiError(f"“{name}” is larger than {limits.bytes / 1e6:g} MB. Try a shorter piece.")
    try:
        container = unpack(data)
    except ContainerError as error:
        raise MidiError(f"“{name}” {error}. Export it again from your music program as a MIDI file (.mid).") from error
    return container


def _check_notes(piece: Piece, name: str, limits: FileLimits) -> None:
    """Refuse a piece that nothing can be learned from, or that is too large."""
    count = len(piece.notes) + len(piece.drums)
    if not count:
        raise MidiError(f"“{name}” holds no notes. Check in your music program that its tracks are not empty.")
    if not len(piece.notes):
        raise MidiError(f"“{name}” has only drums, and drums have no melody to learn. Try one with other instruments.")
    if count > limits.notes:
        raise MidiError(f"“{name}” has {count:,} notes, more than {limits.notes:,}. Try a shorter piece.")


def _tidied(piece: Piece, limits: FileLimits) -> tuple[Piece, float]:
    """Return a piece with endless notes cut and long silences closed, and how much of them was left out."""
    return close_silences(_shortened(piece, limits.duration), limits.silence)


def _shortened(piece: Piece, longest: float) -> Piece:
    """Cut the notes that are held for longer than `longest` quarters."""
    return replace(piece, notes=_cut(piece.notes, longest), drums=_cut(piece.drums, longest))


def _cut(notes: NDArray[np.void], longest: float) -> NDArray[np.void]:
    notes = notes.copy()
    notes["duration"] = np.minimum(notes["duration"], longest)
    return as_notes(notes)


def _notices(piece: Piece, hanging: int, closed: float, limits: FileLimits) -> tuple[str, ...]:
    """Say what was changed or is unusual without a loss of music."""
    notices = []
    if hanging:
        notices.append(f"{_count(hanging, 'note')} without an end given one.")
    if closed:
        notices.append(f"Long silences shortened by {closed:g} quarter notes in all.")
    if len(piece.notes) < limits.fewest:
        notices.append(f"Only {_count(len(piece.notes), 'note')}: too short to learn from.")
    return tuple(notices)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
