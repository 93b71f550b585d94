"""Owns the measures of a model: what held-out music costs it, in bits a note.

Knows nothing about training.

bits per note = total negative log-likelihood in bits / number of notes, pieces whole, the memory cleared at each.
It is the one cost that encodings can be compared by. Velocity is reported apart: not every encoding has it. Where the
encoding remembers, a note is foretold by the network and by what the piece itself has said so far, together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.batches import Sheet, grid_of
from core.encoding import Encoding
from core.encoding.columns import Column
from core.lstm.inference import nll
from core.mixture import mixed
from core.model import Model
from core.notes import Piece
from core.recall import recalled

APART = ("velocity",)
"""Columns that do not count towards the bits per note in all."""

_ROWS = 32

Fields = dict[str, float]
Nats = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """What pieces cost a model.

    `fields` holds the bits per note of each column, `spelling` of unknown tokens; `network_alone` what they would be
    without the past of each piece, `past_alone` without the network (empty where nothing is remembered).
    """

    pieces: int
    notes: int
    bits_per_note: float
    fields: Fields
    network_alone: Fields
    past_alone: Fields


class Trial:
    """Music to judge networks by, dealt into rows once, with what the past of each piece foretells."""

    def __init__(self, encoding: Encoding, pieces: Sequence[Piece], rows: int) -> None:
        """Deal whole pieces into `rows` rows."""
        self.events: Sheet
        self.events, self.counts = grid_of(encoding, pieces, rows)
        self.notes = sum(len(piece.notes) for piece in pieces)
        self._columns: Sequence[Column] = encoding.columns
        drawn = (self._columns[place] for network in encoding.networks for place in network)
        self._names = [column.name for column in drawn if column.drawn]
        self._spelling = sum(encoding.spelling_bits(piece) for piece in pieces)
        if encoding.remembers and encoding.networks != (tuple(range(len(self._columns))),):
            raise ValueError("only an encoding whose columns are drawn in their order remembers")
        self._past = self._recalled() if encoding.remembers else None

    def _recalled(self) -> Nats:
        return np.where(self.counts, recalled(self._columns, self.events[:, :, : len(self._columns)]), 1.0)

    def fields(self, nats: Nats) -> Fields:
        """Return the bits per note by column, from the cost of each event to the networks alone.

        nats : (drawn columns, steps, rows), one network after another, 0 where `counts` is False
        """
        if self._past is None:
            return self._by_column(nats)
        begins = self.events[:-1, :, 0] == self._columns[0].boundary
        return self._by_column(mixed(nats, self._past, begins))

    def apart(self, nats: Nats) -> tuple[Fields, Fields]:
        """Return the bits per note by column of the networks alone and of the past alone."""
        return self._by_column(nats), {} if self._past is None else self._by_column(-np.log(self._past))

    def _by_column(self, nats: Nats) -> Fields:
        bits = nats.sum(axis=(1, 2)) / math.log(2) / self.notes
        spelled = {"spelling": self._spelling / self.notes} if self._spelling else {}
        return {**dict(zip(self._names, bits.tolist(), strict=True)), **spelled}


def score(model: Model, pieces: Sequence[Piece]) -> Score:
    """Measure pieces that the model has not learned from."""
    trial = Trial(model.encoding, pieces, min(len(pieces), _ROWS))
    behind = range(len(model.encoding.columns), trial.events.shape[2])
    parts = zip(model.encoding.networks, model.architectures, model.parameters, strict=True)
    costs = [
        nll(architecture, parameters, trial.events[:, :, [*network, *behind]])
        for network, architecture, parameters in parts
    ]
    nats = np.where(trial.counts, np.concatenate(costs), 0.0)
    fields = trial.fields(nats)
    return Score(len(pieces), trial.notes, total(fields), fields, *trial.apart(nats))


def total(fields: Fields) -> float:
    """Add the bits of all columns that count."""
    return float(np.sum([bits for name, bits in fields.items() if name not in APART]))
