"""Owns the weights while they are learned: variables, one compiled step, one compiled judgement.

Knows nothing about pieces, budgets or progress. Only the training process imports this module.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.config import TrainingSettings
from core.encoding import Encoding
from core.lstm.dropout import Dropout
from core.lstm.network import Network, zero_state
from core.lstm.optimizer import Optimizer
from core.lstm.parameters import Architecture, Parameters, architectures, initial, shapes

_STREAMS = 2
JUDGED_ROWS = (2, 8)
"""How many rows `judge` should be given, for few pieces and for many: it is compiled once for each."""


def use_threads() -> None:
    """Give each of the two independent streams of a step one thread; call it before TensorFlow runs anything.

    Two cores do more so than by sharing the small products of one stream.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(_STREAMS)


def learner_for(encoding: Encoding, settings: TrainingSettings, first: Sequence[Parameters]) -> Learner:
    """Return a learner that begins with the weights `first`, one set a network.

    It is the one of the last call, compiled already, where sizes and dropout are the same; only one is kept, so what
    was begun before must be over.
    """
    columns, networks = len(encoding.columns), encoding.networks
    behind = range(columns, columns + encoding.context)
    places = tuple((*network, *behind) for network in networks)
    learner = _compiled(
        architectures(encoding, settings), places, settings.batch, settings.dropout, settings.recurrent_dropout
    )
    learner.begin(first, settings.seed)
    return learner


def warm_up(encoding: Encoding, settings: TrainingSettings) -> None:
    """Compile what `learner_for` will return for these settings, before it is needed."""
    rng = np.random.default_rng(settings.seed)
    learner = learner_for(encoding, settings, [initial(each, rng) for each in architectures(encoding, settings)])
    width = len(encoding.columns) + encoding.context
    learner.step(np.zeros((settings.length + 1, settings.batch, width), np.int16), 0.0)
    for rows in JUDGED_ROWS:
        nothing = np.zeros((settings.length + 1, rows, width), np.int16)
        learner.judge(nothing, np.zeros((settings.length, rows), bool), settings.length)


_kept: dict[tuple, Learner] = {}


def _compiled(*shape) -> Learner:
    if shape not in _kept:
        _kept.clear()
        gc.collect()  # the graph of the one before, which holds itself
        _kept[shape] = Learner(*shape)
    return _kept[shape]


class Learner:
    """The networks of one encoding, learning. Costs are nats by drawn column, networks one after another."""

    def __init__(
        self,
        networks: Sequence[Architecture],
        places: Sequence[Sequence[int]],
        batch: int,
        dropout: float,
        recurrent_dropout: float,
    ) -> None:
        """Prepare for windows of `batch` rows. `places` are the columns of an event that each network reads."""
        self.names = [network.columns[place].name for network in networks for place in network.drawn]
        self._networks, self._places = networks, places
        self._dropout = (dropout, recurrent_dropout)
        self._variables = [
            {name: tf.Variable(tf.zeros(shape), name=name) for name, shape in shapes(network).items()}
            for network in networks
        ]
        self._flat = [variable for variables in self._variables for variable in variables.values()]
        self._optimizer = Optimizer(self._flat)
        averages = iter(self._optimizer.averages)
        self._averages = [{name: next(averages) for name in variables} for variables in self._variables]
        self._streams = _STREAMS if batch % _STREAMS == 0 else 1
        self._rows = batch // self._streams

    def begin(self, first: Sequence[Parameters], seed: int) -> None:
        """Begin with the weights `first`, one set a network, an empty memory, and dropout by a seed."""
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

    def judge(self, events: NDArray[np.int16], counts: NDArray[np.bool_], length: int) -> NDArray[np.float64]:
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
            part, states = self._judge(window, tf.constant(counts[start : start + length]), states)
            costs.append(part.numpy())
        return np.concatenate(costs, axis=1, dtype=np.float64)[:, :steps]

    def weights(self) -> tuple[Parameters, ...]:
        """Return a copy of the weights of each network, averaged over the last steps."""
        return tuple({name: value.numpy() for name, value in averages.items()} for averages in self._averages)

    def _zero_states(self, batch):
        return [zero_state(network, batch) for network in self._networks]

    def _costs(self, networks, events, states):
        """Return the nats of each drawn column, (columns, steps, batch), and the new states."""
        whole = tuple(range(events.shape[2]))
        parts = (events if places == whole else tf.gather(events, places, axis=2) for places in self._places)
        found = [network.nll(*each) for network, *each in zip(networks, parts, states, strict=True)]
        return tf.concat([costs for costs, _ in found], axis=0), [state for _, state in found]

    def _read(self, weights, dropout):
        return [Network(each, variables, dropout) for each, variables in zip(self._networks, weights, strict=True)]

    @tf.function(autograph=False)
    def _step(self, events, rate, seed, states):
        with tf.GradientTape() as tape:
            networks = self._read(self._variables, Dropout(*self._dropout, seed))
            streams = zip(tf.split(events, self._streams, axis=1), states, strict=True)
            costs, after = zip(*(self._costs(networks, *stream) for stream in streams), strict=True)
            sums = tf.add_n([tf.reduce_sum(cost, axis=(1, 2)) for cost in costs])
            loss = tf.reduce_sum(sums) / tf.cast((events.shape[0] - 1) * events.shape[1], tf.float32)
        self._optimizer.apply(tape.gradient(loss, self._flat), rate)
        return sums, list(after)

    @tf.function(autograph=False)
    def _judge(self, events, counts, states):
        costs, states = self._costs(self._read(self._averages, Dropout()), events, states)
        return tf.where(counts, costs, 0.0), states
