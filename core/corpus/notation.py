"""Owns the way from a music21 score to a piece.

Knows nothing about files: music21 has read them. An incomplete first measure becomes a bar of its own: a pick-up.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from music21 import meter, stream

from core.notes import Metre, Piece, Tempo, Track, as_notes

_VELOCITY = 80
_SHORTEST_UNIT = 64  # the smallest note that a metre counts in is 1/64


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
    return Piece(
        as_notes(rows), tracks=tuple(names), tempos=(Tempo(0.0, qpm),), metres=_metres(score.parts[0]), title=title
    )


def _metres(part: stream.Part) -> tuple[Metre, ...]:
    changes = [
        Metre(float(each.offset), each.numerator, each.denominator)
        for each in part.flatten().getElementsByClass(meter.TimeSignature)
    ]
    metres = tuple(changes) or (Metre(0.0, 4, 4),)
    pickup = _pickup(part, metres[0])
    if pickup is None:
        return metres
    return (pickup, replace(metres[0], onset=pickup.bar), *(each for each in metres[1:] if each.onset > pickup.bar))


def _pickup(part: stream.Part, metre: Metre) -> Metre | None:
    """Return the metre of a first measure that is left incomplete, None where there is none."""
    measure = part.getElementsByClass(stream.Measure).first()
    if measure is None or not measure.paddingLeft:
        return None
    length = Fraction(metre.bar - float(measure.paddingLeft)).limit_denominator(_SHORTEST_UNIT // 4) / 4
    unit = max(length.denominator, metre.denominator)
    if length <= 0 or unit > _SHORTEST_UNIT or unit & (unit - 1):
        return None
    return Metre(0.0, int(length * unit), unit)
