"""Owns the memory of pitch classes: how much of each has been heard in a piece lately, and for longer.

Knows nothing about networks. One that sees it knows the key that the music is in, however long ago the key was set.

Conventions
-----------
weight : of a note, its duration in quarters, one at most, and a quarter more, so that short notes count too
shares : uint8, (notes, memories, 12), what share of the weight each pitch class has, in 255ths, just before each note;
         all are 0 where nothing was heard yet
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.encoding.time_grid import TICKS_PER_QUARTER

CLASSES = 12
_FORGOTTEN = np.array([[1 / 16], [1 / 96]])  # by each memory, with each note
MEMORIES = len(_FORGOTTEN)
WHOLE = 255.0
"""The share of a pitch class that alone was heard."""

Shares = NDArray[np.uint8]
Ids = NDArray[np.integer]
_Weights = NDArray[np.float64]


def pitch_class_shares(pitches: Ids, durations: Ids) -> Shares:
    """Return the shares before each note of a piece; durations in ticks."""
    heard, total = np.empty((len(pitches), MEMORIES, CLASSES)), np.zeros((MEMORIES, CLASSES))
    classes, weights, kept = (pitches % CLASSES).tolist(), _weights(durations).tolist(), 1.0 - _FORGOTTEN
    for row, (tone, weight) in enumerate(zip(classes, weights, strict=True)):
        heard[row] = total
        total *= kept
        total[:, tone] += weight
    return _shares(heard)


def _weights(durations: Ids) -> _Weights:
    return np.minimum(durations / TICKS_PER_QUARTER, 1.0) + 0.25


def _shares(heard: _Weights) -> Shares:
    total = np.maximum(heard.sum(axis=-1, keepdims=True), 1e-9)
    return np.rint(WHOLE * heard / total).astype(np.uint8)


class PitchMemory:
    """The memory of several lanes while they are drawn."""

    def __init__(self, lanes: int) -> None:
        self._heard = np.zeros((lanes, MEMORIES, CLASSES))

    def select(self, lanes: Ids) -> PitchMemory:
        """Return that of some lanes, in their order; one may come more than once."""
        chosen = PitchMemory(0)
        chosen._heard = self._heard[lanes]
        return chosen

    @staticmethod
    def join(several: Sequence[PitchMemory]) -> PitchMemory:
        """Return the lanes of several as one."""
        joined = PitchMemory(0)
        joined._heard = np.concatenate([each._heard for each in several])
        return joined

    def shares(self) -> Shares:
        """Return the shares before the next note of each lane, (lanes, memories, 12)."""
        return _shares(self._heard)

    def strike(self, pitch: Ids, duration: Ids) -> None:
        """Take in a note of each lane; durations in ticks."""
        self._heard *= 1.0 - _FORGOTTEN
        self._heard[np.arange(len(pitch)), :, pitch % CLASSES] += _weights(duration)[:, None]
