"""Owns the sustain pedal: keys that were released while it was down sound on until it rises, or are struck again.

Knows nothing about bytes or tracks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DOWN = 64
"""The value of the controller from which on the pedal is down, 0..127."""


def sustained(notes: NDArray[np.void], pedal: Sequence[tuple[float, bool]], end: float) -> NDArray[np.float64]:
    """Return the durations of notes with the pedal, given as (onset, whether it is down) in order.

    A pedal that never rises again does so at `end`. No duration is shorter than without. All times in quarter lengths.
    """
    if not len(notes) or not any(down for _, down in pedal):
        return notes["duration"]
    times = np.array([onset for onset, _ in pedal])
    down = np.array([state for _, state in pedal])
    rises = np.append(np.where(down, np.inf, times), max(end, times[-1]))
    rises = np.minimum.accumulate(rises[::-1])[::-1]  # the next time that it is up, at each change
    ends = notes["onset"] + notes["duration"]
    latest = np.searchsorted(times, ends, side="right") - 1
    held = (latest >= 0) & down[latest]
    until = np.minimum(np.where(held, rises[latest], ends), _struck_again(notes))
    return np.maximum(until - notes["onset"], notes["duration"])


def _struck_again(notes: NDArray[np.void]) -> NDArray[np.float64]:
    """Return for each note the onset at which its key is struck next, infinity where it is not."""
    order = np.lexsort((notes["onset"], notes["pitch"]))
    pitches, onsets = notes["pitch"][order], notes["onset"][order]
    following = np.append(np.where(pitches[1:] == pitches[:-1], onsets[1:], np.inf), np.inf)
    again = np.empty(len(notes))
    again[order] = following
    return again
