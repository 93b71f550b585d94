"""Owns one step of the LSTM in NumPy: the same numbers as `network`, without TensorFlow.

Knows nothing about music or about how ids are drawn.

Several voices go on side by side as one batch. What one event costs is mostly one product of h with all matrices that
meet it: those of the next gates and those of the heads. A sigmoid is a tanh here, σ(x) = (1 + tanh(x / 2)) / 2, with
the halves in the weights, so that all gates take one call.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from core.encoding.sounding import SOUNDS
from core.lstm.parameters import Architecture, Parameters

Rows = NDArray[np.float32]
_BLOCK = 128


@cache
def use_one_thread() -> None:
    """Keep BLAS to one thread in this process: the products here are so small that threads wait for each other."""
    threadpool_limits(limits=1, user_api="blas")


class _Matrix:
    """A matrix in blocks of columns, so small that BLAS does not rearrange them before it multiplies a few rows."""

    def __init__(self, values: Rows) -> None:
        self._columns = values.shape[1]
        short = -self._columns % min(_BLOCK, self._columns)
        padded = np.pad(values, ((0, 0), (0, short))).astype(np.float32)
        blocks = padded.reshape(len(values), -1, min(_BLOCK, self._columns))
        self._blocks = np.ascontiguousarray(blocks.transpose(1, 0, 2))

    def after(self, rows: Rows) -> Rows:
        """Return rows @ values."""
        return (rows @ self._blocks).transpose(1, 0, 2).reshape(len(rows), -1)[:, : self._columns]


class Lstm:
    """A network that listens to events and says what it expects next; it remembers what it has heard.

    For each event: `read` it; then for the next one `see` what sounds at its onset, and ask for `logits`.
    """

    def __init__(self, architecture: Architecture, parameters: Parameters, voices: int) -> None:
        """Prepare the tables and an empty memory for `voices` voices."""
        columns, units, layers = architecture.columns, architecture.units, architecture.layers
        halves = np.repeat(np.array([0.5, 1.0], np.float32), [3 * units, units])
        names = [columns[place].name for place in architecture.drawn]
        tables = [parameters[f"embedding/{column.name}"] @ parameters[f"input/{column.name}"] for column in columns]
        tables[0] = tables[0] + parameters["layer0/bias"]
        self.architecture = architecture
        self._out = {
            place: (parameters[f"{name}/out"], parameters[f"{name}/out_bias"])
            for place, name in zip(architecture.drawn, names, strict=True)
        }
        self._rows = np.cumsum([0, *(column.size for column in columns)])[:-1]
        self._table = np.concatenate(tables) * halves
        heads = [parameters[f"{name}/hidden"] for name in names]
        above = [[parameters[f"layer{layer}/input"] * halves] for layer in range(1, layers)] + [heads]
        self._after = [
            _Matrix(np.concatenate([parameters[f"layer{layer}/recurrent"] * halves, *above[layer]], axis=1))
            for layer in range(layers)
        ]
        self._biases = [parameters[f"layer{layer}/bias"] * halves for layer in range(1, layers)]
        self._biases.append(np.concatenate([parameters[f"{name}/bias"] for name in names]))
        self._head = {
            place: slice(row * architecture.head_units, (row + 1) * architecture.head_units)
            for row, place in enumerate(architecture.drawn)
        }
        self._seen = {
            place: np.concatenate([parameters[f"{columns[place].name}/seen/{seen.name}"] for seen in columns[:place]])
            for place in architecture.drawn
            if place
        }
        self._sounding = {place: parameters[f"{columns[place].name}/sounding"] for place in architecture.sees_context}
        self._cells = np.zeros((layers, voices, units), np.float32)
        self._ahead = [np.zeros((voices, 4 * units), np.float32) for _ in range(layers)]
        self._heads = np.zeros((voices, len(names) * architecture.head_units), np.float32)

    def read(self, events: NDArray[np.integer]) -> None:
        """Hear one event a voice, shape (voices, columns); a boundary clears the voice's memory first."""
        boundary = self.architecture.columns[0].boundary
        if boundary in events[:, 0].tolist():
            begins = events[:, 0] == boundary
            for memory in (*self._cells, *self._ahead):
                memory[begins] = 0.0
        width = 4 * self.architecture.units
        below = self._bag(self._table, events + self._rows)
        for layer, matrix in enumerate(self._after):
            below += self._ahead[layer]
            products = matrix.after(self._advance(self._cells[layer], below))
            self._ahead[layer] = products[:, :width]
            below = products[:, width:] + self._biases[layer]
        self._heads = below

    def _advance(self, cells: Rows, gates: Rows) -> Rows:
        """Move the cells on by the gates, both in place; return h."""
        units = self.architecture.units
        np.tanh(gates, out=gates)
        sigmoids = gates[:, : 3 * units]
        sigmoids *= 0.5
        sigmoids += 0.5
        i, f, o, g = (gates[:, gate * units : (gate + 1) * units] for gate in range(4))
        cells *= f
        cells += i * g
        return o * np.tanh(cells)

    def see(self, codes: NDArray[np.integer]) -> None:
        """Take in what sounds at the onset of the next event, `codes` (voices, context)."""
        if self._sounding:
            marks = np.concatenate([codes == code for code in range(1, SOUNDS + 1)], axis=1).astype(np.float32)
            for place, table in self._sounding.items():
                self._heads[:, self._head[place]] += marks @ table

    def logits(self, place: int, events: NDArray[np.integer]) -> Rows:
        """Score the ids of one column of the next event, (voices, outputs), given its columns before `place`."""
        out, bias = self._out[place]
        head = self._heads[:, self._head[place]]
        if place:
            head = head + self._bag(self._seen[place], events[:, :place] + self._rows[:place])
        return np.tanh(head) @ out + bias

    @staticmethod
    def _bag(table: Rows, ids: NDArray[np.integer]) -> Rows:
        """Return the sum of the rows of a table that each voice names."""
        found = table.take(ids, axis=0)
        return found.sum(axis=1) if ids.shape[1] > 1 else found[:, 0]


def nll(architecture: Architecture, parameters: Parameters, events: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the cost in nats of events[1:], as `network.nll` defines it: (drawn columns, steps - 1, voices).

    events : (steps, voices, columns + context)
    """
    use_one_thread()
    lstm, columns = Lstm(architecture, parameters, events.shape[1]), len(architecture.columns)
    costs = np.empty((len(architecture.drawn), len(events) - 1, events.shape[1]))
    for step, (heard, following) in enumerate(pairwise(events)):
        lstm.read(heard[:, :columns])
        lstm.see(following[:, columns:])
        for row, place in enumerate(architecture.drawn):
            logits = lstm.logits(place, following)
            costs[row, step] = _cost(architecture.columns[place], logits.astype(np.float64), following[:, place])
    return costs


def _cost(column, logits, target):
    within = np.minimum(target, column.outputs - 1)[:, None]
    shifted = logits - logits.max(axis=1, keepdims=True)
    cost = np.log(np.exp(shifted).sum(axis=1)) - np.take_along_axis(shifted, within, axis=1)[:, 0]
    if column.unseen:
        known = cost - np.log1p(-column.unseen)
        cost = np.where(target == column.unknown, -np.log(column.unseen), known)
    return cost if column.ends else np.where(target == column.boundary, 0.0, cost)
