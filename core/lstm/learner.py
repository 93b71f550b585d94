"""Owns the weights while they are learned: variables, one compiled step, one compiled validation.

Knows nothing about pieces, budgets or progress. Only the training process imports this module.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.config import TrainingSettings
from core.encoding import EventFormat
from core.lstm.dropout import Dropout
from core.lstm.hyperparameters import USUAL, Hyperparameters
from core.lstm.network import Network, State, Variables, zero_state
from core.lstm.optimizer import Optimizer
from core.lstm.parameters import Architecture, Parameters, architectures, initial, shapes

_STREAMS = 2


def configure_threads() -> None:
    """Give each of the two independent streams of a step one thread; call it before TensorFlow runs anything.

    Two cores do more so than by sharing the small products of one stream.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(_STREAMS)


class Learners:
    """What hands out learners and keeps the last one, because compiling takes seconds; a process has one of these."""

    def __init__(self) -> None:
        self._kept: dict[object, Learner] = {}

    def __call__(
        self,
        form: EventFormat,
        settings: TrainingSettings,
        first: Sequence[Parameters],
        hyperparameters: Hyperparameters = USUAL,
    ) -> Learner:
        """Return a learner that begins with the weights `first`, one set a network.

        It is the one of the last call, compiled already, where sizes, dropout and hyperparameters are the same; what
        that was used for must be over.
        """
        context = range(len(form.columns), len(form.columns) + form.context)
        shape = LearnerShape(
            architectures(form, settings),
            tuple((*network, *context) for network in form.networks),
            settings.batch,
            settings.dropout,
            settings.recurrent_dropout,
            hyperparameters,
        )
        if shape not in self._kept:
            self._kept.clear()
            gc.collect()  # the graph of the one before, which holds itself
            self._kept[shape] = Learner(shape)
        learner = self._kept[shape]
        learner.begin(first, settings.seed)
        return learner

    def warm_up(self, form: EventFormat, settings: TrainingSettings) -> None:
        """Compile what a call with these settings will return, before it is needed."""
        rng = np.random.default_rng(settings.seed)
        learner = self(form, settings, [initial(each, rng) for each in architectures(form, settings)])
        width = len(form.columns) + form.context
        learner.step(np.zeros((settings.length + 1, settings.batch, width), np.int16), 0.0)
        for rows in learner.validation_rows:
            nothing = np.zeros((settings.length + 1, rows, width), np.int16)
            learner.validate(nothing, np.zeros((settings.length, rows), bool), settings.length)


@dataclass(frozen=True)
class LearnerShape:
    """What a learner is compiled for. `columns` are the columns of an event that each network reads."""

    networks: tuple[Architecture, ...]
    columns: tuple[tuple[int, ...], ...]
    batch: int
    dropout: float
    recurrent_dropout: float
    hyperparameters: Hyperparameters = USUAL


class Learner:
    """The networks of one encoding, learning. Costs are nats by drawn column, networks one after another."""

    validation_rows = (2, 8)
    """How many rows `validate` should be given, for few pieces and for many: it is compiled once for each."""

    def __init__(self, shape: LearnerShape) -> None:
        """Prepare for windows of `shape.batch` rows."""
        self.names = [network.columns[column].name for network in shape.networks for column in network.drawn]
        self._shape = shape
        self._variables = [
            {name: tf.Variable(tf.zeros(size), name=name) for name, size in shapes(network).items()}
            for network in shape.networks
        ]
        self._flat = [variable for variables in self._variables for variable in variables.values()]
        self._optimizer = Optimizer(self._flat, shape.hyperparameters)
        averages = iter(self._optimizer.averages)
        self._averages = [{name: next(averages) for name in variables} for variables in self._variables]
        self._streams = _STREAMS if shape.batch % _STREAMS == 0 else 1
        self._rows = shape.batch // self._streams

    def begin(self, first: Sequence[Parameters], seed: int) -> None:
        """Begin with the weights `first`, one set a network, an empty state, and dropout by a seed."""
        for variables, parameters in zip(self._variables, first, strict=True):
            for name, values in parameters.items():
                variables[name].assign(values)
        self._optimizer.reset()
        self._states = [self._zero_states(self._rows) for _ in range(self._streams)]
        self._seed, self._steps = seed, 0

    def step(self, events: NDArray[np.int16], rate: float) -> NDArray[np.float32]:
        """Learn from a window (length + 1, batch, columns) at a learning rate; return its costs."""
        self._steps += 1
        seed = tf.constant([self._seed, self._steps])
        costs, self._states = self._step(tf.constant(events, tf.int32), tf.constant(rate), seed, self._states)
        return costs.numpy()

    def validate(self, events: NDArray[np.int16], counts: NDArray[np.bool_], length: int) -> NDArray[np.float64]:
        """Return the cost of each event[1:] where `counts`, `length` at a time and without dropout.

        events : (steps, batch, columns); counts : (steps - 1, batch); the costs : (drawn columns, steps - 1, batch)
        """
        steps = len(counts)
        short = -(len(events) - 1) % length
        events = np.concatenate([events, np.repeat(events[-1:], short, axis=0)])
        counts = np.concatenate([counts, np.zeros((short, counts.shape[1]), dtype=bool)])
        states, costs = self._zero_states(events.shape[1]), []
        for start in range(0, len(counts), length):
            window = tf.constant(events[start : start + length + 1], tf.int32)
            part, states = self._validate(window, tf.constant(counts[start : start + length]), states)
            costs.append(part.numpy())
        return np.concatenate(costs, axis=1, dtype=np.float64)[:, :steps]

    def weights(self) -> tuple[Parameters, ...]:
        """Return a copy of the weights of each network, averaged over the last steps."""
        return tuple({name: value.numpy() for name, value in averages.items()} for averages in self._averages)

    def _zero_states(self, batch: int) -> list[State]:
        return [zero_state(network, batch) for network in self._shape.networks]

    def _costs(
        self, networks: Sequence[Network], events: tf.Tensor, states: Sequence[State]
    ) -> tuple[tf.Tensor, list[State]]:
        """Return the nats of each drawn column, (columns, steps, batch), and the new states."""
        whole = tuple(range(events.shape[2]))
        parts = (events if columns == whole else tf.gather(events, columns, axis=2) for columns in self._shape.columns)
        found = [network.nll(*each) for network, *each in zip(networks, parts, states, strict=True)]
        return tf.concat([costs for costs, _ in found], axis=0), [state for _, state in found]

    def _networks(self, weights: Sequence[Variables], dropout: Dropout) -> list[Network]:
        smoothing = self._shape.hyperparameters.label_smoothing
        pairs = zip(self._shape.networks, weights, strict=True)
        return [Network(network, variables, dropout, smoothing) for network, variables in pairs]

    @tf.function(autograph=False)
    def _step(
        self, events: tf.Tensor, rate: tf.Tensor, seed: tf.Tensor, states: list[list[State]]
    ) -> tuple[tf.Tensor, list[list[State]]]:
        with tf.GradientTape() as tape:
            dropout = Dropout(self._shape.dropout, self._shape.recurrent_dropout, seed)
            networks = self._networks(self._variables, dropout)
            streams = zip(tf.split(events, self._streams, axis=1), states, strict=True)
            costs, after = zip(*(self._costs(networks, *stream) for stream in streams), strict=True)
            sums = tf.add_n([tf.reduce_sum(cost, axis=(1, 2)) for cost in costs])
            loss = tf.reduce_sum(sums) / tf.cast((events.shape[0] - 1) * events.shape[1], tf.float32)
        self._optimizer.apply(tape.gradient(loss, self._flat), rate)
        return sums, list(after)

    @tf.function(autograph=False)
    def _validate(self, events: tf.Tensor, counts: tf.Tensor, states: list[State]) -> tuple[tf.Tensor, list[State]]:
        costs, states = self._costs(self._networks(self._averages, Dropout()), events, states)
        return tf.where(counts, costs, 0.0), states
