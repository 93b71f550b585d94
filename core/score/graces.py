"""Owns grace notes: which notes of a staff are played so quickly before another that they have no time of their own.

Knows nothing about bars or beats.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LENGTH, _GAP = 0.07, 0.06  # quarters that one lasts at most, and until the next onset; a 64th is 0.0625


def are_graces(notes: NDArray[np.void]) -> NDArray[np.bool_]:
    """Tell of each note, in the order of their onsets, whether it is a grace note; the last chord never is."""
    onsets = np.unique(notes["onset"])
    following = np.append(onsets, np.inf)[np.searchsorted(onsets, notes["onset"], side="right")]
    return (notes["duration"] <= _LENGTH) & (following - notes["onset"] < _GAP)
