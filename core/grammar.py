"""Owns what may follow in an event: no note twice in a chord, no endless chord, no end before its time.

Knows nothing about logits or networks. One grammar a family, behind one interface; all voices move at once.

Conventions
-----------
`events` is the event being drawn, int (voices, columns), filled up to the column in question.
`onset` is where each voice stands, in ticks, (voices,).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from core.encoding import ClassicEncoding, Encoding, JointEncoding, classic, joint
from core.encoding.clock import FREE_POSITION, SPANS, TICKS_PER_QUARTER, positions, span_ids, to_ticks
from core.encoding.columns import Column
from core.encoding.sounding import Sounding
from core.style import Style

EVEN_GAP = TICKS_PER_QUARTER // 2
"""The gap in ticks that stands for all gaps where rhythm is off."""

Ids = NDArray[np.int64]
Allowed = NDArray[np.bool_]


@dataclass
class Scene:
    """Where the voices stand and what they must keep to."""

    onset: Ids
    style: Style
    rhythm: bool
    may_end: int  # ticks; no piece ends before
    shortest: int  # ticks; no gap is longer, so that no take is empty

    @property
    def voices(self) -> int:
        """How many voices there are."""
        return len(self.onset)


def _everything(column: Column, voices: int) -> Allowed:
    return np.ones((voices, column.outputs), dtype=bool)


class JointGrammar:
    """The rules of one event a note."""

    def __init__(self, encoding: JointEncoding, scene: Scene, last_pitch: int | None, chord: int) -> None:
        """Begin after a note of pitch `last_pitch`, the last of a chord of `chord` notes; None begins a piece."""
        self._columns, self._scene = encoding.columns, scene
        self._last_pitch = np.full(scene.voices, -1 if last_pitch is None else last_pitch)
        self._chord = np.full(scene.voices, chord)
        self._bar = max(int(to_ticks(scene.style.bar)), 1)
        self._longest_gap = min(int(to_ticks(scene.style.longest_gap)), scene.shortest)
        self._sounding, self._heard = Sounding(scene.voices), np.zeros(scene.voices, dtype=np.int64)

    def follow(self, place: int, events: Ids) -> Ids:
        """Return the column that is not drawn: the place in the bar."""
        if not self._scene.style.grid:
            return np.full(self._scene.voices, FREE_POSITION)
        return positions(self._scene.onset + self._gap(events), self._bar)

    def context(self, events: Ids) -> NDArray[np.uint8]:
        """Return what sounds at the onset of the event being drawn, (voices, 128)."""
        return self._sounding.codes(self._scene.onset + self._gap(events))

    def hear(self, events: Ids) -> None:
        """Take in an event of the primer."""
        self._heard += self._gap(events)
        self._sounding.strike(self._heard, events[:, joint.PITCH], SPANS[events[:, joint.DURATION]])

    def allowed(self, place: int, events: Ids) -> Allowed:
        """Return the ids that may be drawn, (voices, outputs)."""
        allowed = _everything(self._columns[place], self._scene.voices)
        if place == joint.GAP:
            self._restrict_gap(allowed)
        elif place == joint.PITCH:
            style, pitches = self._scene.style, np.arange(allowed.shape[1])
            floor = np.where(events[:, joint.GAP] == 0, self._last_pitch + 1, 0)
            allowed &= (pitches >= np.maximum(floor, style.lowest)[:, None]) & (pitches <= style.highest)
        elif place == joint.DURATION:
            allowed[:, 0] = False
        return allowed

    def _restrict_gap(self, allowed: Allowed) -> None:
        style, end = self._scene.style, self._columns[joint.GAP].boundary
        full = (self._chord >= style.largest_chord) | (self._last_pitch >= style.highest)
        allowed[full, 0] = False
        allowed[:, 1:end] &= SPANS[1:] <= self._longest_gap
        if not self._scene.rhythm:
            allowed[:, 1:end] = False
            allowed[:, span_ids(EVEN_GAP)] = True
        allowed[self._scene.onset < self._scene.may_end, end] = False

    def advance(self, events: Ids) -> None:
        """Move on past a whole event."""
        same = events[:, joint.GAP] == 0
        self._scene.onset += self._gap(events)
        self._chord = np.where(same, self._chord + 1, 1)
        self._last_pitch = events[:, joint.PITCH]
        self._sounding.strike(self._scene.onset, self._last_pitch, SPANS[events[:, joint.DURATION]])

    @staticmethod
    def _gap(events: Ids) -> Ids:
        return np.append(SPANS, 0)[events[:, joint.GAP]]


class ClassicGrammar:
    """The rules of one event an onset."""

    def __init__(self, encoding: ClassicEncoding, scene: Scene, begins: bool) -> None:
        """Begin a piece, or go on after a chord."""
        self._columns, self._scene = encoding.columns, scene
        self._gaps = np.array([*encoding.gaps, 0, 0])
        self._begins = begins

    def context(self, events: Ids) -> NDArray[np.uint8]:
        """Return nothing: this family does not look at what sounds."""
        return np.zeros((self._scene.voices, 0), dtype=np.uint8)

    def hear(self, events: Ids) -> None:
        """Take in an event of the primer."""

    def follow(self, place: int, events: Ids) -> Ids:
        """Refuse: both columns are drawn."""
        raise AssertionError("the classic family draws all its columns")

    def allowed(self, place: int, events: Ids) -> Allowed:
        """Return the ids that may be drawn, (voices, outputs); never an unknown token."""
        column = self._columns[place]
        allowed = _everything(column, self._scene.voices)
        allowed[:, column.unknown] = False
        if place == classic.GAP:
            gaps = self._gaps[: column.unknown]
            if not self._begins:
                allowed[:, : column.unknown] &= gaps > 0
            allowed[:, : column.unknown] &= gaps <= max(self._scene.shortest, gaps.min())
            if not self._scene.rhythm:
                allowed[:, : column.unknown] = False
                allowed[:, np.abs(gaps - EVEN_GAP).argmin()] = True
            allowed[self._scene.onset < self._scene.may_end, column.boundary] = False
        return allowed

    def advance(self, events: Ids) -> None:
        """Move on past a whole event."""
        self._scene.onset += self._gaps[events[:, classic.GAP]]
        self._begins = False


Grammar = JointGrammar | ClassicGrammar


def grammar_for(encoding: Encoding, scene: Scene, primer_pitches: Iterable[int]) -> Grammar:
    """Return the grammar of a family, going on from the pitches of the primer's last chord."""
    pitches = sorted(primer_pitches)
    if encoding.family == "classic":
        return ClassicGrammar(cast(ClassicEncoding, encoding), scene, begins=not pitches)
    return JointGrammar(cast(JointEncoding, encoding), scene, pitches[-1] if pitches else None, len(pitches))
