"""Owns a light pull towards the pitch classes that a take has had so far, so that it does not drift out of its key.

Knows nothing about keys. What was heard for longer is a little likelier to be drawn again, and more so where it was
heard less of late than before. A network predicts the next note of real music, which stays in its key by itself; of its
own music each note outside makes the next one likelier, and a stretch over another chord leads to another key. The more
seldom the music learned leaves its key, the stronger the pull; where it often does, there is none but to a primer.
"""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from core.encoding.pitch_memory import CLASSES

_STRONGEST = 0.3  # the power of the shares that probabilities are multiplied by
_STRONGEST_RETURN = 3.0  # the power of the ratio of the shares heard to those of late
_LEAST_RETURN = 0.3  # to a primer, however free
_STRICT, _FREE = 0.02, 0.085  # shares of notes outside the key: not free up to one, wholly from the other on
_PRIOR = 8.0  # quarters, shared out evenly among all pitch classes before the first note
_STAYING = 16.0  # quarters, with the shares of a primer, that count as those of late when it is over
_KEPT = 0.99  # of what is late, at each note
_RARE = 0.05  # added to the shares, so that pitch classes that hardly come are not due

Ids = NDArray[np.int64]
Array = NDArray[np.float64]
Logits = NDArray[np.floating]


def freedom(outside_key: float) -> float:
    """Return how freely music leaves its key, from 0 to 1, given the share of its notes outside (`Style.outside_key`).

    The freer it is, the less is pulled, and the less strictly top-p chooses among pitches.
    """
    return min(max((outside_key - _STRICT) / (_FREE - _STRICT), 0.0), 1.0)


class KeyMemory:
    """For how long each lane has had each pitch class, in quarters; ids are pitches."""

    def __init__(self, outside_key: float, lanes: int) -> None:
        """Begin for music of which so large a share of the notes lies outside its key (`Style.outside_key`)."""
        strict = 1.0 - freedom(outside_key)
        self._pull, self._return = _STRONGEST * strict, _STRONGEST_RETURN * strict**2
        self._heard = np.full((lanes, CLASSES), _PRIOR / CLASSES)
        self._late = self._heard.copy()
        self._stays = False

    def stay(self) -> None:
        """Let what was heard so far, a primer, be what the lanes stay near, whatever they have from now on."""
        self._stays = True
        self._return = max(self._return, _LEAST_RETURN)
        self._late = _STAYING * _shares(self._heard)

    def pull(self, logits: Logits) -> Logits:
        """Return the logits of pitches, (lanes, ids), more where a pitch class was heard for long, or is due."""
        if not (self._pull or self._return):
            return logits
        heard, late = _shares(self._heard), _shares(self._late)
        pulls = self._pull * np.log(CLASSES * heard) + self._return * np.log((heard + _RARE) / (late + _RARE))
        octaves = -(-logits.shape[1] // CLASSES)
        return logits + np.tile(pulls.astype(logits.dtype), octaves)[:, : logits.shape[1]]

    def update(self, pitches: Ids, quarters: Array) -> None:
        """Take in a note of each lane, and for how long it sounds."""
        lanes, classes = np.arange(len(pitches)), pitches % CLASSES
        self._late *= _KEPT
        self._late[lanes, classes] += quarters
        if not self._stays:
            self._heard[lanes, classes] += quarters

    def select(self, lanes: Ids) -> KeyMemory:
        """Return that of some lanes, in their order; one may come more than once."""
        chosen = copy(self)
        chosen._heard, chosen._late = self._heard[lanes], self._late[lanes]
        return chosen


def _shares(quarters: Array) -> Array:
    return quarters / quarters.sum(axis=1, keepdims=True)
