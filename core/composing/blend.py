"""Owns the blending of network and PPM while a take goes on from a primer.

Knows nothing about how an id is drawn from the blended logits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.encoding.columns import with_boundaries
from core.lstm.inference import nll
from core.models.model import Model
from core.notes import Piece
from core.ppm.mixture import mixture_after, shares, trusts
from core.ppm.predictor import both_ways
from core.ppm.sequence import sequence_predictions

_LARGEST_SHARE = 0.3

Ids = NDArray[np.int64]
Logits = NDArray[np.floating]


class Blend:
    """The predictors of PPM for each lane, which have counted the primer and count what is drawn, and their weights.

    The weights are those that the mixture has after the primer; they stay as they are: what the model draws itself is
    no evidence. The share of PPM is at most 0.3, or a take would copy its beginning.
    """

    def __init__(self, model: Model, primer: Piece, lanes: int) -> None:
        columns, (architecture,), (parameters,) = model.encoding.columns, model.architectures, model.parameters
        inputs = with_boundaries(model.encoding.inputs(primer), columns)[:-1, None]
        events = inputs[:, :, : len(columns)]
        after = mixture_after(nll(architecture, parameters, inputs), sequence_predictions(columns, events))
        self._weights = dict(zip(architecture.drawn, after.weights.swapaxes(0, 1), strict=True))
        heard = both_ways(columns)
        for event in events[1:, 0].tolist():
            for predictor in heard:
                predictor.update(event)
        self._predictors = [[predictor.fork() for predictor in heard] for _ in range(lanes)]

    def update(self, events: Ids) -> None:
        """Count the next event of each lane."""
        for predictors, event in zip(self._predictors, events.tolist(), strict=True):
            for predictor in predictors:
                predictor.update(event)

    def blend(self, logits: Logits, column: int, events: Ids) -> Logits:
        """Return the logits of the mixture, (lanes, ids)."""
        each = zip(self._predictors, events.tolist(), strict=True)
        said = [[predictor.predict(column, event) for predictor in predictors] for predictors, event in each]
        orders = np.array([[order for _, order in lane] for lane in said]).T
        past = shares(self._weights[column], trusts(orders))[1:]
        past *= np.minimum(_LARGEST_SHARE / past.sum(axis=0), 1.0)
        network = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
        found = (1 - past.sum(axis=0))[:, None] * network / network.sum(axis=1, keepdims=True)
        for way, share in enumerate(past):
            found += share[:, None] * np.stack([lane[way][0] for lane in said])
        return np.log(found)
