"""Owns the drawing of events: several lanes side by side, column by column, until each has reached the end.

Knows nothing about pieces, metres or files. The order of a draw, from the logits of the network to the id:

    blend (with PPM, after a primer) -> constraints -> repetition narrows them -> temperature -> top-p -> draw
    -> repetition replaces what was drawn

So a repeated bar has the last word, before it the constraints.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.composing.blend import Blend
from core.composing.constraints import Constraints
from core.composing.repetition import Repetition
from core.composing.sampling import Logits, draw, forbid, keep_nucleus, sharpen
from core.config import ComposingSettings
from core.lstm.inference import Lstm
from core.models.model import Model

_EVENTS_BETWEEN_REPORTS = 50
_MOST_AT_ONCE = 500
"""A lane with more events than this at one onset ends: the model knows no way on."""

Ids = NDArray[np.int64]


class Generator:
    """Lanes that are drawn; lane k has the seed `settings.seed + k`."""

    def __init__(
        self,
        model: Model,
        settings: ComposingSettings,
        constraints: Constraints,
        blend: Blend | None,
        repetition: Repetition | None,
    ) -> None:
        self._settings, self._constraints, self._blend, self._repetition = settings, constraints, blend, repetition
        self._columns, self._context = model.encoding.columns, constraints.context
        self._networks = [
            (Lstm(architecture, parameters, settings.variations), list(columns))
            for architecture, parameters, columns in zip(
                model.architectures, model.parameters, model.encoding.networks, strict=True
            )
        ]
        self._rngs = [np.random.default_rng(settings.seed + lane) for lane in range(settings.variations)]

    def read(self, events: Ids) -> None:
        """Let the networks read events, (events, columns), the same in every lane."""
        for event in events:
            self._update_networks(np.repeat(event[None], self._settings.variations, axis=0))

    def draw(self, stop: int, on_progress: Callable[[float], None]) -> list[Ids]:
        """Draw until every lane has reached `stop` (ticks) or ended; return the events of each.

        `on_progress` is told the onset in ticks of the lane that is furthest behind.
        """
        onset = self._constraints.onset
        going = np.ones(len(onset), dtype=bool)
        kept: list[list[Ids]] = [[] for _ in going]
        moved, before = np.zeros(len(onset), dtype=int), onset.copy()
        event, count = self._next(), 0
        while (going := going & (event[:, 0] != self._columns[0].boundary) & (self._constraints.onset < stop)).any():
            onset = self._constraints.onset
            for lane in np.flatnonzero(going):
                kept[lane].append(event[lane])
            if count % _EVENTS_BETWEEN_REPORTS == 0:
                on_progress(float(onset[going].min()))
            moved[onset > before], before = count, onset.copy()
            going &= count - moved < _MOST_AT_ONCE
            self._update(event)
            event, count = self._next(), count + 1
        return [np.array(events, dtype=np.int64).reshape(-1, len(self._columns)) for events in kept]

    def _update(self, event: Ids) -> None:
        self._update_networks(event)
        if self._blend:
            self._blend.update(event)
        if self._repetition:
            self._repetition.update(event)

    def _update_networks(self, event: Ids) -> None:
        for network, columns in self._networks:
            network.update(event[:, columns])

    def _next(self) -> Ids:
        """Draw one event in each lane and move on past it."""
        event = np.zeros((self._settings.variations, len(self._columns)), dtype=np.int64)
        for network, columns in self._networks:
            for index, column in enumerate(columns):
                if column in self._constraints.derived:
                    event[:, column] = self._constraints.derived[column](event)
                else:
                    event[:, column] = self._draw(network.logits(index, event[:, columns]), column, event)
                if index == 0 and self._context:  # the gap says when the event is, and so which notes are active then
                    network.set_context(self._context(event))
        self._constraints.advance(event)
        return event

    def _draw(self, logits: Logits, column: int, event: Ids) -> Ids:
        if self._blend:
            logits = self._blend.blend(logits, column, event)
        allowed = self._constraints.allowed(column, event)
        if self._repetition:
            allowed = self._repetition.narrow(column, allowed)
        logits = forbid(logits, allowed)
        logits = keep_nucleus(sharpen(logits, self._settings.temperature), self._settings.top_p)
        ids = draw(logits, np.array([rng.random() for rng in self._rngs]))
        return self._repetition.replace(column, ids) if self._repetition else ids
