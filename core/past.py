"""Owns what a take may go back to: the primer and what each voice has played since, and how far both are believed.

Knows nothing about how notes are drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.encoding.columns import bounded
from core.lstm.inference import nll
from core.mixture import believed
from core.model import Model
from core.notes import Piece
from core.recall import Recall, recalled

_MOST_BELIEVED = 0.3

Ids = NDArray[np.int64]
Logits = NDArray[np.floating]


class Past:
    """What a primer and each voice after it have said, and how far that is believed beside the network.

    Only the primer moves the shares: what the model draws itself is no evidence. They stay below a third, or the take
    would be a copy of its beginning.
    """

    def __init__(self, model: Model, primer: Piece, voices: int) -> None:
        """Hear a primer, whose notes are at least one."""
        columns, (architecture,), (parameters,) = model.encoding.columns, model.architectures, model.parameters
        heard = bounded(model.encoding.sheet(primer), columns)[:-1, None]
        nats, events = nll(architecture, parameters, heard), heard[:, :, : len(columns)]
        shares = believed(nats, recalled(columns, events))
        self._shares = dict(zip(architecture.drawn, np.minimum(shares[:, 0], _MOST_BELIEVED), strict=True))
        self._recalls = [Recall(columns) for _ in range(voices)]
        for event in events[1:]:
            self.hear(np.repeat(event, voices, axis=0))

    def hear(self, events: Ids) -> None:
        """Remember an event a voice."""
        for recall, event in zip(self._recalls, events.tolist(), strict=True):
            recall.hear(event)

    def blend(self, logits: Logits, place: int, events: Ids) -> Logits:
        """Return the scores that network and past give together, (voices, ids)."""
        each = zip(self._recalls, events.tolist(), strict=True)
        past, share = np.stack([recall.chances(place, event) for recall, event in each]), self._shares[place]
        network = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
        return np.log(share * past + (1 - share) * network / network.sum(axis=1, keepdims=True))
