"""Owns the LSTM in TensorFlow: from a window of events to the cost of each next one.

Knows nothing about pieces, batches or time budgets. Only the training process imports this module.

Speed comes from the order of the work. Only `h @ recurrent` is sequential: the input product is a table look-up
before the loop, and in the backward pass everything but one product a step is done for all steps at once.

Conventions
-----------
events : int32, (steps, batch, columns + context), time first
state  : one (h, c) a layer, each (batch, units)
"""

from __future__ import annotations

from dataclasses import dataclass

import tensorflow as tf

from core.encoding.sounding import ENDED, HELD, STRUCK
from core.lstm.parameters import Architecture

State = tuple[tuple[tf.Tensor, tf.Tensor], ...]
Variables = dict[str, tf.Variable]


def zero_state(architecture: Architecture, batch: int) -> State:
    """Return the state before the first event."""
    zeros = tf.zeros((batch, architecture.units))
    return tuple((zeros, zeros) for _ in range(architecture.layers))


@dataclass(frozen=True)
class Dropout:
    """Shares that are left out while learning, against learning by heart.

    outputs   : of the layers and heads, the same ones at all steps of a window (Gal and Ghahramani 2016)
    recurrent : of the recurrent weights, the same ones at all steps of a window (Merity et al. 2018)
    """

    outputs: float = 0.0
    recurrent: float = 0.0


NO_DROPOUT = Dropout()


def nll(
    architecture: Architecture, variables: Variables, events: tf.Tensor, state: State, dropout: Dropout = NO_DROPOUT
) -> tuple[tf.Tensor, State]:
    """Return the cost in nats of events[1:], given those before them, and the state after events[-2].

    The cost has the shape (drawn columns, steps - 1, batch). It is 0 where an event is a boundary, save in the column
    that ends a piece: its boundary is predicted too. The state is cleared before each boundary that is read.
    """
    predicted, state = logits(architecture, variables, events, state, dropout)
    targets = [events[1:, :, place] for place in architecture.drawn]
    columns = [architecture.columns[place] for place in architecture.drawn]
    return tf.stack([_cost(*each) for each in zip(columns, predicted, targets, strict=True)]), state


def logits(
    architecture: Architecture, variables: Variables, events: tf.Tensor, state: State, dropout: Dropout = NO_DROPOUT
) -> tuple[list[tf.Tensor], State]:
    """Return the scores of every drawn column of events[1:], each (steps - 1, batch, outputs), and the new state."""
    hidden, state = _hidden(architecture, variables, events[:-1], state, dropout)
    following, sounding = events[1:], _sounding(architecture, events[1:])
    drawn = architecture.drawn
    return [_logits(architecture, variables, hidden, following, sounding, place, dropout) for place in drawn], state


def _sounding(architecture, events):
    """Mark what is held, ended and struck: (steps, batch, 3 context)."""
    codes = events[:, :, len(architecture.columns) :]
    return tf.concat([tf.cast(codes == code, tf.float32) for code in (HELD, ENDED, STRUCK)], axis=2)


def _cost(column, scores, target):
    """Return the nats of the targets; an unknown one costs what `Column.unseen` says, whatever the network thinks."""
    within = tf.minimum(target, column.outputs - 1)
    cost = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=within, logits=scores)
    if column.unseen:
        known = cost - tf.math.log1p(-column.unseen)
        cost = tf.where(target == column.unknown, -tf.math.log(column.unseen), known)
    return cost if column.ends else tf.where(target == column.boundary, 0.0, cost)


def _hidden(architecture, variables, events, state, dropout):
    """Run the layers over the events; return h of the last one, (steps, batch, units), and the new state."""
    first = architecture.columns[0]
    keep = tf.cast(events[:, :, 0] != first.boundary, tf.float32)[:, :, None]
    gates = tf.convert_to_tensor(variables["layer0/bias"])
    for place, column in enumerate(architecture.columns):
        table = variables[f"embedding/{column.name}"] @ variables[f"input/{column.name}"]
        gates += tf.gather(table, events[:, :, place])
    after = []
    for layer, (h, c) in enumerate(state):
        if layer:
            gates = _product(hidden, variables[f"layer{layer}/input"]) + variables[f"layer{layer}/bias"]  # noqa: F821
        recurrent = tf.convert_to_tensor(variables[f"layer{layer}/recurrent"])
        if dropout.recurrent:
            recurrent = tf.nn.dropout(recurrent, dropout.recurrent)
        hidden, h, c = lstm(gates, keep, recurrent, h, c)
        after.append((h, c))
        if dropout.outputs:
            hidden = tf.nn.dropout(hidden, dropout.outputs, noise_shape=(1, *hidden.shape[1:]))
    return hidden, tuple(after)


def _logits(architecture, variables, hidden, events, sounding, place, dropout):
    name = architecture.columns[place].name
    seen = tf.convert_to_tensor(variables[f"{name}/bias"])
    if place in architecture.sees_context:
        seen += _product(sounding, variables[f"{name}/sounding"])
    for before in range(place):
        table = variables[f"{name}/seen/{architecture.columns[before].name}"]
        seen += tf.gather(table, events[:, :, before])
    head = tf.tanh(_product(hidden, variables[f"{name}/hidden"]) + seen)
    if dropout.outputs:
        head = tf.nn.dropout(head, dropout.outputs / 2)
    return _product(head, variables[f"{name}/out"]) + variables[f"{name}/out_bias"]


def _product(sequence, matrix):
    """Multiply (steps, batch, n) by (n, m) as one large matrix product."""
    steps, batch, width = sequence.shape
    flat = tf.reshape(sequence, (steps * batch, width)) @ matrix
    return tf.reshape(flat, (steps, batch, matrix.shape[1]))


@tf.custom_gradient
def lstm(gates, keep, recurrent, h, c):
    """Run one LSTM layer over gates (steps, batch, 4 units), the input product with its bias.

    keep is 0 where the state is cleared before the step, else 1, (steps, batch, 1). Returns h of all steps and the
    last h and c; no gradient flows through the last two, nor into the first h and c (truncated back-propagation).
    """
    steps, batch, width = gates.shape
    units = width // 4

    def step(t, h, c, record):
        h, c = h * keep[t], c * keep[t]
        z = gates[t] + h @ recurrent
        i, f, o = (tf.sigmoid(z[:, k * units : (k + 1) * units]) for k in (0, 1, 3))
        g = tf.tanh(z[:, 2 * units : 3 * units])
        new_c = f * c + i * g
        squashed = tf.tanh(new_c)
        new_h = o * squashed
        row = tf.concat([h, c, i, f, g, o, squashed, new_h], axis=1)
        return t + 1, new_h, new_c, record.write(t, row)

    record = tf.TensorArray(tf.float32, size=steps, element_shape=(batch, 8 * units))
    _, last_h, last_c, record = tf.while_loop(
        lambda t, *_: t < steps, step, (0, h, c, record), maximum_iterations=steps, parallel_iterations=1
    )
    before_h, before_c, i, f, g, o, squashed, hidden = tf.split(record.stack(), 8, axis=2)

    def gradient(hidden_gradient, _last_h, _last_c):
        through = tf.concat([g * i * (1 - i), before_c * f * (1 - f), i * (1 - g * g)], axis=2)
        factors = tf.concat([o * (1 - squashed * squashed), f * keep, squashed * o * (1 - o), through], axis=2)
        back = tf.transpose(recurrent)

        def step_back(t, dh, dc, record):
            factor = factors[t]
            dh += hidden_gradient[t]
            dc += dh * factor[:, :units]
            dz = tf.concat(
                [tf.tile(dc, (1, 3)) * factor[:, 3 * units :], dh * factor[:, 2 * units : 3 * units]], axis=1
            )
            dc *= factor[:, units : 2 * units]
            return t - 1, (dz @ back) * keep[t], dc, record.write(t, dz)

        record = tf.TensorArray(tf.float32, size=steps, element_shape=(batch, width))
        zeros = tf.zeros((batch, units))
        *_, record = tf.while_loop(
            lambda t, *_: t >= 0,
            step_back,
            (steps - 1, zeros, zeros, record),
            maximum_iterations=steps,
            parallel_iterations=1,
        )
        dz = record.stack()
        flat = tf.reshape(dz, (steps * batch, width))
        d_recurrent = tf.matmul(tf.reshape(before_h, (steps * batch, units)), flat, transpose_a=True)
        return dz, None, d_recurrent, None, None

    return (hidden, last_h, last_c), gradient
