"""Owns how pieces end: whether with the tonic in the bass, and how long their last note is held.

Knows nothing about how a take is closed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.corpus.keys import tonic_of
from core.notes import Piece


def ends_on_tonic(notes: NDArray[np.void]) -> bool:
    """Tell whether the tonic is in the bass at the end."""
    return bass_at_end(notes) % 12 == tonic_of(notes)


def bass_at_end(notes: NDArray[np.void]) -> int:
    """Return the lowest pitch that sounds at the last onset of some notes."""
    last = notes["onset"].max()
    return int(notes["pitch"][notes["onset"] + notes["duration"] > last].min())


def tonic_endings(pieces: Sequence[Piece]) -> float:
    """Return the share of the pieces with notes that end with the tonic in the bass."""
    ends = [ends_on_tonic(piece.notes) for piece in pieces if len(piece.notes)]
    return sum(ends) / max(len(ends), 1)


def last_note(piece: Piece) -> float:
    """Return how long it is from the last onset of a piece with notes to the end, in quarters."""
    return piece.end - float(piece.notes["onset"].max())
