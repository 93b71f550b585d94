"""Owns the measures of a model: what held-out music costs it, in bits a note.

Knows nothing about training.

bits per note = total negative log-likelihood in bits / number of notes, pieces whole, the state cleared at each. It is
the one cost that encodings can be compared by. Velocity is reported apart: not every encoding has it. Where the
encoding allows it, a note is predicted by a mixture of the network and PPM over the piece so far, see `core.ppm`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.encoding import Encoding, Inputs
from core.lstm.inference import nll
from core.models.model import Model
from core.notes import Piece
from core.ppm.mixture import mixture_nll, ppm_nll
from core.ppm.sequence import Predictions, sequence_predictions
from core.training.batches import packed

NOT_COUNTED = ("velocity",)
"""Columns that do not count towards the bits per note in all."""

_ROWS = 32

Fields = dict[str, float]
Nats = NDArray[np.float64]


@dataclass(frozen=True)
class Evaluation:
    """What pieces cost a model.

    `fields` holds the bits per note of each column, `spelling` of unknown tokens; `network_only` what they are without
    PPM, `ppm_only` without the network (empty where PPM is not used).
    """

    pieces: int
    notes: int
    bits_per_note: float
    fields: Fields
    network_only: Fields
    ppm_only: Fields


class HeldOutSet:
    """Music to measure networks by, laid into rows once, with the predictions of PPM.

    inputs : (steps, rows, columns + context)
    counts : (steps - 1, rows), which of inputs[1:] are measured
    """

    def __init__(self, encoding: Encoding, pieces: Sequence[Piece], rows: int, use_ppm: bool = True) -> None:
        self.inputs: Inputs
        self.inputs, self.counts = packed(encoding, [encoding.inputs(piece) for piece in pieces], rows)
        self.notes = sum(len(piece.notes) for piece in pieces)
        self._columns = encoding.columns
        drawn = (self._columns[column] for network in encoding.networks for column in network)
        self._names = [column.name for column in drawn if column.drawn]
        self._spelling = sum(encoding.spelling_bits(piece) for piece in pieces)
        self._begins = self.inputs[:-1, :, 0] == encoding.columns[0].boundary
        self._ppm = self._ppm_predictions(encoding) if use_ppm and encoding.supports_ppm else None

    def _ppm_predictions(self, encoding: Encoding) -> Predictions:
        if encoding.networks != (tuple(range(len(self._columns))),):
            raise ValueError("PPM needs one network whose columns are drawn in their order")
        events = self.inputs[:, :, : len(self._columns)]
        found = sequence_predictions(self._columns, events)
        return found._replace(probabilities=np.where(self.counts, found.probabilities, 1.0))

    def fields(self, nats: Nats) -> Fields:
        """Return the bits per note by column, from the cost of each event to the networks.

        nats : (drawn columns, steps - 1, rows), one network after another, 0 where `counts` is False
        """
        if self._ppm is None:
            return self.network_only(nats)
        return self._by_column(mixture_nll(nats, self._ppm, self._begins))

    def network_only(self, nats: Nats) -> Fields:
        """Return the bits per note by column without PPM; `nats` as in `fields`."""
        return self._by_column(nats)

    def ppm_only(self) -> Fields:
        """Return the bits per note by column without the network; nothing where PPM is not used."""
        return {} if self._ppm is None else self._by_column(ppm_nll(self._ppm, self._begins))

    def _by_column(self, nats: Nats) -> Fields:
        bits = nats.sum(axis=(1, 2)) / math.log(2) / self.notes
        spelled = {"spelling": self._spelling / self.notes} if self._spelling else {}
        return {**dict(zip(self._names, bits.tolist(), strict=True)), **spelled}


def evaluate(model: Model, pieces: Sequence[Piece], *, use_ppm: bool = True) -> Evaluation:
    """Measure pieces that the model has not learned from."""
    held_out = HeldOutSet(model.encoding, pieces, min(len(pieces), _ROWS), use_ppm)
    context = range(len(model.encoding.columns), held_out.inputs.shape[2])
    parts = zip(model.encoding.networks, model.architectures, model.parameters, strict=True)
    costs = [
        nll(architecture, parameters, held_out.inputs[:, :, [*network, *context]])
        for network, architecture, parameters in parts
    ]
    nats = np.where(held_out.counts, np.concatenate(costs), 0.0)
    fields = held_out.fields(nats)
    return Evaluation(
        len(pieces), held_out.notes, total(fields), fields, held_out.network_only(nats), held_out.ppm_only()
    )


def total(fields: Fields) -> float:
    """Add the bits of all columns that count."""
    return float(np.sum([bits for name, bits in fields.items() if name not in NOT_COUNTED]))
