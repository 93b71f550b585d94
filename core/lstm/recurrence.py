"""Owns the two parts of the network that are faster by hand: the LSTM over time, and sums of rows of a table.

Knows nothing about events, columns or costs. Only the training process imports this module.

Speed comes from the order of the work. Only `h @ recurrent` is sequential; all other products are done for all steps
at once, before or after the loop. What is small is done within the loop, where it is still near the processor: the
forward pass also writes down the slopes that the backward pass needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

Gradient = Callable[..., tuple[Any, ...]]


@tf.custom_gradient
def embedding_bag(table: tf.Tensor, ids: tf.Tensor) -> tuple[tf.Tensor, Gradient]:
    """Return the sum of some rows of a table (rows, width) for each of ids (..., k): (..., width).

    The gradient sorts the ids, so that each row of the table is summed up in one go.
    """
    width, many = table.shape[1], ids.shape[-1]
    found = tf.add_n([tf.gather(table, ids[..., k]) for k in range(many)])

    def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, None]:
        flat = tf.reshape(ids, [-1])
        order = tf.argsort(flat)
        rows = tf.reshape(upstream, (-1, width))
        return tf.sparse.segment_sum(rows, order // many, tf.gather(flat, order), num_segments=table.shape[0]), None

    return found, gradient


@tf.custom_gradient
def lstm(
    gates: tf.Tensor, keep: tf.Tensor, recurrent: tf.Tensor, h: tf.Tensor, c: tf.Tensor
) -> tuple[tuple[tf.Tensor, tf.Tensor, tf.Tensor], Gradient]:
    """Run one LSTM layer over gates (steps, batch, 4 units), the input product with its bias.

    keep is 0 where the state is cleared before the step, else 1, (steps, batch, 1). Returns h of all steps and the
    last h and c; no gradient flows through the last two, nor into the first h and c (truncated back-propagation).
    """
    steps, batch, width = gates.shape
    units = width // 4

    def step(t: tf.Tensor, h: tf.Tensor, c: tf.Tensor, *records: tf.TensorArray) -> tuple[Any, ...]:
        before_h, before_c = h * keep[t], c * keep[t]
        open_gates, proposal = tf.split(gates[t] + before_h @ recurrent, [3 * units, units], axis=1)
        open_gates, proposal = tf.sigmoid(open_gates), tf.tanh(proposal)
        i, f, o = tf.split(open_gates, 3, axis=1)
        c = f * before_c + i * proposal
        squashed = tf.tanh(c)
        h = o * squashed
        opens = tf.concat([proposal, before_c, squashed], axis=1) * (open_gates - open_gates * open_gates)
        slopes = tf.concat([opens, i - i * proposal * proposal], axis=1), o - h * squashed, f * keep[t]
        return t + 1, h, c, *_written(records, t, (before_h, h, *slopes))

    records = [_record(steps, batch, width_of * units) for width_of in (1, 1, 4, 1, 1)]
    _, last_h, last_c, before_h, hidden, *slopes = tf.while_loop(
        lambda t, *_: t < steps, step, (0, h, c, *records), maximum_iterations=steps, parallel_iterations=1
    )
    hidden = hidden.stack()

    def gradient(upstream: tf.Tensor, _last_h: tf.Tensor, _last_c: tf.Tensor) -> tuple[Any, ...]:
        dz = _backward(upstream, keep, recurrent, *slopes)
        flat_h = tf.reshape(before_h.stack(), (steps * batch, units))
        flat_dz = tf.reshape(dz, (steps * batch, width))
        return dz, None, tf.matmul(flat_h, flat_dz, transpose_a=True), None, None

    return (hidden, last_h, last_c), gradient


def _backward(
    upstream: tf.Tensor,
    keep: tf.Tensor,
    recurrent: tf.Tensor,
    to_gates: tf.TensorArray,
    to_cell: tf.TensorArray,
    to_before: tf.TensorArray,
) -> tf.Tensor:
    """Return the gradient of the gates, (steps, batch, 4 units), from that of h, `upstream` (steps, batch, units).

    Of each step the records hold the slopes: of the gates' effect on c and h, of h by c, and of c by the c before it.
    """
    steps, batch, units = upstream.shape
    back = tf.transpose(recurrent)

    def step(t: tf.Tensor, dh: tf.Tensor, dc: tf.Tensor, record: tf.TensorArray) -> tuple[Any, ...]:
        dh += upstream[t]
        dc += dh * to_cell.read(t)
        dz = tf.concat([dc, dc, dh, dc], axis=1) * to_gates.read(t)
        return t - 1, (dz @ back) * keep[t], dc * to_before.read(t), record.write(t, dz)

    zeros = tf.zeros((batch, units))
    *_, record = tf.while_loop(
        lambda t, *_: t >= 0,
        step,
        (steps - 1, zeros, zeros, _record(steps, batch, 4 * units)),
        maximum_iterations=steps,
        parallel_iterations=1,
    )
    return record.stack()


def _record(steps: int, batch: int, width: int) -> tf.TensorArray:
    return tf.TensorArray(tf.float32, steps, element_shape=(batch, width))


def _written(
    records: Sequence[tf.TensorArray], t: tf.Tensor, values: Sequence[tf.Tensor]
) -> tuple[tf.TensorArray, ...]:
    return tuple(record.write(t, value) for record, value in zip(records, values, strict=True))
