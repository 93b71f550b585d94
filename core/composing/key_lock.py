"""Owns keeping to a key: what lies inside may always be drawn, a passing note now and then.

Knows nothing about which notes an id stands for.

A passing note may be drawn while, with it, no more than a share of the lane's notes so far lies outside the key. The
share is that of the music learned, so a take begins inside the key, leaves it where the network wishes to, and ends
with no more passing notes than such music has, or one.
"""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]


class KeyLock:
    """How many notes each lane has, and how many of them lie outside the key."""

    def __init__(self, sizes: Ids, outside: Ids, share: float, lanes: int) -> None:
        """Take how many notes each id stands for, (ids,), and how many of them lie outside."""
        self._sizes, self._outside, self._share = sizes, outside, share
        self._notes, self._passing = np.zeros((lanes, 1), dtype=np.int64), np.zeros((lanes, 1), dtype=np.int64)

    def allowed(self) -> NDArray[np.bool_]:
        """Return the ids that may be drawn, (lanes, ids)."""
        few = self._passing + self._outside <= self._share * (self._notes + self._sizes)
        return few | (self._outside == 0)

    def select(self, lanes: Ids) -> KeyLock:
        """Return it with what some lanes have, in their order; one may come more than once."""
        chosen = copy(self)
        chosen._notes, chosen._passing = self._notes[lanes], self._passing[lanes]
        return chosen

    def advance(self, ids: Ids) -> None:
        """Count what each lane has drawn."""
        self._notes += self._sizes[ids][:, None]
        self._passing += self._outside[ids][:, None]
