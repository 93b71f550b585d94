"""Owns the spelling of pitches: MIDI key numbers -> the seven letters and their accidentals.

Knows nothing about rhythm, staves or signs on a page.

Conventions
-----------
letter : 0..6 for C D E F G A B
alter  : semitones above the letter's natural, -2 double flat .. 2 double sharp
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Letter = Literal["C", "D", "E", "F", "G", "A", "B"]

_LETTERS: tuple[Letter, ...] = ("C", "D", "E", "F", "G", "A", "B")
_NATURALS = np.array([0, 2, 4, 5, 7, 9, 11])
_STEPS = np.array([0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6])
"""How many letters above a tonic its chromatic scale goes: C D♭ D E♭ E F F♯ G A♭ A B♭ B over C."""

_BEFORE, _AFTER = 10, 42  # notes of context
_SIGNS = {"♭": -1, "♯": 1}

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Key:
    """A key by its tonic, and whether it is 'major' or 'minor'."""

    letter: int
    alter: int
    mode: str

    @property
    def chroma(self) -> int:
        """Pitch class of the tonic."""
        return int(_NATURALS[self.letter] + self.alter) % 12

    @property
    def sharps(self) -> int:
        """Sharps of its signature, flats as a negative number."""
        fifths = (2 * self.letter) % 7 - 7 * (self.letter == 3) + 7 * self.alter
        return fifths - 3 * (self.mode == "minor")


@dataclass(frozen=True)
class Spelling:
    """A pitch as it is written; octave 4 begins at middle C."""

    letter: Letter
    alter: int
    octave: int


def read_key(name: str) -> Key:
    """Read a key such as 'E♭ minor'; C major if the name is empty."""
    tonic, _, mode = (name or "C major").partition(" ")
    return Key("CDEFGAB".index(tonic[0]), sum(_SIGNS[sign] for sign in tonic[1:]), mode)


def spell(notes: NDArray[np.void], key: Key) -> list[Spelling]:
    """Spell notes in the order in which they are played.

    Each of the twelve tonics stands for its chromatic scale and has as many votes as it is played around the note. Then
    a note between two others, a semitone away and written alike, takes the letter beside theirs. Both after D. Meredith
    (The ps13 Pitch Spelling Algorithm, Journal of New Music Research 35, 2006); here the tonics themselves are spelled
    in the chromatic scale of `key`.
    """
    pitches = notes["pitch"].astype(np.int64)
    chroma, tonics = pitches % 12, np.arange(12)
    tonic_letters = (key.letter + _STEPS[(tonics - key.chroma) % 12]) % 7
    letters = (tonic_letters + _STEPS[(chroma[:, None] - tonics) % 12]) % 7
    votes = np.zeros((len(pitches), 7))
    np.add.at(votes, (np.arange(len(pitches))[:, None], letters), _context(chroma))
    chosen = votes.argmax(axis=1)
    for place, step in _neighbours(notes):
        before, here, after = chosen[place]
        if before == here == after:
            chosen[place[1]] = (here + step) % 7
    return [_spelling(pitch, letter) for pitch, letter in zip(pitches.tolist(), chosen.tolist(), strict=True)]


def _context(chroma: Ints) -> Ints:
    """Count each pitch class around each note; of shape (notes, 12)."""
    played = np.zeros((len(chroma) + 1, 12), dtype=np.int64)
    played[1:] = np.cumsum(chroma[:, None] == np.arange(12), axis=0)
    places = np.arange(len(chroma))
    return played[np.minimum(places + _AFTER, len(chroma))] - played[np.maximum(places - _BEFORE, 0)]


def _neighbours(notes: NDArray[np.void]) -> Iterator[tuple[list[int], int]]:
    """Yield the numbers of three successive notes of a track that go a semitone up or down and back, and 1 or -1."""
    for track in np.unique(notes["track"]):
        numbers = np.flatnonzero(notes["track"] == track)
        starts = np.flatnonzero(np.diff(notes["onset"][numbers], prepend=-np.inf))
        chords = [
            dict(zip(notes["pitch"][each].tolist(), each.tolist(), strict=True))
            for each in np.split(numbers, starts[1:])
        ]
        for before, here, after in zip(chords, chords[1:], chords[2:], strict=False):
            for pitch, number in here.items():
                for step in (1, -1):
                    if (outer := pitch - step) in before and outer in after:
                        yield [before[outer], number, after[outer]], step


def _spelling(pitch: int, letter: int) -> Spelling:
    alter = (pitch - int(_NATURALS[letter]) + 6) % 12 - 6
    return Spelling(_LETTERS[letter], alter, (pitch - alter) // 12 - 1)
