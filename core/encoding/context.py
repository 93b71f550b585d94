"""Owns the context of an event: what a network that draws its pitch may see of the music so far, beside its own state.

Knows nothing about networks. The context follows from the past and the gap.

Conventions
-----------
context : (events, 128 + 24), the codes of the active notes, then the shares of the pitch classes in each memory
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.encoding.active_notes import PITCHES, ActiveNotes, active_codes
from core.encoding.pitch_memory import CLASSES, MEMORIES, PitchMemory, pitch_class_shares

CONTEXT = PITCHES + MEMORIES * CLASSES

Ticks = NDArray[np.integer]
Values = NDArray[np.uint8]


def context_of(onsets: Ticks, pitches: Ticks, durations: Ticks) -> Values:
    """Return the context of each note of a piece; all in ticks, in the order of the notes."""
    shares = pitch_class_shares(pitches, durations)
    return np.concatenate([active_codes(onsets, pitches, durations), shares.reshape(len(onsets), -1)], axis=1)


def transposed(context: NDArray[np.int16], semitones: int) -> NDArray[np.int16]:
    """Return the context of the same music in another key."""
    parts = np.split(context, range(PITCHES, context.shape[1], CLASSES), axis=1)
    return np.concatenate([np.roll(part, semitones, axis=1) for part in parts], axis=1)


class Context:
    """The context of several lanes while they are drawn."""

    def __init__(self, lanes: int) -> None:
        self._active, self._memory = ActiveNotes(lanes), PitchMemory(lanes)

    def select(self, lanes: NDArray[np.integer]) -> Context:
        """Return that of some lanes, in their order; one may come more than once."""
        chosen = Context(0)
        chosen._active, chosen._memory = self._active.select(lanes), self._memory.select(lanes)
        return chosen

    @staticmethod
    def join(several: Sequence[Context]) -> Context:
        """Return the lanes of several as one."""
        joined = Context(0)
        joined._active = ActiveNotes.join([each._active for each in several])
        joined._memory = PitchMemory.join([each._memory for each in several])
        return joined

    def values(self, onset: Ticks) -> Values:
        """Return the context of notes that would be struck at `onset`, (lanes, 128 + 24)."""
        codes, shares = self._active.codes(onset), self._memory.shares()
        return np.concatenate([codes, shares.reshape(len(codes), -1)], axis=1)

    def strike(self, onset: Ticks, pitch: Ticks, duration: Ticks) -> None:
        """Strike one note in each lane."""
        self._active.strike(onset, pitch, duration)
        self._memory.strike(pitch, duration)
