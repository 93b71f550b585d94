"""Owns measures of how a piece keeps to a key.

Knows nothing about models.

Conventions
-----------
key      : its place in KEYS, 0..11 major, 12..23 minor, from C, as `core.corpus.keys` finds it: of the 24 profiles of
           Krumhansl and Kessler (1982) the one with the largest correlation with the pitch classes by duration
inside   : in the scale of a major key, in the natural or the harmonic scale of a minor one
distance : of two keys, steps on the circle of fifths; a key and its relative are the same
"""

from __future__ import annotations

import numpy as np

from core.bars import bars_at
from core.corpus.keys import key_number
from core.notes import Piece

_INSIDE = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10, 11))
_BARS, _FEWEST = 4, 8  # of a passage whose key is compared; notes in it at least


def outside_key(piece: Piece) -> float | None:
    """Return the share of the notes outside the key of the piece; None without notes."""
    if not len(piece.notes):
        return None
    mode, tonic = divmod(key_number(piece.notes), 12)
    return float((~np.isin((piece.notes["pitch"] - tonic) % 12, _INSIDE[mode])).mean())


def fifths_between(one: int, other: int) -> int:
    """Return the distance of two keys, 0..6."""
    places = [(7 * (tonic + 3 * mode)) % 12 for mode, tonic in (divmod(one, 12), divmod(other, 12))]
    steps = abs(places[0] - places[1])
    return min(steps, 12 - steps)


def key_distance(piece: Piece) -> float | None:
    """Return how far the keys of each four bars are from that of the piece, their mean; None where all are short."""
    whole, groups = key_number(piece.notes), (bars_at(piece, piece.notes["onset"]) - 1) // _BARS
    parts = [piece.notes[groups == group] for group in np.unique(groups)]
    found = [fifths_between(key_number(part), whole) for part in parts if len(part) >= _FEWEST]
    return float(np.mean(found)) if found else None
