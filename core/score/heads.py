"""Owns note heads: the pitch that each one shows, its id on the page, and when it sounds.

Knows nothing about music21 or note values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.notes import Piece, content_hash
from core.score.spelling import Spelling


@dataclass(frozen=True)
class Head:
    """A note head that sounds from `onset` to `end`, in quarter lengths. Its id is met in no other piece."""

    id: str
    spelling: Spelling
    onset: Fraction
    end: Fraction


class Heads:
    """The heads of a piece, as they are written one after another."""

    def __init__(self, piece: Piece, spellings: Sequence[Spelling]) -> None:
        """Begin without any; `spellings` are those of the piece's notes."""
        self.pitches: list[int] = piece.notes["pitch"].tolist()
        self.written: list[Head] = []
        self._spellings = spellings
        self._name = f"n{content_hash(piece)[:12]}"

    def write(self, numbers: Sequence[int], onset: Fraction, end: Fraction) -> list[Head]:
        """Write the heads of some notes, from below; two notes of one pitch have one head."""
        spellings = {self.pitches[number]: self._spellings[number] for number in numbers}
        first = len(self.written)
        heads = [
            Head(f"{self._name}-{first + place}", spellings[pitch], onset, end)
            for place, pitch in enumerate(sorted(spellings))
        ]
        self.written += heads
        return heads
