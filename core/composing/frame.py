"""Owns the frame of a passage: what stands before, inside and behind it, as events, and how far new notes may reach.

Knows nothing about networks or chance. For events of the joint family.

Conventions
-----------
Onsets are ticks, save those of a `Passage`. A *given* note is one that every candidate meets: it stays inside the
passage, or is one of the first behind it, or keeps all but its pitch. The notes of a chord come from the lowest to the
highest; as all that stay lie outside the range of the passage, new notes come after those below and before those above.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.composing.primer import Ids
from core.corpus.style import Style
from core.encoding import JointEncoding
from core.encoding.joint import PITCH, bar_positions_of, note_order
from core.encoding.time_grid import FREE_POSITION, to_ticks
from core.notes import CLOCK_QPM, Piece, counted, is_performed, seconds_at

Keep = Literal["nothing", "rhythm", "pitches"]

NEW, STAYS = -1, -2
"""In place of the number of a note in its piece: a note that is new, one that stays as it is."""

_NOTES_BEHIND = 16
_MOST_READ = 1500  # events before the passage


@dataclass(frozen=True)
class Passage:
    """From the onset `start` up to `stop`, in quarter lengths, and from the pitch `low` up to `high`, with both.

    Notes that begin there are done anew. `keep` says what is left of them: nothing; their rhythm, which is onset,
    duration and velocity of each; or their pitches, in their order, with chords as they are.
    """

    start: float
    stop: float
    low: int = 0
    high: int = 127
    keep: Keep = "nothing"

    def holds(self, notes: NDArray[np.void]) -> NDArray[np.bool_]:
        """Tell which of some notes are done anew."""
        within = (notes["onset"] >= self.start) & (notes["onset"] < self.stop)
        return within & (notes["pitch"] >= self.low) & (notes["pitch"] <= self.high)


@dataclass(frozen=True, eq=False)
class Given:
    """A note that every candidate meets.

    event  : its columns; the gap is left open
    until  : the new notes that come before it begin before this tick
    source : its number in the piece if its pitch is drawn, else STAYS
    above  : how many notes at its onset, after it, have their pitch drawn too
    """

    tick: int
    event: Ids
    until: int
    source: int = STAYS
    above: int = 0


@dataclass(frozen=True, eq=False)
class Queue:
    """Pitches that are placed in their order; behind them stands one row more, for a queue that is empty.

    pitches : of each note
    begins  : whether it is the first of its chord
    left    : how many chords are to come, with its own
    latest  : the last tick where its chord may begin, so that each chord after it has a tick
    source  : its number in the piece
    """

    pitches: Ids
    begins: NDArray[np.bool_]
    left: Ids
    latest: Ids
    source: Ids


@dataclass(frozen=True, eq=False)
class Frame:
    """A passage among what surrounds it.

    lowest, highest, largest_chord : the limits of new notes
    before, before_ticks : the events that are read, and their onsets
    queue     : None where pitches are drawn
    positions : in the bar, of each tick of the passage
    rings     : where a note of each pitch ends at the latest: where it is struck again, or with the piece; quarters
    """

    start: int
    stop: int
    lowest: int
    highest: int
    largest_chord: int
    before: Ids
    before_ticks: Ids
    given: tuple[Given, ...]
    queue: Queue | None
    positions: Ids
    rings: NDArray[np.float64]

    @property
    def last(self) -> bool:
        """Whether nothing stands behind the passage."""
        return not self.given or self.given[-1].tick < self.stop


def frame_of(piece: Piece, passage: Passage, style: Style, encoding: JointEncoding) -> Frame:
    """Frame a passage of a piece. New notes keep to the range and the chords of the style, or of the piece if wider.

    Performed music, and its passage, is counted by the clock.
    """
    events, free = encoding.encode(piece).astype(np.int64), is_performed(piece) if len(piece.notes) else not style.grid
    order, (piece, passage) = note_order(piece), both_counted(piece, passage)
    notes = piece.notes[order]
    ticks = to_ticks(notes["onset"])
    start, stop = (int(to_ticks(onset)) for onset in (passage.start, passage.stop))
    before, new = notes["onset"] < passage.start, passage.holds(notes)
    pitch_only = new & (passage.keep == "rhythm")
    lowest, highest = _range(passage, style, notes["pitch"])
    return Frame(
        start,
        stop,
        lowest,
        highest,
        style.largest_chord,
        events[before][-_MOST_READ:],
        ticks[before][-_MOST_READ:],
        tuple(
            Given(int(ticks[row]), events[row], until, int(order[row]) if pitch_only[row] else STAYS, above)
            for row, until, above in _met(notes, ticks, ~before & (pitch_only | ~new), pitch_only, passage)
        ),
        _queue(ticks[new], events[new, PITCH], order[new], stop) if passage.keep == "pitches" else None,
        _positions(piece, free, np.arange(start, max(stop, start + 1))),
        _rings(piece, passage.stop),
    )


def _range(passage: Passage, style: Style, pitches: NDArray[np.integer]) -> tuple[int, int]:
    lowest = max(passage.low, min(style.lowest, int(pitches.min(initial=127))))
    highest = min(passage.high, max(style.highest, int(pitches.max(initial=0))))
    return (lowest, highest) if lowest <= highest else (passage.low, passage.high)


def _met(
    notes: NDArray[np.void], ticks: Ids, met: NDArray[np.bool_], pitch_only: NDArray[np.bool_], passage: Passage
) -> list[tuple[int, int, int]]:
    """List the rows of given notes, each with its `until` and `above`."""
    found, behind = [], 0
    for row in np.flatnonzero(met).tolist():
        until = int(ticks[row]) + int(notes["pitch"][row] > passage.high)
        if notes["onset"][row] >= passage.stop:
            until = 0 if behind else int(to_ticks(passage.stop))
            behind += 1
        above = int((pitch_only[row + 1 :] & (ticks[row + 1 :] == ticks[row])).sum())
        found.append((row, 0 if passage.keep == "rhythm" else until, above))
        if behind == _NOTES_BEHIND:
            break
    return found


def _queue(ticks: Ids, pitches: Ids, source: Ids, stop: int) -> Queue:
    begins = np.diff(ticks, prepend=-1) > 0
    left = begins[::-1].cumsum()[::-1] + ~begins  # chords that are to come, with that of the note
    latest = np.append(stop - left, -1)
    return Queue(np.append(pitches, 0), np.append(begins, True), np.append(left, 0), latest, np.append(source, NEW))


def both_counted(piece: Piece, passage: Passage) -> tuple[Piece, Passage]:
    """Return a piece and a passage of it, both `counted`."""
    if not is_performed(piece):
        return piece, passage
    start, stop = (seconds_at(piece, [passage.start, passage.stop]) * CLOCK_QPM / 60).tolist()
    return counted(piece), replace(passage, start=start, stop=stop)


def _positions(piece: Piece, free: bool, ticks: Ids) -> Ids:
    return np.full(len(ticks), FREE_POSITION) if free else bar_positions_of(ticks, piece)


def _rings(piece: Piece, stop: float) -> NDArray[np.float64]:
    rings = np.full(128, max(piece.end, stop))
    behind = piece.notes[piece.notes["onset"] >= stop]
    np.minimum.at(rings, behind["pitch"], behind["onset"])
    return rings
