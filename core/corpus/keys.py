"""Owns keys: which pitch classes lie inside one, and how many notes of some pieces lie outside.

Knows nothing about the name of a piece's key, nor how music is kept to one.

Conventions
-----------
pitch class : a pitch modulo 12, 0 = C
inside      : in the scale of the key; in minor the natural sixth and seventh and the raised ones
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from music21.analysis.discrete import KrumhanslKessler
from numpy.typing import NDArray

from core.config import KEYS
from core.notes import Piece

_MODES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 9, 10, 11)}
_SURROUNDINGS = 64  # notes: four to eight bars as a rule

Array = NDArray[np.float64]


def scale(key: str) -> NDArray[np.bool_]:
    """Return which of the twelve pitch classes lie inside one of KEYS."""
    inside = np.zeros(12, dtype=bool)
    inside[list(_MODES[key.split()[1]])] = True
    return np.roll(inside, KEYS.index(key))


def outside_share(pieces: Sequence[Piece]) -> float:
    """Return the share of notes outside the key of their surroundings, the 64 notes that they stand among.

    That key is found by the method of `core.corpus.description.key_of`, with the weights of Krumhansl and Kessler
    (1982), which were found with chords, not with melodies.
    """
    outside = sum(_count_outside(piece) for piece in pieces)
    return outside / max(sum(len(piece.notes) for piece in pieces), 1)


def key_number(notes: NDArray[np.void]) -> int:
    """Return the place in KEYS of the key that fits some notes best, by the same method."""
    durations = np.bincount(notes["pitch"] % 12, weights=notes["duration"], minlength=12)
    return int((_weights() @ (durations - durations.mean())).argmax())


def tonic_of(notes: NDArray[np.void]) -> int:
    """Return the pitch class of the tonic of that key."""
    return key_number(notes) % 12


def _count_outside(piece: Piece) -> int:
    classes = piece.notes["pitch"] % 12
    passages = np.arange(len(classes)) // _SURROUNDINGS
    durations = np.zeros((len(classes) // _SURROUNDINGS + 1, 12))
    np.add.at(durations, (passages, classes), piece.notes["duration"])
    weights, scales = _weights(), np.stack([scale(key) for key in KEYS])
    keys = ((durations - durations.mean(axis=1, keepdims=True)) @ weights.T).argmax(axis=1)
    return int((~scales[keys[passages], classes]).sum())


@cache
def _weights() -> Array:
    """Return the weights of the pitch classes in each key, standardised: a product with them ranks by correlation."""
    each = {mode: np.asarray(KrumhanslKessler().getWeights(mode), dtype=np.float64) for mode in _MODES}
    weights = np.stack([np.roll(each[key.split()[1]], number) for number, key in enumerate(KEYS)])
    return (weights - weights.mean(axis=1, keepdims=True)) / weights.std(axis=1, keepdims=True)
