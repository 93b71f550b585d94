"""Owns what a take is as a file: one JSON object with its notes and how it came about.

Knows nothing about where files lie. Nothing is executed, and every value is checked, so that a file may come from a
stranger.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.composing.take import Take
from core.config import ComposingSettings
from core.notes import NOTE, Metre, Piece, Tempo, Track, as_notes
from core.takes.desk import KeptTake, Origin

FORMAT = 1
_MOST_NOTES = 200_000
_LONGEST = 1e6  # quarter lengths


class TakeError(ValueError):
    """A file that is not a take, or not one that this program can read."""


def write_take(kept: KeptTake) -> str:
    """Return a take as JSON, without its place on a desk: number, name, note, star and parent stay out."""
    take, piece = kept.take, kept.take.piece
    return json.dumps(
        {
            "format": FORMAT,
            "seed": take.seed,
            "model": take.model,
            "grid": take.grid,
            "primer_end": take.primer_end,
            "settings": asdict(kept.origin.settings),
            "fingerprint": kept.origin.fingerprint,
            "how": kept.origin.how,
            "title": piece.title,
            "tracks": [[track.name, track.program] for track in piece.tracks],
            "tempos": [[tempo.onset, tempo.qpm] for tempo in piece.tempos],
            "metres": [[metre.onset, metre.numerator, metre.denominator] for metre in piece.metres],
            "notes": piece.notes.tolist(),
            "drums": piece.drums.tolist(),
        },
        separators=(",", ":"),
    )


def take_id(written: str) -> str:
    """Return the name of a take: a hash of all that it holds."""
    return hashlib.sha256(written.encode()).hexdigest()[:24]


def read_take(written: str) -> tuple[Take, Origin]:
    """Restore a take and how it came about. Raises TakeError."""
    try:
        data = json.loads(written)
        if data["format"] != FORMAT:
            raise TakeError("This take was made by another version of Encore and cannot be read.")
        piece = Piece(
            _notes(data["notes"], len(data["tracks"])),
            tracks=tuple(Track(str(name)[:200], _whole(program, 0, 127)) for name, program in data["tracks"]),
            tempos=tuple(Tempo(_number(onset), _number(qpm, 1, 2000)) for onset, qpm in data["tempos"]),
            metres=tuple(
                Metre(_number(onset), _whole(above, 1, 255), _whole(below, 1, 256))
                for onset, above, below in data["metres"]
            ),
            title=str(data["title"])[:200],
            drums=_notes(data["drums"], 1 << 16),
        )
        if not (piece.tempos and piece.metres and piece.tempos[0].onset == piece.metres[0].onset == 0.0):
            raise TakeError("This take is damaged: it has no tempo or no metre.")
        seed, end = _whole(data["seed"], 0, 2**31), _number(data["primer_end"])
        take = Take(piece, seed, str(data["model"])[:64], bool(data["grid"]), end)
        found = data["fingerprint"]
        fingerprint = None if found is None else str(found)[:64]
        return take, Origin(ComposingSettings(**data["settings"]), fingerprint, str(data["how"])[:200])
    except TakeError:
        raise
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise TakeError("This take is damaged and cannot be read.") from error


def _notes(rows: Any, tracks: int) -> NDArray[np.void]:
    """Return notes from rows, each value within its range."""
    if len(rows) > _MOST_NOTES:
        raise TakeError("This take has more notes than any that Encore makes.")
    columns = np.array([[float(value) for value in row] for row in rows], dtype=np.float64).reshape(-1, 5)
    lowest, highest = np.array([0, 0, 0, 1, 0]), np.array([_LONGEST, _LONGEST, 127, 127, tracks - 1])
    if not ((columns >= lowest) & (columns <= highest)).all():
        raise TakeError("This take is damaged: some of its notes are none.")
    notes = np.zeros(len(columns), dtype=NOTE)
    for name, column in zip(notes.dtype.names or (), columns.T, strict=True):
        notes[name] = column
    return as_notes(notes)


def _number(value: Any, lowest: float = 0.0, highest: float = _LONGEST) -> float:
    number = float(value)
    if not lowest <= number <= highest:
        raise TakeError("This take is damaged: one of its numbers is out of range.")
    return number


def _whole(value: Any, lowest: int, highest: int) -> int:
    return int(_number(int(value), lowest, highest))
