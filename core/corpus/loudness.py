"""Owns the levels of loudness that music keeps to.

Knows nothing about how loud a note is drawn to be.

Conventions
-----------
step   : eight velocities, which are one id of an event (`core.encoding.joint`)
levels : the usual (median) velocity in each of the sixteen steps, 0 where none occurs
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from core.encoding.joint import VELOCITY_STEP
from core.notes import Piece

STEPS = 128 // VELOCITY_STEP

Levels = tuple[int, ...]


def levels_of(pieces: Iterable[Piece]) -> Levels:
    """Return the levels of some pieces."""
    velocities = np.concatenate([piece.notes["velocity"] for piece in pieces])
    steps = velocities // VELOCITY_STEP
    return tuple(int(np.median(velocities[steps == step])) if (steps == step).any() else 0 for step in range(STEPS))


def at_levels(velocities: NDArray[np.integer], levels: Levels) -> NDArray[np.integer]:
    """Return velocities moved to the level of their step, or to the nearest one there is."""
    some = np.array([level for level in levels if level])
    if not len(some):
        return velocities
    own = np.array(levels)[velocities // VELOCITY_STEP]
    nearest = some[np.abs(velocities.astype(np.int64)[:, None] - some).argmin(axis=1)]
    return np.where(own, own, nearest)
