"""Owns the network in TensorFlow: from a window of events to the cost of each next one.

Knows nothing about pieces, batches or time budgets. Only the training process imports this module.

Small matrices that meet the same rows stand side by side, so that a step makes few large products: the tables of all
columns read are one table, and the heads of all columns drawn share one product.

Conventions
-----------
events : int32, (steps, batch, columns + context), time first
state  : one (h, c) a layer, each (batch, units)
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import tensorflow as tf

from core.encoding.columns import Column
from core.lstm.dropout import Dropout
from core.lstm.intervals import class_scores, near_scores
from core.lstm.parameters import Architecture
from core.lstm.recurrence import embedding_bag, lstm

State = tuple[tuple[tf.Tensor, tf.Tensor], ...]
Variables = dict[str, tf.Variable]


def zero_state(architecture: Architecture, batch: int) -> State:
    """Return the state before the first event."""
    zeros = tf.zeros((batch, architecture.units))
    return tuple((zeros, zeros) for _ in range(architecture.layers))


class Network:
    """The weights as one step reads them: joined and, while learning, partly left out."""

    def __init__(
        self, architecture: Architecture, variables: Variables, dropout: Dropout, label_smoothing: float = 0.0
    ) -> None:
        """Join the weights of small products."""
        columns = architecture.columns
        tables = [variables[f"embedding/{column.name}"] @ variables[f"input/{column.name}"] for column in columns]
        tables[0] += variables["layer0/bias"]
        self.architecture = architecture
        self._weights, self._dropout, self._smoothing = variables, dropout, label_smoothing
        self._names = [columns[column].name for column in architecture.drawn]
        self._table = tf.concat(tables, axis=0)
        self._rows = np.cumsum([0, *(column.size for column in columns)], dtype=np.int32)[:-1]
        self._recurrent = [
            dropout.of_weights(tf.convert_to_tensor(variables[f"layer{layer}/recurrent"]))
            for layer in range(architecture.layers)
        ]
        self._hidden = _side_by_side(variables[f"{name}/hidden"] for name in self._names)
        self._bias = tf.concat([variables[f"{name}/bias"] for name in self._names], axis=0)
        self._later_rows = [row for row, column in enumerate(architecture.drawn) if column]
        self._seen = self._join_seen() if self._later_rows else None
        self._context_rows = [
            row for row, column in enumerate(architecture.drawn) if column in architecture.context_columns
        ]
        if self._context_rows:
            self._active = _side_by_side(variables[f"{self._names[row]}/active"] for row in self._context_rows)

    def _join_seen(self) -> tf.Tensor:
        """Stack the tables of the columns seen; a head that comes before a column finds zeros there."""
        columns, drawn = self.architecture.columns, self.architecture.drawn
        heads = [(drawn[row], self._names[row]) for row in self._later_rows]
        zeros = [tf.zeros((column.size, self.architecture.head_units)) for column in columns]
        blocks = [
            _side_by_side(
                self._weights[f"{name}/seen/{seen.name}"] if before < column else zeros[before]
                for column, name in heads
            )
            for before, seen in enumerate(columns[: heads[-1][0]])
        ]  # fmt: skip
        return tf.concat(blocks, axis=0)

    def nll(self, events: tf.Tensor, state: State) -> tuple[tf.Tensor, State]:
        """Return the cost in nats of events[1:], given those before them, and the state after events[-2].

        The cost has the shape (drawn columns, steps - 1, batch). It is 0 where an event is a boundary, save in the
        column that ends a piece: its boundary is predicted too. The state is cleared before each boundary that is read.
        """
        predicted, state = self.logits(events, state)
        targets = [events[1:, :, column] for column in self.architecture.drawn]
        columns = [self.architecture.columns[column] for column in self.architecture.drawn]
        return tf.stack(
            [_cost(*each, self._smoothing) for each in zip(columns, predicted, targets, strict=True)]
        ), state

    def logits(self, events: tf.Tensor, state: State) -> tuple[list[tf.Tensor], State]:
        """Return the logits of the drawn columns of events[1:], each (steps - 1, batch, outputs), and the new state."""
        hidden, state = self._run_layers(events[:-1], state)
        heads, weights = self._heads(hidden, events[1:]), self._weights
        found = [
            _product(head, weights[f"{name}/out"]) + weights[f"{name}/out_bias"]
            for name, head in zip(self._names, heads, strict=True)
        ]
        if (column := self.architecture.relative) is not None:
            row = self.architecture.drawn.index(column)
            found[row] += self._by_intervals(column, self._names[row], heads[row], events)
        return found, state

    def _by_intervals(self, column: int, name: str, head: tf.Tensor, events: tf.Tensor) -> tf.Tensor:
        """Return what is added to the logits of the column of pitches, (steps - 1, batch, outputs)."""
        architecture, (steps, batch, _) = self.architecture, head.shape
        many, outputs = steps * batch, architecture.columns[column].outputs
        context = tf.reshape(events[1:, :, len(architecture.columns) :], (many, architecture.context))
        last = tf.reshape(events[:-1, :, column], (many,))
        gains = tf.reshape(_product(head, self._weights[f"{name}/channels"]), (many, architecture.channels))
        near, classes = gains @ self._weights[f"{name}/intervals"], gains @ self._weights[f"{name}/classes"]
        found = near_scores(architecture, near, context[:, : architecture.pitches], last)
        found += class_scores(architecture, classes, context, last)
        found = tf.pad(found, ((0, 0), (0, outputs - architecture.pitches)))
        return tf.reshape(found, (steps, batch, outputs))

    def _run_layers(self, events: tf.Tensor, state: State) -> tuple[tf.Tensor, State]:
        """Run the layers over the events; return h of the last one, (steps, batch, units), and the new state."""
        columns = self.architecture.columns
        keep = tf.cast(events[:, :, 0] != columns[0].boundary, tf.float32)[:, :, None]
        gates = embedding_bag(self._table, events[:, :, : len(columns)] + self._rows)
        hidden, after = gates, []
        for layer, ((h, c), recurrent) in enumerate(zip(state, self._recurrent, strict=True)):
            if layer:
                gates = _product(hidden, self._weights[f"layer{layer}/input"]) + self._weights[f"layer{layer}/bias"]
            hidden, h, c = lstm(gates, keep, recurrent, h, c)
            after.append((h, c))
            hidden = self._dropout.of_layer(hidden)
        return hidden, tuple(after)

    def _heads(self, hidden: tf.Tensor, events: tf.Tensor) -> list[tf.Tensor]:
        """Return what the head of each drawn column makes of h and of what it sees of the event itself."""
        parts = [[part] for part in _apart(_product(hidden, self._hidden) + self._bias, len(self._names))]
        if self._later_rows:
            last = self.architecture.drawn[-1]
            seen = embedding_bag(self._seen, events[:, :, :last] + self._rows[:last])
            for row, part in zip(self._later_rows, _apart(seen, len(self._later_rows)), strict=True):
                parts[row].append(part)
        if self._context_rows:
            active = _product(_active_marks(self.architecture, events), self._active)
            for row, part in zip(self._context_rows, _apart(active, len(self._context_rows)), strict=True):
                parts[row].append(part)
        return [self._dropout.of_head(tf.tanh(tf.add_n(each))) for each in parts]


def _side_by_side(matrices: Iterable[tf.Tensor]) -> tf.Tensor:
    return tf.concat(list(matrices), axis=1)


def _apart(sequence: tf.Tensor, many: int) -> list[tf.Tensor]:
    return tf.split(sequence, many, axis=2)


def _product(sequence: tf.Tensor, matrix: tf.Tensor) -> tf.Tensor:
    """Multiply (steps, batch, n) by (n, m) as one large matrix product."""
    steps, batch, width = sequence.shape
    flat = tf.reshape(sequence, (steps * batch, width)) @ matrix
    return tf.reshape(flat, (steps, batch, matrix.shape[1]))


def _active_marks(architecture: Architecture, events: tf.Tensor) -> tf.Tensor:
    """Mark the pitches of each code of active notes: (steps, batch, codes x pitches)."""
    codes = events[:, :, len(architecture.columns) : len(architecture.columns) + architecture.pitches]
    return tf.concat([tf.cast(codes == code, tf.float32) for code in range(1, architecture.context_codes + 1)], axis=2)


def _cost(column: Column, logits: tf.Tensor, target: tf.Tensor, smoothing: float) -> tf.Tensor:
    """Return the nats of the targets; an unknown one costs what `Column.unseen` says, whatever the network predicts.

    A share `smoothing` of the cost is that of all ids alike (label smoothing, Szegedy et al. 2016).
    """
    within = tf.minimum(target, column.outputs - 1)
    cost = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=within, logits=logits)
    if smoothing:
        spread = tf.reduce_logsumexp(logits, axis=-1) - tf.reduce_mean(logits, axis=-1)
        cost = (1 - smoothing) * cost + smoothing * spread
    if column.unseen:
        known = cost - tf.math.log1p(-column.unseen)
        cost = tf.where(target == column.unknown, -tf.math.log(column.unseen), known)
    return cost if column.ends else tf.where(target == column.boundary, 0.0, cost)
