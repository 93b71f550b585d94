"""Owns the joint family: one event a note, its fields drawn one after the other by one network.

Knows nothing about networks. The alphabet is the same for every corpus, so any model can go on from any music.

An event: gap since the previous onset (0 inside a chord), position in the bar (follows from the gap), pitch, duration,
velocity. The notes of a chord stand from the lowest to the highest. An upbeat stands at the end of its bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.bars import first_bar
from core.encoding.active_notes import ACTIVE_CODES
from core.encoding.columns import Column
from core.encoding.context import CONTEXT, context_of, transposed
from core.encoding.interface import Events, Inputs
from core.encoding.pitch_memory import MEMORIES
from core.encoding.time_grid import (
    FREE_POSITION,
    POSITIONS,
    SPANS,
    TICKS_PER_QUARTER,
    bar_positions,
    gap_ids,
    span_ids,
    to_ticks,
)
from core.notes import NOTE, Metre, Piece, as_notes, counted, is_performed

VELOCITY_STEP = 8
"""How many velocities share one id."""

GAP, POSITION, PITCH, DURATION, VELOCITY = range(5)


class JointEncoding:
    """The fixed alphabet of gap, position, pitch, duration and velocity."""

    family: ClassVar[str] = "joint"
    columns: ClassVar[tuple[Column, ...]] = (
        Column("gap", len(SPANS) + 1, ends=True),
        Column("position", POSITIONS + 1, drawn=False),
        Column("pitch", 128 + 1),
        Column("duration", len(SPANS) + 1),
        Column("velocity", 128 // VELOCITY_STEP + 1),
    )
    networks: ClassVar[tuple[tuple[int, ...], ...]] = ((GAP, POSITION, PITCH, DURATION, VELOCITY),)
    context: ClassVar[int] = CONTEXT
    context_codes: ClassVar[int] = ACTIVE_CODES
    context_columns: ClassVar[tuple[int, ...]] = (PITCH, DURATION, VELOCITY)
    memories: ClassVar[int] = MEMORIES
    relative: ClassVar[int | None] = PITCH
    supports_ppm: ClassVar[bool] = True
    by_chords: ClassVar[bool] = False
    gap_ticks: ClassVar[NDArray[np.int64]] = np.append(SPANS, 0)

    @classmethod
    def learn(cls, pieces: Iterable[Piece]) -> JointEncoding:
        """Return the encoding; it is the same for all music."""
        return cls()

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> JointEncoding:
        """Restore the encoding from `to_json`."""
        return cls()

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` needs."""
        return {}

    def encode(self, piece: Piece) -> NDArray[np.int32]:
        """Return the events of a piece, shape (notes, 5); performed music is counted by the clock."""
        order, notes = note_order(piece), counted(piece).notes
        notes, ticks = notes[order], to_ticks(notes["onset"][order])
        gaps = gap_ids(ticks)
        return np.column_stack(
            [
                gaps,
                bar_positions_of(np.cumsum(SPANS[gaps]), piece),
                notes["pitch"],
                np.maximum(span_ids(to_ticks(notes["duration"])), 1),
                self.velocity_ids(notes["velocity"]),
            ]
        ).astype(np.int32)

    def velocity_ids(self, velocities: ArrayLike) -> NDArray[np.int64]:
        """Return the ids of velocities, eight of which share one."""
        return np.asarray(velocities, dtype=np.int64) // VELOCITY_STEP

    def inputs(self, piece: Piece) -> Inputs:
        """Return the events and, in more columns, their context: shape (notes, 5 + 152)."""
        events = self.encode(piece)
        onsets, durations = np.cumsum(SPANS[events[:, GAP]]), SPANS[events[:, DURATION]]
        return np.concatenate([events, context_of(onsets, events[:, PITCH], durations)], axis=1, dtype=np.int16)

    def transposed(self, inputs: Inputs, piece: Piece, semitones: int) -> Inputs:
        """Return the inputs of `piece` as those of the piece in another key, as far as the keyboard reaches."""
        pitches = inputs[:, PITCH]
        semitones = int(np.clip(semitones, -pitches.min(), 127 - pitches.max()))
        moved = inputs.copy()
        moved[:, PITCH] += semitones
        moved[:, len(self.columns) :] = transposed(inputs[:, len(self.columns) :], semitones)
        return moved

    def decode(self, events: Events, onset: int = 0) -> NDArray[np.void]:
        """Return the notes of events, shape (events, 5), that follow an onset in ticks."""
        notes = np.zeros(len(events), dtype=NOTE)
        notes["onset"] = (onset + np.cumsum(SPANS[events[:, GAP]])) / TICKS_PER_QUARTER
        notes["duration"] = SPANS[events[:, DURATION]] / TICKS_PER_QUARTER
        notes["pitch"] = events[:, PITCH]
        notes["velocity"] = events[:, VELOCITY] * VELOCITY_STEP + VELOCITY_STEP // 2
        return as_notes(notes)

    def held(self, events: Events, ticks: int) -> NDArray[np.int64]:
        """Return events of which the last notes sound for so many ticks after the last onset, or longer as before.

        The last notes are those that begin there, and earlier ones that end no sooner than the first of these.
        """
        held = np.array(events, dtype=np.int64)
        onsets = np.cumsum(SPANS[held[:, GAP]])
        ends = onsets + SPANS[held[:, DURATION]]
        last = ends >= ends[onsets == onsets[-1]].min()
        longer = span_ids(onsets[-1] + ticks - onsets[last])
        held[last, DURATION] = np.maximum(held[last, DURATION], longer)
        return held

    def spelling_bits(self, piece: Piece) -> float:
        """Return the bits it takes to spell what the alphabet cannot say: none."""
        return 0.0


def note_order(piece: Piece) -> NDArray[np.int64]:
    """Return which note of a piece each event is, (notes,): those of one tick stand from the lowest to the highest."""
    notes = counted(piece).notes
    return np.lexsort((notes["pitch"], to_ticks(notes["onset"])))


def bar_positions_of(ticks: NDArray[np.int64], piece: Piece) -> NDArray[np.int64]:
    """Return the position in the bar of every onset, each counted from the metre in force."""
    if is_performed(piece):
        return np.full(len(ticks), FREE_POSITION)
    starts = to_ticks([metre.onset for metre in piece.metres])
    bars = bar_ticks(piece.metres)
    if first_bar(piece) == 0:
        starts[0], bars[0] = starts[1] - bars[1], bars[1]
    index = np.clip(np.searchsorted(starts, ticks, side="right") - 1, 0, None)
    return bar_positions(ticks - starts[index], bars[index])


def bar_ticks(metres: Sequence[Metre]) -> NDArray[np.int64]:
    """Return the length of a bar of each metre in ticks, at least one."""
    return np.maximum(to_ticks([metre.bar for metre in metres]), 1)
