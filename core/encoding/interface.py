"""Owns the interface of an encoding: what networks need to know of events, and the way from pieces to events and back.

Knows nothing about any one encoding.

Conventions
-----------
events : int ids, (events, columns), without boundaries
inputs : int16, (events, columns + context), the events and behind them their context
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from core.encoding.columns import Column
from core.notes import Piece

Inputs = NDArray[np.int16]
Events = NDArray[np.integer]


class EventFormat(Protocol):
    """What networks need to know of events."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of an event, in the order in which they are drawn."""

    @property
    def networks(self) -> tuple[tuple[int, ...], ...]:
        """The column indices that each network reads and predicts."""

    @property
    def context(self) -> int:
        """How many numbers stand behind the columns: codes of active notes, then `memories` of pitch classes."""

    @property
    def context_codes(self) -> int:
        """How many codes, from 1 on, an active note may have."""

    @property
    def context_columns(self) -> tuple[int, ...]:
        """The columns whose heads see the active notes."""

    @property
    def memories(self) -> int:
        """How many memories of pitch classes, 12 numbers each, stand at the end of the context."""

    @property
    def relative(self) -> int | None:
        """The column whose ids are pitches that are also judged by their intervals, see `core.lstm.parameters`."""


class Encoding(EventFormat, Protocol):
    """A way of writing music as events.

    `supports_ppm`: `core.ppm` can predict it, column by column in their order. `by_chords`: an event is all that begins
    at an onset, not one note.
    """

    family: ClassVar[str]
    supports_ppm: ClassVar[bool]
    by_chords: ClassVar[bool]

    @classmethod
    def learn(cls, pieces: Iterable[Piece]) -> Encoding:
        """Return the encoding with the vocabularies of some pieces."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Encoding:
        """Restore the encoding from `to_json`."""

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` needs."""

    @property
    def gap_ticks(self) -> NDArray[np.int64]:
        """The length in ticks of each id of the first column, 0 where it is no gap."""

    def encode(self, piece: Piece) -> NDArray[np.int32]:
        """Return the events of a piece."""

    def inputs(self, piece: Piece) -> Inputs:
        """Return the events of a piece with their context."""

    def transposed(self, inputs: Inputs, piece: Piece, semitones: int) -> Inputs:
        """Return the inputs of `piece` in another key, given those in its own."""

    def decode(self, events: Events, onset: int = 0) -> NDArray[np.void]:
        """Return the notes of events that follow an onset in ticks."""

    def spelling_bits(self, piece: Piece) -> float:
        """Return the bits it takes to spell what of a piece lies outside the vocabularies."""
