"""Owns the two parts of the network that are faster by hand: the LSTM over time, and sums of rows of a table.

Knows nothing about events, columns or costs. Only the training process imports this module.

Speed comes from the order of the work. Only `h @ recurrent` is sequential; in the backward pass everything but one
product a step is done for all steps at once, before or after the loop.
"""

from __future__ import annotations

import tensorflow as tf


@tf.custom_gradient
def embedding_bag(table, ids):
    """Return the sum of some rows of a table (rows, width) for each of ids (..., k): (..., width).

    The gradient sorts the ids, so that each row of the table is summed up in one go.
    """
    width, many = table.shape[1], ids.shape[-1]
    found = tf.add_n([tf.gather(table, ids[..., k]) for k in range(many)])

    def gradient(upstream):
        flat = tf.reshape(ids, [-1])
        order = tf.argsort(flat)
        rows = tf.reshape(upstream, (-1, width))
        return tf.sparse.segment_sum(rows, order // many, tf.gather(flat, order), num_segments=table.shape[0]), None

    return found, gradient


@tf.custom_gradient
def lstm(gates, keep, recurrent, h, c):
    """Run one LSTM layer over gates (steps, batch, 4 units), the input product with its bias.

    keep is 0 where the state is cleared before the step, else 1, (steps, batch, 1). Returns h of all steps and the
    last h and c; no gradient flows through the last two, nor into the first h and c (truncated back-propagation).
    """
    steps, batch, width = gates.shape
    units = width // 4

    def step(t, h, c, opened, proposed, cells, hidden):
        h, c = h * keep[t], c * keep[t]
        open_gates, proposal = tf.split(gates[t] + h @ recurrent, [3 * units, units], axis=1)
        open_gates, proposal = tf.sigmoid(open_gates), tf.tanh(proposal)
        i, f, o = tf.split(open_gates, 3, axis=1)
        c = f * c + i * proposal
        h = o * tf.tanh(c)
        return (
            t + 1, h, c,
            opened.write(t, open_gates), proposed.write(t, proposal), cells.write(t, c), hidden.write(t, h),
        )  # fmt: skip

    widths = (3 * units, units, units, units)
    records = [tf.TensorArray(tf.float32, steps, element_shape=(batch, each)) for each in widths]
    _, last_h, last_c, *records = tf.while_loop(
        lambda t, *_: t < steps, step, (0, h, c, *records), maximum_iterations=steps, parallel_iterations=1
    )
    opened, proposed, cells, hidden = (record.stack() for record in records)

    def gradient(upstream, _last_h, _last_c):
        before_h, before_c = (
            tf.concat([first[None], rest[:-1]], axis=0) * keep for first, rest in ((h, hidden), (c, cells))
        )
        dz = _backward(upstream, keep, recurrent, before_c, opened, proposed, cells)
        flat_h, flat_dz = tf.reshape(before_h, (steps * batch, units)), tf.reshape(dz, (steps * batch, width))
        return dz, None, tf.matmul(flat_h, flat_dz, transpose_a=True), None, None

    return (hidden, last_h, last_c), gradient


def _backward(upstream, keep, recurrent, before_c, opened, proposed, cells):
    """Return the gradient of the gates, (steps, batch, 4 units), from that of h, `upstream` (steps, batch, units)."""
    steps, batch, units = upstream.shape
    i, f, o = tf.split(opened, 3, axis=2)
    squashed = tf.tanh(cells)
    to_cell, to_before = o * (1.0 - squashed * squashed), f * keep
    to_gates = tf.concat(
        [
            tf.concat([proposed, before_c, squashed], axis=2) * opened * (1.0 - opened),
            i * (1.0 - proposed * proposed),
        ],
        axis=2,
    )
    back = tf.transpose(recurrent)

    def step(t, dh, dc, record):
        dh += upstream[t]
        dc += dh * to_cell[t]
        dz = tf.concat([dc, dc, dh, dc], axis=1) * to_gates[t]
        return t - 1, (dz @ back) * keep[t], dc * to_before[t], record.write(t, dz)

    zeros = tf.zeros((batch, units))
    record = tf.TensorArray(tf.float32, steps, element_shape=(batch, 4 * units))
    *_, record = tf.while_loop(
        lambda t, *_: t >= 0,
        step,
        (steps - 1, zeros, zeros, record),
        maximum_iterations=steps,
        parallel_iterations=1,
    )
    return record.stack()
