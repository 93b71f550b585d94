"""Owns the primer: the music that a take goes on from, as events and as what is known where the new music begins.

Knows nothing about networks. Without a primer a take begins at onset 0, after nothing but the boundary.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.bars import next_bar_line
from core.encoding import Encoding
from core.encoding.columns import boundary_row
from core.encoding.joint import POSITION, JointEncoding
from core.encoding.time_grid import FREE_POSITION, TICKS_PER_QUARTER, to_ticks
from core.notes import Piece, as_notes, is_performed, on_clock

_FEWEST_ONSETS = 8

Ids = NDArray[np.int64]


class PrimerError(ValueError):
    """Nothing can go on from this music; the message says why."""


@dataclass(frozen=True, eq=False)
class Primer:
    """Music to go on from.

    piece  : counted by the clock where it is performed
    events : ids, (1 + events, columns), the boundary first
    onsets : where each event but the boundary begins, in ticks
    chord  : the pitches that begin at the last onset
    start  : the bar line where the new music begins, in ticks
    """

    piece: Piece | None
    events: Ids
    onsets: Ids
    chord: tuple[int, ...] = ()
    start: int = 0
    performed: bool = False

    @property
    def last_onset(self) -> int:
        """The onset that the first new gap counts from, in ticks."""
        return int(self.onsets[-1]) if len(self.onsets) else 0


def read_primer(encoding: Encoding, piece: Piece | None, free: bool = False) -> Primer:
    """Prepare a piece, or None for a take from the beginning. Raises PrimerError if it holds no notes.

    Whether a few notes are performed cannot be told from them; then `free` says so, which is whether the style is.
    """
    boundary = boundary_row(encoding.columns).astype(np.int64)
    if piece is None:
        return Primer(None, boundary, np.zeros(0, dtype=np.int64))
    if not len(piece.notes):
        raise PrimerError("The passage to start from holds no notes. Choose a longer one, or start from the beginning.")
    few = len(np.unique(piece.notes["onset"])) < _FEWEST_ONSETS
    performed = free if few else is_performed(piece)
    if performed:
        piece = on_clock(piece)
    events = _events(encoding, piece, performed)
    ticks = np.sort(to_ticks(piece.notes["onset"]))
    chord = piece.notes["pitch"][to_ticks(piece.notes["onset"]) == ticks[-1]]
    return Primer(
        piece,
        np.concatenate([boundary, events]),
        ticks if len(events) == len(ticks) else np.unique(ticks),
        tuple(sorted(chord.tolist())),
        int(to_ticks(next_bar_line(piece, float(piece.notes["onset"].max())))),
        performed,
    )


def _events(encoding: Encoding, piece: Piece, performed: bool) -> Ids:
    """Return the events of a piece that is counted as `performed` says, whatever its notes look like."""
    notes = piece.notes.copy()
    notes["onset"] = to_ticks(notes["onset"]) / TICKS_PER_QUARTER
    events = encoding.encode(replace(piece, notes=as_notes(notes))).astype(np.int64)
    if performed and isinstance(encoding, JointEncoding):
        events[:, POSITION] = FREE_POSITION
    return events
