"""Owns one step of the LSTM in NumPy: the same numbers as `network`, without TensorFlow.

Knows nothing about music or about how ids are drawn.

Several lanes go on side by side as one batch. What one event costs is mostly one product of h with all matrices that
meet it: those of the next gates and those of the heads. A sigmoid is a tanh here, σ(x) = (1 + tanh(x / 2)) / 2, with
the halves in the weights, so that all gates take one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from core.encoding.columns import Column
from core.lstm.parameters import Architecture, Parameters
from core.lstm.relative import Relative, active_of

Rows = NDArray[np.float32]
_BLOCK = 128


def limit_blas_threads() -> None:
    """Keep BLAS to one thread in this process, whose entry should call this once.

    The products here are so small that threads wait for each other.
    """
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
    """A network that reads events and predicts the next one; its state is what it has read.

    For each event: `update` with it; then for the next one `set_context` with its context, and ask
    for `logits`.
    """

    def __init__(self, architecture: Architecture, parameters: Parameters, lanes: int) -> None:
        """Join the tables and matrices, and begin with an empty state for `lanes` lanes."""
        self.architecture = architecture
        self._rows = np.cumsum([0, *(column.size for column in architecture.columns)])[:-1]
        self._table = _input_table(architecture, parameters)
        self._after, self._biases = _joined_layers(architecture, parameters)
        self._head = {
            column: slice(row * architecture.head_units, (row + 1) * architecture.head_units)
            for row, column in enumerate(architecture.drawn)
        }
        self._seen, self._out = _head_tables(architecture, parameters)
        self._active_table = _active_table(architecture, parameters)
        self._relative = _relative(architecture, parameters)
        nothing: NDArray[np.integer] = np.zeros((lanes, architecture.context), np.uint8)
        self._active, self._shares = active_of(nothing[:, : architecture.pitches]), nothing[:, architecture.pitches :]
        self._last: NDArray[np.integer] = np.full(lanes, architecture.pitches)
        layers, units = architecture.layers, architecture.units
        self._cells = np.zeros((layers, lanes, units), np.float32)
        self._ahead = [np.zeros((lanes, 4 * units), np.float32) for _ in range(layers)]
        self._heads = np.zeros((lanes, len(architecture.drawn) * architecture.head_units), np.float32)

    def update(self, events: NDArray[np.integer]) -> None:
        """Read one event in each lane, shape (lanes, columns); a boundary clears the lane's state first."""
        boundary = self.architecture.columns[0].boundary
        if boundary in events[:, 0].tolist():
            begins = events[:, 0] == boundary
            for state in (*self._cells, *self._ahead):
                state[begins] = 0.0
        width = 4 * self.architecture.units
        below = self._bag(self._table, events + self._rows)
        for layer, matrix in enumerate(self._after):
            below += self._ahead[layer]
            products = matrix.after(self._advance(self._cells[layer], below))
            self._ahead[layer] = products[:, :width]
            below = products[:, width:] + self._biases[layer]
        self._heads = below
        if self.architecture.relative is not None:
            self._last = events[:, self.architecture.relative]

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

    def set_context(self, context: NDArray[np.integer]) -> None:
        """Take in the context of the next event, (lanes, context)."""
        pitches = self.architecture.pitches
        self._active, self._shares = active_of(context[:, :pitches]), context[:, pitches:]
        if self._active_table is not None:
            self._heads = self._heads + self._active_table.take(self._active_rows(), axis=0).sum(axis=1)

    def _active_rows(self) -> NDArray[np.integer]:
        """Return the rows of the table that each lane's active notes name, (lanes, most notes), filled up by the last,
        which is nothing.
        """
        lanes, notes, kinds = self._active
        many = np.bincount(lanes, minlength=len(self._heads))
        rows = np.full(
            (len(many), int(many.max(initial=0))), self.architecture.context_codes * self.architecture.pitches
        )
        rows[lanes, np.arange(len(lanes)) - (many.cumsum() - many)[lanes]] = kinds * self.architecture.pitches + notes
        return rows

    def logits(self, column: int, events: NDArray[np.integer]) -> Rows:
        """Return the logits of a column of the next event, (lanes, outputs), given the columns before it."""
        out, bias = self._out[column]
        head = self._heads[:, self._head[column]]
        if column:
            head = head + self._bag(self._seen[column], events[:, :column] + self._rows[:column])
        head = np.tanh(head)
        logits = head @ out + bias
        if self._relative and column == self.architecture.relative:
            logits[:, : self.architecture.pitches] += self._relative.scores(
                head, self._active, self._shares, self._last
            )
        return logits

    def select(self, lanes: NDArray[np.integer]) -> Lstm:
        """Return the network with the state of some lanes, in their order; a lane may come more than once."""
        chosen = copy(self)
        chosen._cells = self._cells[:, lanes]
        chosen._ahead = [ahead[lanes] for ahead in self._ahead]
        chosen._heads = self._heads[lanes]
        chosen._last = self._last[lanes]
        return chosen

    @staticmethod
    def join(networks: Sequence[Lstm]) -> Lstm:
        """Return one network with the lanes of several that have the same weights."""
        joined = copy(networks[0])
        joined._cells = np.concatenate([each._cells for each in networks], axis=1)
        joined._ahead = [np.concatenate(parts) for parts in zip(*(each._ahead for each in networks), strict=True)]
        joined._heads = np.concatenate([each._heads for each in networks])
        joined._last = np.concatenate([each._last for each in networks])
        return joined

    @staticmethod
    def _bag(table: Rows, ids: NDArray[np.integer]) -> Rows:
        """Return the sum of the rows of a table that each lane names."""
        found = table.take(ids, axis=0)
        return found.sum(axis=1) if ids.shape[1] > 1 else found[:, 0]


def _gate_halves(units: int) -> Rows:
    return np.repeat(np.array([0.5, 1.0], np.float32), [3 * units, units])


def _input_table(architecture: Architecture, parameters: Parameters) -> Rows:
    """Return the gates that each id of each column adds, the columns one below the other, with the bias."""
    names = [column.name for column in architecture.columns]
    tables = [parameters[f"embedding/{name}"] @ parameters[f"input/{name}"] for name in names]
    tables[0] = tables[0] + parameters["layer0/bias"]
    return np.concatenate(tables) * _gate_halves(architecture.units)


def _joined_layers(architecture: Architecture, parameters: Parameters) -> tuple[list[_Matrix], list[Rows]]:
    """Return for each layer the matrices that its h meets, side by side, and the bias of what is above it.

    h meets the layer's own recurrent weights and the input of the next layer, or of the heads.
    """
    halves, layers = _gate_halves(architecture.units), architecture.layers
    names = [architecture.columns[column].name for column in architecture.drawn]
    above = [[parameters[f"layer{layer}/input"] * halves] for layer in range(1, layers)]
    above.append([parameters[f"{name}/hidden"] for name in names])
    biases = [parameters[f"layer{layer}/bias"] * halves for layer in range(1, layers)]
    biases.append(np.concatenate([parameters[f"{name}/bias"] for name in names]))
    joined = [
        _Matrix(np.concatenate([parameters[f"layer{layer}/recurrent"] * halves, *above[layer]], axis=1))
        for layer in range(layers)
    ]
    return joined, biases


def _head_tables(
    architecture: Architecture, parameters: Parameters
) -> tuple[dict[int, Rows], dict[int, tuple[Rows, Rows]]]:
    """Return by column: the tables of the columns that its head sees, and the output."""
    columns = architecture.columns
    seen = {
        column: np.concatenate([parameters[f"{columns[column].name}/seen/{each.name}"] for each in columns[:column]])
        for column in architecture.drawn
        if column
    }
    names = {column: columns[column].name for column in architecture.drawn}
    out = {column: (parameters[f"{name}/out"], parameters[f"{name}/out_bias"]) for column, name in names.items()}
    return seen, out


def _active_table(architecture: Architecture, parameters: Parameters) -> Rows | None:
    """Return what each code of each pitch adds to all heads, side by side, and a last row of zeros.

    None where no head sees them.
    """
    if not architecture.context_columns:
        return None
    rows, units = architecture.context_codes * architecture.pitches, architecture.head_units
    table = np.zeros((rows + 1, len(architecture.drawn) * units), np.float32)
    for head, column in enumerate(architecture.drawn):
        if column in architecture.context_columns:
            name = architecture.columns[column].name
            table[:rows, head * units : (head + 1) * units] = parameters[f"{name}/active"]
    return table


def _relative(architecture: Architecture, parameters: Parameters) -> Relative | None:
    if architecture.relative is None:
        return None
    return Relative(architecture, parameters, architecture.columns[architecture.relative].name)


def nll(architecture: Architecture, parameters: Parameters, events: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the cost in nats of events[1:], as `network.nll` defines it: (drawn columns, steps - 1, lanes).

    events : (steps, lanes, columns + context)
    """
    lstm, columns = Lstm(architecture, parameters, events.shape[1]), len(architecture.columns)
    costs = np.empty((len(architecture.drawn), len(events) - 1, events.shape[1]))
    for step, (event, following) in enumerate(pairwise(events)):
        lstm.update(event[:, :columns])
        lstm.set_context(following[:, columns:])
        for row, column in enumerate(architecture.drawn):
            logits = lstm.logits(column, following)
            costs[row, step] = _cost(architecture.columns[column], logits.astype(np.float64), following[:, column])
    return costs


def _cost(column: Column, logits: NDArray[np.float64], target: NDArray[np.integer]) -> NDArray[np.float64]:
    within = np.minimum(target, column.outputs - 1)[:, None]
    shifted = logits - logits.max(axis=1, keepdims=True)
    cost = np.log(np.exp(shifted).sum(axis=1)) - np.take_along_axis(shifted, within, axis=1)[:, 0]
    if column.unseen:
        known = cost - np.log1p(-column.unseen)
        cost = np.where(target == column.unknown, -np.log(column.unseen), known)
    return cost if column.ends else np.where(target == column.boundary, 0.0, cost)
