"""Owns music that is changed so that one hears what a part of it does: its rhythm, or that pitch and rhythm fit.

Knows nothing about networks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.notes import Piece, as_notes

EVEN = 0.5
"""Quarter lengths from each onset to the next where rhythm is left out."""


def without_rhythm(piece: Piece) -> Piece:
    """Return a piece whose onsets are all equally far apart, and whose notes are all equally long."""
    notes = piece.notes.copy()
    _, numbers = np.unique(notes["onset"], return_inverse=True)
    notes["onset"], notes["duration"] = numbers * EVEN, EVEN
    return replace(piece, notes=as_notes(notes), drums=as_notes([]))


def not_heard(rhythm: Piece, pitches: Piece) -> Piece:
    """Return the onsets, lengths and loudness of one piece with the pitches of another, note by note.

    It is as long as the one with fewer notes. What falls on a note that sounds already is left out.
    """
    many = min(len(rhythm.notes), len(pitches.notes))
    notes = rhythm.notes[:many].copy()
    notes["pitch"] = pitches.notes["pitch"][:many]
    _, first = np.unique(notes[["onset", "pitch"]], return_index=True)
    return replace(rhythm, notes=as_notes(notes[np.sort(first)]))
