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
from core.ppm.mixture import mix, weights_after
from core.ppm.predictor import Predictor, sequence_probabilities

_LARGEST_WEIGHT = 0.3

Ids = NDArray[np.int64]
Logits = NDArray[np.floating]


class Blend:
    """A PPM predictor for each lane, which has counted the primer and counts what is drawn, and its weights.

    The weights are those that the mixture has after the primer, at most 0.3, or a take would copy its beginning. They
    stay as they are: what the model draws itself is no evidence.
    """

    def __init__(self, model: Model, primer: Piece, lanes: int) -> None:
        columns, (architecture,), (parameters,) = model.encoding.columns, model.architectures, model.parameters
        inputs = with_boundaries(model.encoding.inputs(primer), columns)[:-1, None]
        events = inputs[:, :, : len(columns)]
        weights = weights_after(nll(architecture, parameters, inputs), sequence_probabilities(columns, events))
        self._weights = dict(zip(architecture.drawn, np.minimum(weights[:, 0], _LARGEST_WEIGHT), strict=True))
        self._predictors = [Predictor(columns) for _ in range(lanes)]
        for event in events[1:]:
            self.update(np.repeat(event, lanes, axis=0))

    def update(self, events: Ids) -> None:
        """Count the next event of each lane."""
        for predictor, event in zip(self._predictors, events.tolist(), strict=True):
            predictor.update(event)

    def blend(self, logits: Logits, column: int, events: Ids) -> Logits:
        """Return the logits of the mixture, (lanes, ids)."""
        each = zip(self._predictors, events.tolist(), strict=True)
        ppm, weight = (
            np.stack([predictor.probabilities(column, event) for predictor, event in each]),
            self._weights[column],
        )
        network = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
        return np.log(mix(weight, ppm, network / network.sum(axis=1, keepdims=True)))
