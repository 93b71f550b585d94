"""Owns one step of the LSTM in NumPy: the same numbers as `network`, without TensorFlow.

Knows nothing about music or about how ids are drawn.

Several voices go on side by side as one batch. The work is done in double precision, so that a draw does not depend
on how a machine orders its sums.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.encoding.sounding import HELD
from core.lstm.parameters import Architecture, Parameters


class Lstm:
    """A network that listens to events and says what it expects next; it remembers what it has heard."""

    def __init__(self, architecture: Architecture, parameters: Parameters, voices: int) -> None:
        """Prepare the tables and an empty memory for `voices` voices."""
        self.architecture = architecture
        self._weights = {name: values.astype(np.float64) for name, values in parameters.items()}
        self._tables = [
            self._weights[f"embedding/{column.name}"] @ self._weights[f"input/{column.name}"]
            for column in architecture.columns
        ]
        self._tables[0] = self._tables[0] + self._weights["layer0/bias"]
        self._h = np.zeros((architecture.layers, voices, architecture.units))
        self._c = np.zeros_like(self._h)

    def read(self, events: NDArray[np.integer]) -> None:
        """Hear one event a voice, shape (voices, columns); a boundary clears the voice's memory first."""
        begins = events[:, 0] == self.architecture.columns[0].boundary
        if begins.any():
            self._h[:, begins] = self._c[:, begins] = 0.0
        gates = sum(table[events[:, place]] for place, table in enumerate(self._tables))
        for layer in range(self.architecture.layers):
            if layer:
                gates = self._h[layer - 1] @ self._weights[f"layer{layer}/input"] + self._weights[f"layer{layer}/bias"]
            self._advance(layer, gates + self._h[layer] @ self._weights[f"layer{layer}/recurrent"])

    def _advance(self, layer: int, gates: NDArray[np.float64]) -> None:
        units = self.architecture.units
        i, f, o, g = (gates[:, k * units : (k + 1) * units] for k in range(4))
        self._c[layer] = _sigmoid(f) * self._c[layer] + _sigmoid(i) * np.tanh(g)
        self._h[layer] = _sigmoid(o) * np.tanh(self._c[layer])

    def logits(self, place: int, events: NDArray[np.integer], codes: NDArray[np.integer]) -> NDArray[np.float64]:
        """Score the ids of one column of the next event, (voices, outputs).

        Given are its columns before `place` and what sounds at its onset, `codes` (voices, context).
        """
        name = self.architecture.columns[place].name
        head = self._h[-1] @ self._weights[f"{name}/hidden"] + self._weights[f"{name}/bias"]
        for before, column in enumerate(self.architecture.columns[:place]):
            head += self._weights[f"{name}/seen/{column.name}"][events[:, before]]
        if place in self.architecture.sees_context:
            voices, pitches = np.nonzero(codes)
            rows = (codes[voices, pitches] - HELD) * self.architecture.context + pitches
            np.add.at(head, voices, self._weights[f"{name}/sounding"][rows])
        return np.tanh(head) @ self._weights[f"{name}/out"] + self._weights[f"{name}/out_bias"]


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.5 * (np.tanh(0.5 * values) + 1.0)


def nll(architecture: Architecture, parameters: Parameters, events: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the cost in nats of events[1:], as `network.nll` defines it: (drawn columns, steps - 1, voices).

    events : (steps, voices, columns + context)
    """
    lstm = Lstm(architecture, parameters, events.shape[1])
    costs = np.empty((len(architecture.drawn), len(events) - 1, events.shape[1]))
    for step, (heard, following) in enumerate(pairwise(events)):
        lstm.read(heard)
        for row, place in enumerate(architecture.drawn):
            logits = lstm.logits(place, following, following[:, len(architecture.columns) :])
            costs[row, step] = _cost(architecture.columns[place], logits, following[:, place])
    return costs


def _cost(column, logits, target):
    within = np.minimum(target, column.outputs - 1)[:, None]
    shifted = logits - logits.max(axis=1, keepdims=True)
    cost = np.log(np.exp(shifted).sum(axis=1)) - np.take_along_axis(shifted, within, axis=1)[:, 0]
    if column.unseen:
        known = cost - np.log1p(-column.unseen)
        cost = np.where(target == column.unknown, -np.log(column.unseen), known)
    return cost if column.ends else np.where(target == column.boundary, 0.0, cost)
