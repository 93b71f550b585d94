"""Owns what a pitch is worth by its intervals, in NumPy: the same numbers as `intervals`, without TensorFlow.

Knows nothing about the LSTM; `parameters` has the formula.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.encoding.pitch_memory import CLASSES, WHOLE
from core.lstm.parameters import NEAR, Architecture, Parameters

_NEAR = np.arange(2 * NEAR + 1)
_AROUND = (np.arange(CLASSES)[:, None] + np.arange(CLASSES)) % CLASSES  # pitch classes so many semitones above each
_ROOTS = np.sqrt(np.arange(WHOLE + 1, dtype=np.float32) / np.float32(WHOLE))  # of a share

Rows = NDArray[np.float32]
Ids = NDArray[np.integer]


class Active(NamedTuple):
    """The active notes of all lanes in order: the lane, the pitch and the kind (its code less one) of each."""

    lanes: Ids
    notes: Ids
    kinds: Ids


def active_of(codes: Ids) -> Active:
    """Return the active notes of codes, (lanes, pitches)."""
    lanes, notes = codes.nonzero()
    return Active(lanes, notes, codes[lanes, notes].astype(np.int64) - 1)


class Relative:
    """The judgement of pitches by their intervals."""

    def __init__(self, architecture: Architecture, parameters: Parameters, name: str) -> None:
        """Take the parameters of the head `name`."""
        self._pitches, self._kinds = architecture.pitches, architecture.kinds
        tables = [parameters[f"{name}/intervals"], parameters[f"{name}/classes"]]
        self._kernels = parameters[f"{name}/channels"] @ np.concatenate(tables, axis=1)
        self._first_class = tables[0].shape[1]
        self._octaves = np.arange(self._pitches) % CLASSES

    def scores(self, head: Rows, active: Active, shares: Ids, last: Ids) -> Rows:
        """Return what is added to the logit of each pitch, (lanes, pitches).

        head   : (lanes, head units)
        shares : (lanes, memories x 12), 0..255
        last   : (lanes,), the last pitch, if it is one
        """
        kernels = head @ self._kernels
        known = np.flatnonzero(last < self._pitches)
        lanes, notes = np.concatenate([active.lanes, known]), np.concatenate([active.notes, last[known]])
        kinds = np.concatenate([active.kinds, np.full(len(known), self._kinds - 1)])
        around = self._heard(lanes, notes, kinds, shares).take(_AROUND, axis=2).swapaxes(1, 2)
        classes = around.reshape(len(head), CLASSES, -1) @ kernels[:, self._first_class :, None]
        found: Rows = classes[:, self._octaves, 0]
        found += self._near(kernels[:, : self._first_class], lanes, notes, kinds)
        return found

    def _heard(self, lanes: Ids, notes: Ids, kinds: Ids, shares: Ids) -> Rows:
        """Return how much there is of each pitch class, of each kind of notes and in each memory."""
        many, places = len(shares), (lanes * self._kinds + kinds) * CLASSES + notes % CLASSES
        marks = np.bincount(places, minlength=many * self._kinds * CLASSES).astype(np.float32)
        return np.concatenate([marks.reshape(many, -1, CLASSES), _ROOTS[shares].reshape(many, -1, CLASSES)], axis=1)

    def _near(self, kernels: Rows, lanes: Ids, notes: Ids, kinds: Ids) -> Rows:
        room = self._pitches + 2 * NEAR
        worth = kernels.reshape(len(kernels) * self._kinds, -1)[lanes * self._kinds + kinds]
        targets = (lanes * room + notes)[:, None] + _NEAR
        found = np.bincount(targets.ravel(), weights=worth.ravel(), minlength=len(kernels) * room)
        return found.reshape(-1, room)[:, NEAR : NEAR + self._pitches].astype(np.float32)
