"""Owns the expectations of a model that hears a piece: before each note the probabilities of what may come.

Knows nothing about how they are shown. For models of the joint family.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.encoding.active_notes import PITCHES
from core.encoding.columns import with_boundaries
from core.encoding.joint import DURATION, GAP, PITCH, JointEncoding, note_order
from core.lstm.inference import Lstm
from core.models.model import Model
from core.notes import Piece
from core.ppm.mixture import Mixture, shares, trusts
from core.ppm.predictor import both_ways

FIELDS = ("gap", "pitch", "duration")
"""What a note costs is counted for these; loudness is left out, as in `core.training.evaluation`."""

_COUNTED = (GAP, PITCH, DURATION)

Array = NDArray[np.float64]


class ExpectationError(ValueError):
    """The model cannot be asked; the message says why."""


@dataclass(frozen=True, eq=False)
class Expectation:
    """What a model expected of the notes of a piece, in the order in which it hears them.

    order   : the number of each note in the piece, (notes,)
    gaps    : probability of each gap since the onset before, and last of the end, (notes, gap ids)
    pitches : probability of each pitch, with the gap known, (notes, 128)
    bits    : -log2 of the probability that each note had, a row for each of FIELDS, (3, notes)
    past    : the share that the piece's own past has in the expectation of the pitch, 0..1, (notes,)
    """

    order: NDArray[np.int64]
    gaps: Array
    pitches: Array
    bits: Array
    past: Array

    @property
    def surprise(self) -> Array:
        """Bits of each note in all, (notes,)."""
        return np.asarray(self.bits.sum(axis=0))

    def most_surprising(self, many: int, apart: int) -> list[int]:
        """Return the places of the most surprising notes, the first of all left out, some notes apart from each other.

        The greatest surprise stands first.
        """
        found: list[int] = []
        for place in np.argsort(-self.surprise[1:], kind="stable") + 1:
            if all(abs(place - other) >= apart for other in found):
                found.append(int(place))
            if len(found) == many:
                break
        return found


def expect(model: Model, piece: Piece) -> Expectation:
    """Let a model hear a piece, from silence: the mixture of its network and of PPM over the piece so far.

    Raises ExpectationError for a piece without notes and for models of the classic family.
    """
    if not isinstance(model.encoding, JointEncoding):
        raise ExpectationError("Only models of the joint family can be asked what they expect.")
    if not len(piece.notes):
        raise ExpectationError("There are no notes to hear.")
    columns = model.encoding.columns
    inputs = with_boundaries(model.encoding.inputs(piece), columns)[:-1].astype(np.int64)
    listener = _Listener(model)
    mixed, weights = zip(*(listener.hear(before, after) for before, after in pairwise(inputs)), strict=True)
    return Expectation(
        note_order(piece),
        np.stack([each[GAP] for each in mixed]),
        np.stack([each[PITCH] for each in mixed])[:, :PITCHES],
        np.stack([_bits([each[at] for each in mixed], inputs[1:, at]) for at in _COUNTED]),
        np.array([each[PITCH] for each in weights]),
    )


class _Listener:
    """The network and PPM, as far as they have heard a piece."""

    def __init__(self, model: Model) -> None:
        (architecture,), (parameters,) = model.architectures, model.parameters
        self._columns, self._drawn = len(architecture.columns), architecture.drawn
        self._network, self._past = Lstm(architecture, parameters, 1), both_ways(architecture.columns)
        self._mixture = Mixture(len(self._drawn), 1)

    def hear(self, before: NDArray[np.int64], after: NDArray[np.int64]) -> tuple[dict[int, Array], dict[int, float]]:
        """Hear an event after another, both with their context.

        Returns by column the probabilities that its ids had, and the weight of the past among them.
        """
        event = after[: self._columns]
        self._network.update(before[None, : self._columns])
        self._network.set_context(after[None, self._columns :])
        said = [[each.predict(at, event.tolist()) for at in self._drawn] for each in self._past]
        trust = trusts(np.array([[order for _, order in each] for each in said])[:, :, None])
        parts = shares(self._mixture.weights, trust)[:, :, 0]
        network = [_probabilities(self._network.logits(at, event[None])[0]) for at in self._drawn]
        heard = [network, *([probabilities for probabilities, _ in each] for each in said)]
        came = np.array([[own[event[at]] for at, own in zip(self._drawn, each, strict=True)] for each in heard])
        self._mixture.update(came[:, :, None], trust)
        for each in self._past:
            each.update(event.tolist())
        mixed = {at: parts[:, row] @ np.stack([each[row] for each in heard]) for row, at in enumerate(self._drawn)}
        return mixed, dict(zip(self._drawn, (1 - parts[0]).tolist(), strict=True))


def _probabilities(logits: NDArray[np.floating]) -> Array:
    chances: Array = np.exp(logits - logits.max(), dtype=np.float64)
    return chances / chances.sum()


def _bits(probabilities: list[Array], came: NDArray[np.int64]) -> Array:
    return np.asarray(-np.log2(np.stack(probabilities)[np.arange(len(came)), came]))
