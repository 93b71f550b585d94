"""Owns the parts of a score: which notes stand on which staff.

Knows nothing about rhythm or pages.

One part is one instrument. Keyboards and harps have two staves if they play more than one line, other instruments one.
Tracks of the same instrument that play one after another, such as a beginning and what was composed after it, are one
part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.midi.instruments import INSTRUMENTS
from core.notes import Piece
from core.score.hands import plays_right

_TWO_STAVES = {*range(9), *range(16, 22), 23, 46, *range(48, 55), *range(80, 104)}
"""Programs that can play with two hands: pianos, celesta, organs and accordions, harp, choirs and pads."""

_PIANOS = range(4)
_SHORT = 0.1  # quarters; notes of one line may overlap so long
_FEW = 0.05  # share of notes that may sound together in a single line
_ONE_STAFF = 31  # semitones that a line on one staff spans, but for a tenth of its notes

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Part:
    """An instrument and its staves, the upper one first; a staff is the numbers of its notes in the piece.

    Its name is that of the instrument, or of its track where one instrument makes several parts.
    """

    name: str
    program: int
    staves: tuple[Numbers, ...]


def parts_of(piece: Piece) -> tuple[Part, ...]:
    """Return the parts of a piece, in the order of their first tracks; tracks without notes are left out."""
    programs: dict[int, list[Numbers]] = {}
    for track in np.unique(piece.notes["track"]).tolist():
        numbers = np.flatnonzero(piece.notes["track"] == track)
        programs.setdefault(piece.tracks[track].program, []).append(numbers)
    found: list[Part] = []
    for program, tracks in programs.items():
        systems = _systems(piece.notes, program, tracks)
        instrument = "Piano" if program in _PIANOS else INSTRUMENTS[program]
        for staves in systems:
            own = piece.tracks[_first_track(piece, staves)].name if len(systems) > 1 else ""
            found.append(Part(own or instrument, program, staves))
    return tuple(sorted(found, key=lambda part: _first_track(piece, part.staves)))


def _first_track(piece: Piece, staves: tuple[Numbers, ...]) -> int:
    return int(piece.notes["track"][np.concatenate(staves)].min())


def _systems(notes: NDArray[np.void], program: int, tracks: list[Numbers]) -> list[tuple[Numbers, ...]]:
    """Return the staves of each part that tracks of one instrument make."""
    episodes = _episodes(notes, tracks)
    together = max(len(episode) for episode in episodes)
    lines = all(_is_line(notes[track]) for track in tracks)
    narrow = _is_narrow(notes[np.concatenate(tracks)])
    if together == 1 and (program not in _TWO_STAVES or (lines and narrow)):
        return [(np.sort(np.concatenate(tracks)),)]
    if program not in _TWO_STAVES or (lines and len(tracks) == together > 2):
        return [(track,) for track in tracks]
    hands = [_hands(notes, episode) for episode in episodes]
    upper, lower = (np.sort(np.concatenate(staves)) for staves in zip(*hands, strict=True))
    return [(upper, lower)]


def _episodes(notes: NDArray[np.void], tracks: list[Numbers]) -> list[list[Numbers]]:
    """Put tracks together that play at the same time; an episode begins after the last onset of the one before."""
    found: list[list[Numbers]] = []
    until = 0.0
    for track in sorted(tracks, key=lambda numbers: float(notes["onset"][numbers[0]])):
        onsets = notes["onset"][track]
        if found and (onsets[0] < until or onsets[0] == notes["onset"][found[-1][0][0]]):
            found[-1].append(track)
        else:
            found.append([track])
        until = max(until, float(onsets[-1]))
    return found


def _hands(notes: NDArray[np.void], episode: list[Numbers]) -> tuple[Numbers, Numbers]:
    """Return the upper and the lower staff: two tracks are two hands, else pitch decides."""
    if len(episode) == 2:
        lower, upper = sorted(episode, key=lambda track: float(notes["pitch"][track].mean()))
        return upper, lower
    together = np.sort(np.concatenate(episode))
    right = plays_right(notes[together])
    return together[right], together[~right]


def _is_line(notes: NDArray[np.void]) -> bool:
    """Tell whether notes sound one at a time."""
    overlaps = notes["onset"][:-1] + notes["duration"][:-1] - notes["onset"][1:]
    return not len(overlaps) or float((overlaps > _SHORT).mean()) <= _FEW


def _is_narrow(notes: NDArray[np.void]) -> bool:
    low, high = np.quantile(notes["pitch"], (0.05, 0.95))
    return float(high - low) <= _ONE_STAFF
