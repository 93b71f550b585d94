"""Owns the description of a piece: what there is to tell a person about it, as words and plain values.

Knows nothing about pages, nor how a file was read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from music21.analysis.discrete import AardenEssen
from music21.key import Key
from music21.note import Note
from music21.stream import Stream

from core.bars import count_bars
from core.midi import Reading
from core.midi.instruments import INSTRUMENTS
from core.notes import Piece, is_performed

_SHARES = 256
_MOST_SHARPS = 6  # beyond them the flat name is the usual one: D♭ major, not C♯ major


@dataclass(frozen=True)
class Part:
    """One track in words."""

    name: str
    instrument: str
    notes: int


@dataclass(frozen=True)
class Description:
    """A piece in words. `bars` and `metre` mean little where it was `performed` freely, without a beat to count."""

    name: str
    title: str
    seconds: float
    bars: int
    metre: str
    qpm: float
    performed: bool
    notes: int
    drum_hits: int
    parts: tuple[Part, ...]
    remarks: tuple[str, ...]


def describe(reading: Reading) -> Description:
    """Describe what was read."""
    piece = reading.piece
    return Description(
        name=reading.name,
        title=piece.title,
        seconds=piece.seconds,
        bars=count_bars(piece),
        metre=f"{piece.metre.numerator}/{piece.metre.denominator}",
        qpm=piece.qpm,
        performed=is_performed(piece),
        notes=reading.notes,
        drum_hits=reading.drum_hits,
        parts=_parts(piece),
        remarks=reading.remarks,
    )


def _parts(piece: Piece) -> tuple[Part, ...]:
    counts = np.bincount(piece.notes["track"], minlength=len(piece.tracks))
    return tuple(
        Part(track.name, INSTRUMENTS[track.program], int(count))
        for track, count in zip(piece.tracks, counts, strict=True)
    )


def key_of(piece: Piece) -> str:
    """Name the key that fits best, such as 'G major'; empty without notes.

    By the method of Krumhansl and Schmuckler (C. Krumhansl, Cognitive Foundations of Musical Pitch, 1990) with the
    weights of B. Aarden (Dynamic Melodic Expectancy, 2003). It looks only at how long each of the twelve pitch classes
    sounds, so twelve notes stand for the whole piece.
    """
    if not len(piece.notes):
        return ""
    durations = np.bincount(piece.notes["pitch"] % 12, weights=piece.notes["duration"], minlength=12)
    shares = np.rint(_SHARES * durations / durations.max())
    summary: Stream = Stream([Note(tone, quarterLength=share) for tone, share in enumerate(shares.tolist()) if share])
    (best, mode, _), _ = AardenEssen().process(summary)  # not `getSolution`, which makes an object of every key
    tonic = best if abs(Key(best, mode).sharps) <= _MOST_SHARPS else best.getEnharmonic()
    return f"{tonic.name.replace('-', '♭').replace('#', '♯')} {mode}"
