"""Owns the weights while they are learned: variables, the optimiser, one compiled step, one compiled judgement.

Knows nothing about pieces, budgets or progress.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.config import TrainingSettings
from core.encoding import Encoding
from core.lstm import network
from core.lstm.parameters import Parameters, architectures

_STREAMS = 2
_LARGEST_GRADIENT = 1.0
_WEIGHT_DECAY = 0.05
_MOMENTUM = 0.995


def use_threads() -> None:
    """Give each of the two independent streams of a step one thread; call it before TensorFlow runs anything.

    Two cores do more so than by sharing the small products of one stream.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(_STREAMS)


def forget() -> None:
    """Give back the memory of the networks that nobody holds any more."""
    tf.keras.backend.clear_session()


class Learner:
    """The networks of one encoding, learning. Costs come as nats summed by drawn column, networks one after another."""

    def __init__(self, encoding: Encoding, settings: TrainingSettings, first: Sequence[Parameters]) -> None:
        """Begin with the weights `first`, one set a network."""
        tf.random.set_seed(settings.seed)
        self.names = [
            column.name for places in encoding.networks for column in map(encoding.columns.__getitem__, places)
            if column.drawn
        ]  # fmt: skip
        behind = range(len(encoding.columns), len(encoding.columns) + encoding.context)
        self._places = [[*places, *behind] for places in encoding.networks]
        self._dropout = network.Dropout(settings.dropout, settings.recurrent_dropout)
        self._architectures = architectures(encoding, settings)
        self._variables = [
            {name: tf.Variable(values, name=name) for name, values in parameters.items()} for parameters in first
        ]
        self._averages = [
            {name: tf.Variable(values, trainable=False) for name, values in parameters.items()} for parameters in first
        ]
        self._flat = [variable for variables in self._variables for variable in variables.values()]
        self._flat_averages = [average for averages in self._averages for average in averages.values()]
        self._steps = tf.Variable(0.0, trainable=False)
        self._optimizer = tf.keras.optimizers.AdamW(
            settings.learning_rate, weight_decay=_WEIGHT_DECAY, global_clipnorm=_LARGEST_GRADIENT
        )
        self._optimizer.build(self._flat)
        self._streams = _STREAMS if settings.batch % _STREAMS == 0 else 1
        self._states = [self._zero_states(settings.batch // self._streams) for _ in range(self._streams)]

    def step(self, events: NDArray[np.int16], rate: float) -> NDArray[np.float32]:
        """Learn from a window (length + 1, batch, columns) at a learning rate; return its costs."""
        costs, self._states = self._step(tf.constant(events, tf.int32), tf.constant(rate, tf.float32), self._states)
        return costs.numpy()

    def judge(self, events: NDArray[np.int16], counts: NDArray[np.bool_], length: int) -> NDArray[np.float64]:
        """Return the costs of events (steps, batch, columns) where `counts`, `length` at a time, without dropout."""
        short = -(len(events) - 1) % length
        events = np.concatenate([events, np.repeat(events[-1:], short, axis=0)])
        counts = np.concatenate([counts, np.zeros((short, counts.shape[1]), dtype=bool)])
        states, costs = self._zero_states(events.shape[1]), np.zeros(len(self.names))
        for start in range(0, len(counts), length):
            window = tf.constant(events[start : start + length + 1], tf.int32)
            part, states = self._judge(window, tf.constant(counts[start : start + length]), states)
            costs += part.numpy()
        return costs

    def weights(self) -> tuple[Parameters, ...]:
        """Return a copy of the weights of each network, averaged over the last steps."""
        return tuple({name: value.numpy() for name, value in averages.items()} for averages in self._averages)

    def _zero_states(self, batch):
        return [network.zero_state(architecture, batch) for architecture in self._architectures]

    def _costs(self, weights, events, states, dropout):
        """Return the nats of each drawn column, (columns, steps, batch), and the new states."""
        costs, after = [], []
        for architecture, variables, places, state in zip(
            self._architectures, weights, self._places, states, strict=True
        ):
            cost, state = network.nll(architecture, variables, tf.gather(events, places, axis=2), state, dropout)
            costs.append(cost)
            after.append(state)
        return tf.concat(costs, axis=0), after

    @tf.function(autograph=False)
    def _step(self, events, rate, states):
        with tf.GradientTape() as tape:
            streams = zip(tf.split(events, self._streams, axis=1), states, strict=True)
            both = (self._costs(self._variables, part, state, self._dropout) for part, state in streams)
            costs, after = zip(*both, strict=True)
            sums = tf.add_n([tf.reduce_sum(cost, axis=(1, 2)) for cost in costs])
            loss = tf.reduce_sum(sums) / tf.cast((events.shape[0] - 1) * events.shape[1], tf.float32)
        self._optimizer.learning_rate.assign(rate)
        self._optimizer.apply_gradients(zip(tape.gradient(loss, self._flat), self._flat, strict=True))
        self._average()
        return sums, list(after)

    def _average(self):
        """Move the averages towards the weights: over few steps at first, later over about two hundred."""
        self._steps.assign_add(1.0)
        share = tf.maximum(1.0 - _MOMENTUM, 9.0 / (9.0 + self._steps))
        for average, variable in zip(self._flat_averages, self._flat, strict=True):
            average.assign_add(share * (variable - average))

    @tf.function(autograph=False)
    def _judge(self, events, counts, states):
        costs, states = self._costs(self._averages, events, states, network.NO_DROPOUT)
        return tf.reduce_sum(tf.where(counts, costs, 0.0), axis=(1, 2)), states
