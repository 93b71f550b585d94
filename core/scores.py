"""Owns the way from a music21 score to a piece.

Knows nothing about files: music21 has read them.
"""

from __future__ import annotations

from music21 import meter, stream

from core.notes import Metre, Piece, Tempo, Track, as_notes

_VELOCITY = 80


def from_score(score: stream.Score, title: str, qpm: float, program: int = 0) -> Piece:
    """Return the parts of a score as tracks of one instrument at one speed; tied notes become one note."""
    parts = [part.stripTies().flatten() for part in score.parts]
    rows = [
        (float(element.offset), float(element.quarterLength), pitch.midi, _VELOCITY, track)
        for track, part in enumerate(parts)
        for element in part.notes
        if element.quarterLength > 0
        for pitch in element.pitches
    ]
    names = [Track(str(part.partName or f"Part {number}"), program) for number, part in enumerate(score.parts, start=1)]
    return Piece(as_notes(rows), tracks=tuple(names), tempos=(Tempo(0.0, qpm),), metres=_metres(parts[0]), title=title)


def _metres(part: stream.Stream) -> tuple[Metre, ...]:
    marks = [
        Metre(float(mark.offset), mark.numerator, mark.denominator)
        for mark in part.getElementsByClass(meter.TimeSignature)
    ]
    return tuple(marks) or (Metre(0.0, 4, 4),)
