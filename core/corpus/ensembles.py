"""Owns ensembles: which instruments play together in a piece, and where each of them plays.

Knows nothing about which note of new music belongs to which of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.corpus.corpus import evenly
from core.notes import Piece, sounding_at_onsets

MOST_PARTS = 32
_USUAL = 0.95
_TOLERANCE = 1e-6  # quarters


@dataclass(frozen=True)
class Part:
    """One part of an ensemble: its instrument, its lowest, usual (median) and highest pitch.

    `together` is how many of its notes sound at once, at most; what all but one onset in twenty keep to.
    """

    program: int
    lowest: int
    usual: int
    highest: int
    together: int


Ensemble = tuple[Part, ...]


def ensemble_of(piece: Piece) -> tuple[Ensemble, tuple[int, ...]]:
    """Return the parts of a piece, those with notes, and the number of the track of each."""
    tracks = np.unique(piece.notes["track"]).tolist()[:MOST_PARTS]
    return tuple(_part(piece, track) for track in tracks), tuple(tracks)


def ensembles_of(pieces: Sequence[Piece]) -> tuple[Ensemble, ...]:
    """Return the ensembles of some pieces, at most a hundred of them."""
    return tuple(ensemble_of(piece)[0] for piece in evenly(pieces))


def _part(piece: Piece, track: int) -> Part:
    notes = piece.notes[piece.notes["track"] == track]
    pitches = notes["pitch"]
    sounding = sounding_at_onsets(notes["onset"], notes["onset"] + notes["duration"], _TOLERANCE)
    together = max(int(np.quantile(sounding, _USUAL, method="lower")), 1)
    program = piece.tracks[track].program
    return Part(program, int(pitches.min()), int(np.median(pitches)), int(pitches.max()), min(together, 128))
