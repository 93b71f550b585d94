"""Owns the measures of a model: what held-out music costs it, in bits a note.

Knows nothing about training.

bits per note = total negative log-likelihood in bits / number of notes, pieces whole, the memory cleared at each.
It is the one cost that encodings can be compared by. Velocity is reported apart: not every encoding has it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.batches import grid_of
from core.lstm.inference import nll
from core.model import Model
from core.notes import Piece

APART = ("velocity",)
"""Columns that do not count towards the bits per note in all."""

_ROWS = 32


@dataclass(frozen=True)
class Score:
    """What pieces cost a model. `fields` holds the bits per note of each column, `spelling` of unknown tokens."""

    pieces: int
    notes: int
    bits_per_note: float
    fields: dict[str, float]


def score(model: Model, pieces: Sequence[Piece]) -> Score:
    """Measure pieces that the model has not learned from."""
    notes = sum(len(piece.notes) for piece in pieces)
    events, counts = grid_of(model.encoding, pieces, min(len(pieces), _ROWS))
    fields: dict[str, float] = {}
    for network, architecture, parameters in zip(
        model.encoding.networks, model.architectures, model.parameters, strict=True
    ):
        behind = range(len(model.encoding.columns), events.shape[2])
        costs = nll(architecture, parameters, events[:, :, [*network, *behind]])
        for row, place in enumerate(architecture.drawn):
            fields[architecture.columns[place].name] = float(costs[row][counts].sum()) / math.log(2) / notes
    spelled = sum(model.encoding.spelling_bits(piece) for piece in pieces) / notes
    if spelled:
        fields["spelling"] = spelled
    return Score(len(pieces), notes, total(fields), fields)


def total(fields: dict[str, float]) -> float:
    """Add the bits of all columns that count."""
    return float(np.sum([bits for name, bits in fields.items() if name not in APART]))
