"""Owns what is left out while a network learns, so that it does not learn by heart.

Knows nothing about what is dropped or why. Only the training process imports this module.
"""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf


class Dropout:
    """Leaves out shares of values, the same ones at all steps of a window.

    outputs   : of the layers (Gal and Ghahramani 2016), and half as much of the heads
    recurrent : of the recurrent weights (Merity et al. 2018)
    seed      : int32, (2,); the same seed leaves out the same
    """

    def __init__(
        self, outputs: float = 0.0, recurrent: float = 0.0, seed: tf.Tensor | tuple[int, int] = (0, 0)
    ) -> None:
        """By default nothing is left out."""
        self._outputs, self._recurrent, self._seed = outputs, recurrent, tf.convert_to_tensor(seed)

    def of_layer(self, hidden: tf.Tensor) -> tf.Tensor:
        """Leave out cells of (steps, batch, units)."""
        return self._drop(hidden, self._outputs, (1, *hidden.shape[1:]))

    def of_head(self, head: tf.Tensor) -> tf.Tensor:
        """Leave out cells of (steps, batch, head units)."""
        return self._drop(head, self._outputs / 2, (1, *head.shape[1:]))

    def of_weights(self, matrix: tf.Tensor) -> tf.Tensor:
        """Leave out recurrent weights."""
        return self._drop(matrix, self._recurrent, matrix.shape)

    def _drop(self, values: tf.Tensor, share: float, mask: Sequence[int]) -> tf.Tensor:
        if not share:
            return values
        self._seed = self._seed + tf.constant([1, 0])
        return tf.nn.experimental.stateless_dropout(values, share, self._seed, noise_shape=mask)
