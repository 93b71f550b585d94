"""Owns the closing of silences: a piece -> the same piece without the waiting.

Knows nothing about files.

Whole bars are taken out, so that every note keeps its place in its bar; only the silence before a free performance,
which has no bars, goes entirely.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.midi.tempo_map import normalized
from core.notes import Change, Piece, as_notes, lies_on_grid

Onsets = NDArray[np.float64]
Spans = tuple[Onsets, Onsets]  # where time is taken out, and how much


def close_silences(piece: Piece, longest: float) -> tuple[Piece, float]:
    """Drop the silence before the first note and shorten others to less than `longest` quarters.

    `longest` is to be no shorter than a bar. Returns also how many quarters were taken out after the first note.
    """
    spans = _spans(piece, longest)
    closed = replace(
        piece,
        notes=_moved_notes(piece.notes, spans),
        drums=_moved_notes(piece.drums, spans),
        tempos=_moved_changes(piece.tempos, spans),
        metres=_moved_changes(piece.metres, spans),
    )
    return closed, float(spans[1][2:].sum())


def _spans(piece: Piece, longest: float) -> Spans:
    """Return where the time to be taken out begins and how long it is: a dummy, the beginning, then the others."""
    notes = as_notes(np.concatenate([piece.notes, piece.drums]))
    ends = np.maximum.accumulate(np.concatenate([[0.0], notes["onset"] + notes["duration"]]))[:-1]
    silences = notes["onset"] - ends
    bars = _bars_at(piece, ends)
    lengths = np.floor((silences - longest + bars) / bars) * bars * (silences >= longest)
    lengths[:1] = np.floor(silences / bars)[:1] * bars[:1] if lies_on_grid(notes) else silences[:1]
    kept = lengths > 0
    kept[:1] = True
    return np.append(-np.inf, ends[kept]), np.append(0.0, lengths[kept])


def _bars_at(piece: Piece, onsets: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the length of the bar in force at each onset."""
    starts = [metre.onset for metre in piece.metres[1:]]
    return np.array([metre.bar for metre in piece.metres])[np.searchsorted(starts, onsets, side="right")]


def _moved(onsets: Onsets, spans: Spans) -> Onsets:
    """Move onsets to where they stand once the spans are taken out; those inside a span go to its beginning."""
    starts, lengths = spans
    index = np.searchsorted(starts, onsets, side="right") - 1
    before = np.cumsum(lengths) - lengths
    return onsets - before[index] - np.minimum(onsets - starts[index], lengths[index])


def _moved_notes(notes: NDArray[np.void], spans: Spans) -> NDArray[np.void]:
    moved = notes.copy()
    moved["onset"] = _moved(notes["onset"], spans)
    return as_notes(moved)


def _moved_changes(changes: tuple[Change, ...], spans: Spans) -> tuple[Change, ...]:
    onsets = _moved(np.array([change.onset for change in changes]), spans)
    return normalized(replace(change, onset=float(onset)) for change, onset in zip(changes, onsets, strict=True))
