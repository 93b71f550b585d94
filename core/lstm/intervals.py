"""Owns what a pitch is worth by its intervals, in TensorFlow: to the notes that sound, and to the keys heard lately.

Knows nothing about the LSTM. Only the training process imports this module; `parameters` has the formula.

Conventions
-----------
n : events, steps x batch
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from core.encoding.pitch_memory import CLASSES, WHOLE
from core.lstm.parameters import NEAR, Architecture


def near_scores(architecture: Architecture, kernels: tf.Tensor, codes: tf.Tensor, last: tf.Tensor) -> tf.Tensor:
    """Return what each pitch is worth beside the notes that are an octave away at most, (n, pitches).

    kernels : (n, kinds x 25), what each interval to a note of each kind is worth in each event
    codes   : (n, pitches), of the active notes, the kinds from 1 on
    last    : (n,), the last pitch, a note of the last kind; none where it is no pitch
    """
    many, pitches, kinds, width = codes.shape[0], architecture.pitches, architecture.kinds, 2 * NEAR + 1
    places, known = tf.where(codes > 0), tf.where(last < pitches)
    rows = tf.cast(tf.concat([places[:, 0], known[:, 0]], axis=0), tf.int32)
    notes = tf.concat([tf.cast(places[:, 1], tf.int32), tf.gather(last, known[:, 0])], axis=0)
    kind = tf.concat([tf.gather_nd(codes, places) - 1, tf.fill((tf.shape(known)[0],), kinds - 1)], axis=0)
    room = pitches + 2 * NEAR
    targets = (rows * room + notes)[:, None] + tf.range(width)
    found = _scattered(tf.reshape(kernels, (many * kinds, width)), rows * kinds + kind, targets, many * room)
    return tf.reshape(found, (many, room))[:, NEAR : NEAR + pitches]


def _scattered(table: tf.Tensor, rows: tf.Tensor, targets: tf.Tensor, size: int) -> tf.Tensor:
    """Return the sums of rows of a table, (k, width), at their targets, (k, width): (size,)."""

    @tf.custom_gradient
    def scattered(table: tf.Tensor) -> tuple[tf.Tensor, Any]:
        def gradient(upstream: tf.Tensor) -> tf.Tensor:
            return tf.math.unsorted_segment_sum(tf.gather(upstream, targets), rows, table.shape[0])

        values = tf.reshape(tf.gather(table, rows), [-1])
        return tf.math.unsorted_segment_sum(values, tf.reshape(targets, [-1]), size), gradient

    return scattered(table)


def class_scores(architecture: Architecture, kernels: tf.Tensor, context: tf.Tensor, last: tf.Tensor) -> tf.Tensor:
    """Return what each pitch is worth beside pitch classes, (n, pitches).

    kernels : (n, kinds and memories x 12), what the pitch class so many semitones above is worth in each event
    context : (n, pitches + memories x 12); last : (n,)
    """
    pitches, kinds = architecture.pitches, architecture.kinds
    padded = tf.pad(context[:, :pitches], ((0, 0), (0, -pitches % CLASSES)))
    codes = tf.reshape(padded, (-1, padded.shape[1] // CLASSES, CLASSES))
    marks = [tf.reduce_sum(tf.cast(codes == kind, tf.float32), axis=1) for kind in range(1, kinds)]
    marks.append(tf.where((last < pitches)[:, None], tf.one_hot(last % CLASSES, CLASSES), 0.0))
    shares = tf.sqrt(tf.cast(context[:, pitches:], tf.float32) / WHOLE)
    shares = tf.reshape(shares, (context.shape[0], architecture.memories, CLASSES))
    heard = tf.concat([tf.stack(marks, axis=1), shares], axis=1)
    found = _correlated(heard, tf.reshape(kernels, heard.shape))
    return tf.tile(found, (1, -(-pitches // CLASSES)))[:, :pitches]


def _correlated(heard: tf.Tensor, kernels: tf.Tensor) -> tf.Tensor:
    """Return the sum over k and i of heard[:, k, (c + i) % 12] * kernels[:, k, i] for each c: (n, 12).

    A circular correlation is a product of Fourier transforms, which is a fraction of the work.
    """
    product = tf.signal.rfft(heard) * tf.math.conj(tf.signal.rfft(kernels))
    return tf.signal.irfft(tf.reduce_sum(product, axis=1), [CLASSES])
