"""Owns how weights move: Adam with weight decay (Loshchilov and Hutter 2019), clipped, and their running average.

Knows nothing about what the weights mean. Only the training process imports this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import tensorflow as tf

from core.lstm.hyperparameters import USUAL, Hyperparameters

_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-7


class Optimizer:
    """Moves variables, and keeps the average of where they were lately, which is steadier than where they are."""

    def __init__(self, variables: Sequence[tf.Variable], hyperparameters: Hyperparameters = USUAL) -> None:
        """Begin where the variables stand."""
        self._variables, self._chosen = variables, hyperparameters
        self.averages = [tf.Variable(variable, trainable=False) for variable in variables]
        self._means = [tf.Variable(tf.zeros_like(variable), trainable=False) for variable in variables]
        self._squares = [tf.Variable(tf.zeros_like(variable), trainable=False) for variable in variables]
        self._steps = tf.Variable(0.0, trainable=False)

    def reset(self) -> None:
        """Begin anew where the variables stand now."""
        self._steps.assign(0.0)
        for variable, average, mean, square in self._slots():
            average.assign(variable)
            mean.assign(tf.zeros_like(mean))
            square.assign(tf.zeros_like(square))

    def _slots(self) -> Iterator[tuple[tf.Variable, ...]]:
        return zip(self._variables, self.averages, self._means, self._squares, strict=True)

    def apply(self, gradients: Sequence[tf.Tensor], rate: tf.Tensor) -> None:
        """Take one step at a learning rate; longer gradients are shortened to the largest norm."""
        gradients, _ = tf.clip_by_global_norm(gradients, self._chosen.gradient_norm)
        self._steps.assign_add(1.0)
        beta_1, beta_2 = tf.pow(_BETA_1, self._steps), tf.pow(_BETA_2, self._steps)
        share = tf.maximum(1.0 - self._chosen.averaging, 9.0 / (9.0 + self._steps))
        for gradient, (variable, average, mean, square) in zip(gradients, self._slots(), strict=True):
            variable.assign_sub(rate * self._chosen.weight_decay * variable)
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle, m=mean.handle, v=square.handle, beta1_power=beta_1, beta2_power=beta_2, lr=rate,
                beta1=_BETA_1, beta2=_BETA_2, epsilon=_EPSILON, grad=gradient,
            )  # fmt: skip
            average.assign_add(share * (variable - average))
