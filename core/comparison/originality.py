"""Owns originality: how much of a take stands in the music learned from, beside what its pieces share with each other.

Knows nothing about networks or pages.

After Yin, Reuben, Stepney and Collins, Measuring When a Music Generation Algorithm Copies Too Much (SN Computer
Science 3, 2022): what a take shares with the corpus says little by itself; it is held against what each piece of the
corpus shares with the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.bars import bars_at
from core.comparison.motifs import MotifIndex, Run
from core.corpus.corpus import Corpus
from core.encoding.joint import note_order
from core.notes import Piece, as_notes, is_performed, seconds_at

LENGTHS = (4, 8, 16)
"""Notes of the motifs that are counted."""
TOLD = 8
"""Notes of the motifs that words speak of."""


@dataclass(frozen=True)
class Place:
    """A run that a take shares with a piece, by where it begins in both: bar numbers, and words for a musician."""

    notes: int
    piece: str
    bar: int
    take_bar: int
    bar_words: str
    take_bar_words: str


@dataclass(frozen=True)
class Originality:
    """Shares of motifs by their lengths: of the take's in the corpus, of each piece's in the others; and the runs."""

    shared: dict[int, float]
    among: dict[int, tuple[float, ...]]
    runs: tuple[Run, ...]

    @property
    def longest(self) -> Run | None:
        """The longest run of the take that stands in the corpus; None where there is none of eight notes."""
        return max(self.runs, key=lambda run: run.notes, default=None)

    def below(self, length: int = TOLD) -> int:
        """Count the pieces that share more with the others than the take does with all."""
        return sum(share > self.shared[length] for share in self.among[length])


class Learned:
    """The pieces learned from, ready for takes to be held against them."""

    def __init__(self, corpus: Corpus) -> None:
        """Index the pieces: a second for two million notes."""
        self.corpus = corpus
        self._index = MotifIndex(corpus.pieces)
        self._among = {length: tuple(self._index.shared_among(length)) for length in LENGTHS}

    def originality(self, piece: Piece, begin: float = 0.0) -> Originality:
        """Return what the notes of a take from onset `begin` on share with the pieces."""
        new = _from(piece, begin)
        shared = {length: self._index.shared(new, length) for length in LENGTHS}
        return Originality(shared, self._among, tuple(self._index.runs(new)))

    def place(self, piece: Piece, run: Run, begin: float = 0.0) -> Place:
        """Say where a run of `originality` stands, there and in the take."""
        source = self.corpus.pieces[run.piece]
        there, here = self.notes_there(run)[0], notes_here(piece, run, begin)[0]
        words = _in_words(source, there), _in_words(piece, here)
        return Place(run.notes, self.corpus.names[run.piece], _bar(source, there), _bar(piece, here), *words)

    def notes_there(self, run: Run) -> NDArray[np.int64]:
        """Return which notes of its piece a run is."""
        return note_order(self.corpus.pieces[run.piece])[run.at : run.at + run.notes]


def notes_here(piece: Piece, run: Run, begin: float = 0.0) -> NDArray[np.int64]:
    """Return which notes of a take a run of `originality` is."""
    new = np.flatnonzero(piece.notes["onset"] >= begin)
    return new[note_order(_from(piece, begin))[run.begin : run.begin + run.notes]]


def in_words(found: Originality) -> str:
    """Say how much of a take stands in the music learned from, and how many of its pieces share more."""
    share, pieces, below = found.shared[TOLD], len(found.among[TOLD]), found.below()
    what = "of its runs of eight notes"
    words = f"None {what} stands in your music." if not share else f"{_percent(share)} {what} also stand in your music."
    if pieces < 2 or not (share or below):
        return words
    if below == pieces:
        return f"{words} Each of your {pieces} pieces shares more with the others."
    if below <= 1:
        return f"{words} {'One' if below else 'None'} of your {pieces} pieces shares more with the others."
    return f"{words} {below} of your {pieces} pieces share more with the others."


def _percent(share: float) -> str:
    return "Under 1 %" if share < 0.005 else f"{round(100 * share)} %"


def _from(piece: Piece, begin: float) -> Piece:
    return replace(piece, notes=as_notes(piece.notes[piece.notes["onset"] >= begin]))


def _bar(piece: Piece, note: int) -> int:
    return int(bars_at(piece, np.round(piece.notes["onset"][note], 6)))


def _in_words(piece: Piece, note: int) -> str:
    """Say where a note begins: in which bar, or when in music without bars."""
    if not is_performed(piece):
        return f"bar {_bar(piece, note)}"
    minutes, seconds = divmod(int(seconds_at(piece, piece.notes["onset"][note])), 60)
    return f"{minutes}:{seconds:02d}"
