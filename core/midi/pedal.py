"""Owns the sustain pedal: keys that were released while it was down sound on until it rises, or are struck again.

Knows nothing about bytes or tracks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DOWN = 64
"""The value of the controller from which on the pedal is down, 0..127."""


class Pedal:
    """The movements of a pedal. All times in quarter lengths."""

    def __init__(self, changes: Sequence[tuple[float, int]]) -> None:
        """Take them as (onset, whether it is down), in order."""
        self._times = np.array([onset for onset, _ in changes], dtype=np.float64)
        self._down = np.array([state for _, state in changes], dtype=bool)
        rises = np.append(np.where(self._down, np.inf, self._times), np.inf)
        self._rises = np.minimum.accumulate(rises[::-1])[::-1]  # the next time that it is up, at each change

    def sustained(self, notes: NDArray[np.void], end: float) -> NDArray[np.float64]:
        """Return the durations of notes with the pedal.

        A pedal that never rises again does so at `end`. No duration is shorter than without.
        """
        if not len(notes) or not self._down.any():
            return notes["duration"]
        ends = notes["onset"] + notes["duration"]
        latest = np.searchsorted(self._times, ends, side="right") - 1
        held = (latest >= 0) & self._down[latest]
        rises = np.minimum(self._rises[latest], max(end, self._times[-1]))
        until = np.minimum(np.where(held, rises, ends), _struck_again(notes))
        return np.maximum(until - notes["onset"], notes["duration"])


def _struck_again(notes: NDArray[np.void]) -> NDArray[np.float64]:
    """Return for each note the onset at which its key is struck next, infinity where it is not."""
    order = np.lexsort((notes["onset"], notes["pitch"]))
    pitches, onsets = notes["pitch"][order], notes["onset"][order]
    following = np.append(np.where(pitches[1:] == pitches[:-1], onsets[1:], np.inf), np.inf)
    again = np.empty(len(notes))
    again[order] = following
    return again
