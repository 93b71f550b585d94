"""Owns key signatures: how many sharps or flats each bar is written with.

Knows nothing about how pitches are spelled.

Signatures are the cheapest path through the bars: few accidentals, few changes, the key of the piece if others are
hardly better. On 166 pieces whose files tell their signatures, the bars have that of the file in 91 %, against 88 %
with the key of the piece throughout.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from core.score.barring import Bar
from core.score.path import cheapest_path
from core.score.spelling import Key, Letter, Spelling

_CHANGE = 20.0  # cost of another signature, in accidentals
_OTHER_KEY = 0.05  # cost of a note under a signature that is not that of the key of the piece
_FURTHER = 1e-3  # cost of a step away from that: of equal signatures the nearest is taken
_CHOICES = np.arange(-7, 8)
_ORDER = "FCGDAEB"  # in which sharps are added; flats from the other end


def signatures_of(onsets: ArrayLike, spellings: Sequence[Spelling], bars: Sequence[Bar], key: Key) -> list[int]:
    """Return the sharps of each bar, flats as a negative number, given the onsets of all notes and their spellings."""
    costs = np.zeros((len(bars), len(_CHOICES))) + _FURTHER * np.abs(_CHOICES - key.sharps)
    places = np.searchsorted([float(bar.onset) for bar in bars], onsets, side="right") - 1
    signs = {each: _signs(*each) for each in {(note.letter, note.alter) for note in spellings}}
    np.add.at(costs, places, np.array([signs[note.letter, note.alter] for note in spellings]))
    np.add.at(costs, places, _OTHER_KEY * (key.sharps != _CHOICES))
    path = cheapest_path(costs, _CHANGE * (1 - np.eye(len(_CHOICES))))
    return [int(sharps) for sharps in _CHOICES[path]]


def _signs(letter: Letter, alter: int) -> list[bool]:
    """Tell under which signatures a note needs an accidental."""
    return [alter != _altered(letter, sharps) for sharps in _CHOICES.tolist()]


def _altered(letter: Letter, sharps: int) -> int:
    """Return by how many semitones a signature alters a letter."""
    return int(letter in _ORDER[:sharps]) if sharps >= 0 else -int(letter in _ORDER[sharps:])
