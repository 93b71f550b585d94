"""Owns how dense a take is: as a piece of the style is, or as its primer, and sparser or denser where that is wished.

Knows nothing about how an id is drawn.

wish     : the probability of a gap of g > 0 ticks is multiplied by (1 + g / 6) ** -density, and then all of these by
           what brings their sum back. Rhythms keep their kinds, as only the ratio of long to short gaps changes.
feedback : a lane that has more than a fifth more or fewer notes in its time than it should is led back in the same way,
           chords included, the more the further it is away; one that has more or fewer notes at an onset, by the
           probability of a note at the same onset. A network that goes on from its own notes else drifts into music
           that is denser than any it has learned, and into chords. Lanes near their density are left alone.
"""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from core.composing.sampling import Logits

_SHORT = 6.0  # ticks: a sixteenth
_WISHED = 1.6  # times as dense is what a wish of 1 aims at
_TOLERANCE = np.log([[1.15], [1.05]])  # of notes in time, of notes at an onset
_GAIN = np.array([[3.0], [10.0]])
_MEMORY = 64  # notes
_FEWEST = 16  # notes before a lane is led

Ids = NDArray[np.int64]


class Density:
    """The densities of all lanes."""

    def __init__(self, gap_ticks: Ids, wish: float, aims: NDArray[np.float64]) -> None:
        """Take the ticks of each gap, the wish from -1 (sparser) to 1, and what each lane should have, (2, lanes).

        That is, notes a tick and notes an onset; where it is not a number, a lane is not led.
        """
        self._gap_ticks, self._wish = gap_ticks, wish
        self._weights = np.log1p(gap_ticks / _SHORT).astype(np.float32)
        self._moves = gap_ticks > 0
        self._pushes = np.stack([self._weights, self._moves], dtype=np.float32)
        self._aims = np.log(aims * [[_WISHED**wish], [1.0]])
        self._had = np.zeros((2, aims.shape[1]))  # ticks and onsets of late
        self._notes, self._count = 0.0, 0

    def bend(self, logits: Logits) -> Logits:
        """Return the logits of gaps, (lanes, ids), of which those that may not be drawn are -inf already."""
        if self._wish:
            logits = self._bend_gaps(logits)
        lead = self._lead()
        return logits if lead is None else logits + lead.T @ self._pushes

    def update(self, gaps: Ids) -> None:
        """Take in the gap of an event of each lane, an id."""
        kept = 1 - 1 / _MEMORY
        self._notes = kept * self._notes + 1
        self._had *= kept
        self._had += self._gap_ticks[gaps], self._moves[gaps]
        self._count += 1

    def select(self, lanes: Ids) -> Density:
        """Return those of some lanes, in their order; one may come more than once."""
        chosen = copy(self)
        chosen._aims, chosen._had = self._aims[:, lanes], self._had[:, lanes]
        return chosen

    def _bend_gaps(self, logits: Logits) -> Logits:
        before = logits[:, self._moves]
        after = before - np.float32(self._wish) * self._weights[self._moves]
        sums = [np.logaddexp.reduce(each, axis=1, keepdims=True) for each in (before, after)]
        bent, some = logits.copy(), np.isfinite(sums[0])
        bent[:, self._moves] = after + np.subtract(sums[0], sums[1], out=np.zeros_like(sums[0]), where=some)
        return bent

    def _lead(self) -> NDArray[np.float32] | None:
        """Return by how much longer gaps, and any gaps, are to be likelier in each lane, (2, lanes); None for none."""
        if self._count < _FEWEST:
            return None
        off = np.log(self._notes / np.maximum(self._had, 1.0)) - self._aims
        over = np.abs(off) - _TOLERANCE
        led = over > 0  # not where an aim is no number
        if not led.any():
            return None
        return np.where(led, _GAIN * np.sign(off) * over, 0.0).astype(np.float32)
