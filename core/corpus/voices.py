"""Owns voice leading: how often two voices of four move in parallel fifths or octaves.

Knows nothing about how music is kept from it.

Conventions
-----------
sonority : the pitches that sound at an onset, from the lowest
move     : from one onset to the next, where both sonorities have four pitches; voice k is the k-th from below
parallel : two voices that both move by the same interval, a fifth or an octave apart (compound intervals count)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.notes import GRID_TICKS, Piece

VOICES = 4
PERFECT = (0, 7)
"""Intervals that may not be moved in parallel, in semitones modulo 12."""

Sonorities = NDArray[np.int64]


def parallel_moves(pieces: Iterable[Piece]) -> tuple[int, int]:
    """Return how many pairs of voices move in parallel, and how many moves there are."""
    found = [_parallel_moves(piece) for piece in pieces]
    return sum(pairs for pairs, _ in found), sum(moves for _, moves in found)


def _parallel_moves(piece: Piece) -> tuple[int, int]:
    before, after = _moves(piece)
    steps, pairs = after - before, 0
    for low in range(VOICES):
        for high in range(low + 1, VOICES):
            together = (steps[:, low] == steps[:, high]) & (steps[:, low] != 0)
            pairs += int((together & np.isin((after[:, high] - after[:, low]) % 12, PERFECT)).sum())
    return pairs, len(before)


def _moves(piece: Piece) -> tuple[Sonorities, Sonorities]:
    """Return the sonorities before and after each move, (moves, 4) both."""
    notes = piece.notes
    starts = np.round(notes["onset"] * GRID_TICKS).astype(np.int64)
    ends = np.round((notes["onset"] + notes["duration"]) * GRID_TICKS).astype(np.int64)
    queue = deque(zip(starts.tolist(), ends.tolist(), notes["pitch"].tolist(), strict=True))
    sonorities: list[list[int]] = []
    sounding: list[tuple[int, int]] = []
    for onset in np.unique(starts).tolist():
        sounding = [(end, pitch) for end, pitch in sounding if end > onset]
        while queue and queue[0][0] == onset:
            _, end, pitch = queue.popleft()
            sounding.append((max(end, onset + 1), pitch))
        sonorities.append(sorted({pitch for _, pitch in sounding}))
    pairs = [pair for pair in pairwise(sonorities) if len(pair[0]) == len(pair[1]) == VOICES]
    moves = np.array(pairs, dtype=np.int64).reshape(-1, 2, VOICES)
    return moves[:, 0], moves[:, 1]
