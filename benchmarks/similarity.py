"""How much music resembles other music, and how much of it is copied.

A motif is a run of notes as moves from one to the next: duration, gap and interval, in ticks and semitones, so that
keys do not matter. Overlapping areas are those of normalised histograms (their intersection, Swain and Ballard 1991):
1 if they are equal, 0 if they share nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.encoding.time_grid import to_ticks
from core.notes import Piece

MOTIFS = (4, 8, 16)
Ids = NDArray[np.int64]
Histograms = dict[str, NDArray[np.float64]]


def ordered(piece: Piece) -> tuple[Ids, Ids, Ids]:
    """Return onsets, pitches and durations in ticks and semitones, from the first note to the last, low before high."""
    onsets, pitches = to_ticks(piece.notes["onset"]), piece.notes["pitch"].astype(np.int64)
    order = np.lexsort((pitches, onsets))
    return onsets[order], pitches[order], to_ticks(piece.notes["duration"])[order]


def moves(piece: Piece) -> Ids:
    """Return one number for each way from a note to the next: the duration of the first, the gap and the interval."""
    onsets, pitches, durations = ordered(piece)
    gaps, intervals = np.diff(onsets).clip(0, 4095), np.diff(pitches)
    return (gaps << 24) | ((intervals + 128) << 16) | durations[:-1].clip(0, 4095)


def motifs(piece: Piece, length: int) -> set[bytes]:
    """Return the runs of `length` notes of a piece."""
    row = moves(piece)
    return {row[start : start + length - 1].tobytes() for start in range(len(row) - length + 2)}


def known(piece: Piece, others: Iterable[set[bytes]], length: int) -> float | None:
    """Return the share of a piece's motifs that also stand in others; None where it is too short to have any."""
    own = motifs(piece, length)
    return len(own & set().union(*others)) / len(own) if own else None


def longest_copy(piece: Piece, corpus: Sequence[Piece]) -> int:
    """Return how many notes running of a piece also stand in a row in a piece of the corpus."""
    rows = np.concatenate([np.append(moves(each), -1) for each in corpus])
    run, longest = np.zeros(len(rows) + 1, dtype=np.int64), 0
    for move in moves(piece):
        run[1:] = np.where(rows == move, run[:-1] + 1, 0)
        longest = max(longest, int(run.max()))
    return longest + 1 if longest else 0


def longest_repetition(piece: Piece) -> int:
    """Return how often at most the same bar stands in a row; empty bars do not count."""
    onsets, pitches, durations = ordered(piece)
    size = int(to_ticks(piece.metre.bar))
    bars: dict[int, list[tuple[int, int, int]]] = {}
    for onset, pitch, duration in zip(onsets.tolist(), pitches.tolist(), durations.tolist(), strict=True):
        bars.setdefault(onset // size, []).append((onset % size, pitch, duration))
    longest = run = 0
    for bar, content in bars.items():
        run = run + 1 if bars.get(bar - 1) == content else 1
        longest = max(longest, run)
    return longest


def longest_hammering(piece: Piece) -> int:
    """Return how often at most the same pitch is struck in a row."""
    _, pitches, _ = ordered(piece)
    changes = np.flatnonzero(np.diff(pitches, prepend=-1, append=-1))
    return int(np.diff(changes).max(initial=0))


def histograms(pieces: Iterable[Piece]) -> Histograms:
    """Return the normalised histograms of pitch classes, intervals, gaps, durations and polyphony of pieces."""
    counts = {"pitch class": np.zeros(12), "interval": np.zeros(256), "gap": np.zeros(193), "duration": np.zeros(193)}
    counts["polyphony"] = np.zeros(33)
    for piece in pieces:
        onsets, pitches, durations = ordered(piece)
        starts = np.unique(onsets)
        sounding = np.searchsorted(np.sort(onsets), starts, side="right") - np.searchsorted(
            np.sort(onsets + durations), starts, side="right"
        )
        values = {
            "pitch class": pitches % 12,
            "interval": np.diff(pitches) + 128,
            "gap": np.diff(starts).clip(0, 192),
            "duration": durations.clip(0, 192),
            "polyphony": sounding.clip(0, 32),
        }
        for name, each in values.items():
            counts[name] += np.bincount(each, minlength=len(counts[name]))
    return {name: each / max(each.sum(), 1) for name, each in counts.items()}


def overlaps(one: Histograms, other: Histograms) -> dict[str, float]:
    """Return the overlapping area of each histogram."""
    return {name: float(np.minimum(one[name], other[name]).sum()) for name in one}
