"""Owns measures of how much music resembles other music, how much of it is copied, and how much it repeats itself.

Knows nothing about models.

Conventions
-----------
move      : from a note to the next: duration of the first, gap and interval (ticks and semitones), so that keys do not
            matter
motif     : a run of notes as their moves
histogram : normalised counts; the overlapping area of two is their intersection (Swain and Ballard, 'Color indexing',
            International Journal of Computer Vision 7, 1991): 1 if they are equal, 0 if they share nothing

The notes of a piece stand in the order (onset in ticks, pitch).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.bars import bar_onsets, bars_at
from core.encoding.time_grid import TICKS_PER_QUARTER, to_ticks
from core.notes import Piece

MOTIFS = (4, 8, 16)
"""Lengths of the motifs that are compared, in notes."""

Ids = NDArray[np.int64]
Motifs = set[bytes]
Histograms = dict[str, NDArray[np.float64]]

_LONGEST = 4095  # ticks that a move can hold
_LONGEST_BIN, _MOST_NOTES = 192, 32  # the last bins of the histograms: ticks, notes at once


def ordered(piece: Piece) -> tuple[Ids, Ids, Ids]:
    """Return onsets (ticks), pitches and durations (ticks) of a piece, (notes,) each."""
    onsets, pitches = to_ticks(piece.notes["onset"]), piece.notes["pitch"].astype(np.int64)
    order = np.lexsort((pitches, onsets))
    return onsets[order], pitches[order], to_ticks(piece.notes["duration"])[order]


def moves(piece: Piece) -> Ids:
    """Return one number for each move, (notes - 1,)."""
    onsets, pitches, durations = ordered(piece)
    gaps, intervals = np.diff(onsets).clip(0, _LONGEST), np.diff(pitches)
    return (gaps << 24) | ((intervals + 128) << 16) | durations[:-1].clip(0, _LONGEST)


def motifs(piece: Piece, length: int) -> Motifs:
    """Return the motifs of `length` notes of a piece."""
    row = moves(piece)
    return {row[start : start + length - 1].tobytes() for start in range(len(row) - length + 2)}


def known(piece: Piece, others: Iterable[Motifs], length: int) -> float | None:
    """Return the share of a piece's motifs of `length` notes that are among others; None where it has none."""
    own = motifs(piece, length)
    return len(own & set().union(*others)) / len(own) if own else None


def longest_copy(piece: Piece, corpus: Sequence[Piece]) -> int:
    """Return the number of notes of the longest motif of a piece that is also one of a piece of the corpus."""
    rows = np.concatenate([np.append(moves(each), -1) for each in corpus])
    run, longest = np.zeros(len(rows) + 1, dtype=np.int64), 0
    for move in moves(piece):
        run[1:] = np.where(rows == move, run[:-1] + 1, 0)
        longest = max(longest, int(run.max()))
    return longest + 1 if longest else 0


def longest_repetition(piece: Piece) -> int:
    """Return how often at most the same bar stands in a row, 1 if never twice; empty bars do not count."""
    onsets, pitches, durations = ordered(piece)
    numbers = bars_at(piece, onsets / TICKS_PER_QUARTER)
    within = onsets - to_ticks(bar_onsets(piece, numbers))
    bars: dict[int, list[tuple[int, int, int]]] = {}
    for bar, *note in np.stack([numbers, within, pitches, durations], axis=1).tolist():
        bars.setdefault(bar, []).append((note[0], note[1], note[2]))
    longest = run = 0
    for bar, content in bars.items():
        run = run + 1 if bars.get(bar - 1) == content else 1
        longest = max(longest, run)
    return longest


def longest_pitch_run(piece: Piece) -> int:
    """Return how often at most the same pitch is struck in a row."""
    _, pitches, _ = ordered(piece)
    changes = np.flatnonzero(np.diff(pitches, prepend=-1, append=-1))
    return int(np.diff(changes).max(initial=0))


def histograms(pieces: Iterable[Piece]) -> Histograms:
    """Return the histograms of pieces together: pitch class, interval, gap and duration (ticks), polyphony.

    Gaps are those between onsets that differ; polyphony is the number of notes that sound at each onset.
    """
    sizes = {"pitch class": 12, "interval": 256, "gap": _LONGEST_BIN + 1, "duration": _LONGEST_BIN + 1}
    counts = {name: np.zeros(size) for name, size in (sizes | {"polyphony": _MOST_NOTES + 1}).items()}
    for piece in pieces:
        onsets, pitches, durations = ordered(piece)
        starts = np.unique(onsets)
        begun = np.searchsorted(np.sort(onsets), starts, side="right")
        ended = np.searchsorted(np.sort(onsets + durations), starts, side="right")
        values = {
            "pitch class": pitches % 12,
            "interval": np.diff(pitches) + 128,
            "gap": np.diff(starts).clip(0, _LONGEST_BIN),
            "duration": durations.clip(0, _LONGEST_BIN),
            "polyphony": (begun - ended).clip(0, _MOST_NOTES),
        }
        for name, each in values.items():
            counts[name] += np.bincount(each, minlength=len(counts[name]))
    return {name: each / max(each.sum(), 1) for name, each in counts.items()}


def overlaps(one: Histograms, other: Histograms) -> dict[str, float]:
    """Return the overlapping area of each histogram, 0..1."""
    return {name: float(np.minimum(one[name], other[name]).sum()) for name in one}
