"""Owns the value `Corpus`: pieces to learn from, the names that a person knows them by, and their digests.

Knows nothing about where they come from.

Names are for people; the digest of a piece is its key. It covers what is learned from a piece: its notes (with velocity
and track), metres, tempos and main instrument, but not its title, the names of its tracks or its drums.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.midi.reading import FEWEST_NOTES
from core.notes import Piece, Track, as_notes

_FEWEST_ONSETS = 4
MOST_DESCRIBED = 100
"""Pieces that the facts of a style are told of one by one."""


def evenly(pieces: Sequence[Piece], most: int = MOST_DESCRIBED) -> list[Piece]:
    """Return the pieces, of more than `most` so many evenly chosen ones."""
    chosen = np.linspace(0, len(pieces) - 1, min(len(pieces), most)).round().astype(int)
    return [pieces[index] for index in np.unique(chosen)]


def digest(piece: Piece) -> str:
    """Return a hash of what is learned from a piece, in hexadecimal."""
    content = hashlib.sha256(piece.notes.tobytes())
    content.update(repr((piece.metres, piece.tempos, piece.program)).encode())
    return content.hexdigest()


@dataclass(frozen=True, eq=False)
class Corpus:
    """Pieces with a name and a digest each; the digest of a part of a piece may be that of the whole."""

    names: tuple[str, ...]
    pieces: tuple[Piece, ...]
    digests: tuple[str, ...]

    @classmethod
    def of(cls, named: Iterable[tuple[str, Piece]]) -> Corpus:
        """Make a corpus of (name, piece) pairs."""
        pairs = list(named)
        pieces = tuple(piece for _, piece in pairs)
        return cls(tuple(name for name, _ in pairs), pieces, tuple(map(digest, pieces)))

    def __len__(self) -> int:
        return len(self.pieces)

    @property
    def digest(self) -> str:
        """The digest of all: the same for the same pieces in any order."""
        return hashlib.sha256(json.dumps(sorted(self.digests)).encode()).hexdigest()

    @property
    def notes(self) -> int:
        """How many notes there are in all."""
        return sum(len(piece.notes) for piece in self.pieces)

    @property
    def lack(self) -> str:
        """Why nothing can be learned, in words for a musician, where there are too few notes; else nothing."""
        if not self.notes:
            return "There are no notes to learn from. Add a piece, or take tracks into use."
        if self.notes < FEWEST_NOTES:
            here = "is only one note" if self.notes == 1 else f"are only {self.notes} notes"
            return f"There {here} to learn from, and {FEWEST_NOTES} are needed. Add a piece, or take tracks into use."
        if sum(len(np.unique(piece.notes["onset"])) for piece in self.pieces) < _FEWEST_ONSETS:
            return "All notes begin nearly together, so there is no rhythm to learn. Add another piece."
        return ""

    def select(self, indices: Sequence[int]) -> Corpus:
        """Return the pieces at some indices."""
        return Corpus(
            tuple(self.names[index] for index in indices),
            tuple(self.pieces[index] for index in indices),
            tuple(self.digests[index] for index in indices),
        )

    def ordered(self) -> Corpus:
        """Return the pieces in the order of their digests."""
        return self.select(sorted(range(len(self)), key=self.digests.__getitem__))

    def anonymous(self) -> Corpus:
        """Return the pieces without names, titles, names of tracks and drums: what is enough to learn from them."""
        return Corpus(("",) * len(self), tuple(map(_without_text, self.pieces)), self.digests)


def _without_text(piece: Piece) -> Piece:
    tracks = tuple(Track("", track.program) for track in piece.tracks)
    return replace(piece, title="", tracks=tracks, drums=as_notes([]))
