"""Owns clefs: the clef of each bar of a staff.

Knows nothing about other signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from core.score.path import cheapest_path

Clef = Literal["treble", "bass", "alto", "treble8vb", "bass8vb"]

_MIDDLES: dict[Clef, int] = {"treble": 71, "bass": 50, "alto": 60, "treble8vb": 59, "bass8vb": 38}
"""The pitch on the middle line."""

_ON_STAFF = 9  # semitones from the middle line to the first ledger line, nearly
_CHANGE = 40.0  # cost of another clef, in semitones beyond the staff
_UNUSUAL = 3.0  # cost of each note under a clef that is not the staff's own
_CHOICES: dict[int, tuple[Clef, ...]] = {
    41: ("alto", "treble"),
    43: ("bass8vb",),
    **dict.fromkeys(range(24, 32), ("treble8vb",)),
    **dict.fromkeys(range(32, 40), ("bass8vb",)),
    **dict.fromkeys(range(52, 55), ("treble", "treble8vb", "bass")),
}
"""Clefs of programs that do not read treble and bass alone: viola, contrabass, guitars, bass guitars, voices."""


def choose_clefs(bars: Sequence[Sequence[int]], program: int, usual: Clef | None = None) -> list[Clef]:
    """Return the clef of each bar, given the pitches in each: few ledger lines, few changes.

    `usual` is the clef that the staff has if it can: treble for a right hand, bass for a left one.
    """
    clefs: tuple[Clef, ...] = ("treble", "bass") if usual else _CHOICES.get(program, ("treble", "bass"))
    costs = np.array([[_ledgers(pitches, clef, usual or clef) for clef in clefs] for pitches in bars])
    changes = _CHANGE * (1 - np.eye(len(clefs)))
    return [clefs[state] for state in cheapest_path(costs, changes)]


def _ledgers(pitches: Sequence[int], clef: Clef, usual: Clef) -> float:
    """Return by how many semitones pitches lie beyond a staff, and what it costs to have another clef than usual."""
    beyond = sum(max(abs(pitch - _MIDDLES[clef]) - _ON_STAFF, 0) for pitch in pitches)
    return float(beyond + _UNUSUAL * len(pitches) * (clef != usual))
