"""Owns a light pull towards the pitch classes that a take has had so far, so that it does not drift out of its key.

Knows nothing about keys: what was heard more often is a little likelier to be drawn again. A network predicts the next
note of real music, which stays in its key by itself; of its own music each note outside makes the next one likelier.
The more seldom the music learned leaves its key, the stronger the pull; where it often does, there is none.
"""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from core.encoding.pitch_memory import CLASSES

_STRONGEST = 0.3  # the power of the shares that probabilities are multiplied by
_STRICT, _FREE = 0.02, 0.085  # shares of notes outside the key: not free up to one, wholly from the other on
_PRIOR = 8.0  # notes, shared out evenly among all pitch classes before the first one

Ids = NDArray[np.int64]
Logits = NDArray[np.floating]


def freedom(outside_key: float) -> float:
    """Return how freely music leaves its key, from 0 to 1, given the share of its notes outside (`Style.outside_key`).

    The freer it is, the less is pulled, and the less strictly top-p chooses among pitches.
    """
    return min(max((outside_key - _STRICT) / (_FREE - _STRICT), 0.0), 1.0)


class KeyMemory:
    """How often each lane has had each pitch class; ids are pitches."""

    def __init__(self, outside_key: float, lanes: int) -> None:
        """Begin for music of which so large a share of the notes lies outside its key (`Style.outside_key`)."""
        self._pull = _STRONGEST * (1.0 - freedom(outside_key))
        self._heard = np.full((lanes, CLASSES), _PRIOR / CLASSES)

    def pull(self, logits: Logits) -> Logits:
        """Return the logits of pitches, (lanes, ids), more for those whose pitch class was heard often."""
        if not self._pull:
            return logits
        pulls = self._pull * np.log(CLASSES * self._heard / self._heard.sum(axis=1, keepdims=True))
        octaves = -(-logits.shape[1] // CLASSES)
        return logits + np.tile(pulls.astype(logits.dtype), octaves)[:, : logits.shape[1]]

    def update(self, pitches: Ids) -> None:
        """Take in a note of each lane."""
        self._heard[np.arange(len(pitches)), pitches % CLASSES] += 1.0

    def select(self, lanes: Ids) -> KeyMemory:
        """Return that of some lanes, in their order; one may come more than once."""
        chosen = copy(self)
        chosen._heard = self._heard[lanes]
        return chosen
