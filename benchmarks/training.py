"""Measure how fast a network learns: this project, Keras (eager and compiled), PyTorch, and matrix products only.

    python -m benchmarks.training

The same network in every way: an embedding as wide as the LSTM, one LSTM of 256 or 512 cells, 200 ids, a batch of 64
windows of 100 steps; forward, backward and Adam. Every way runs in a process of its own, with the threads that suit it;
rounds are interleaved and medians count. `limit` is the matrix products and nothing else; `joint` is the network of
this project with all its heads, and `joint_limit` its matrix products. Prints a table and last one line of JSON: tokens
a second. Needs no music.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import tensorflow as tf

    from core.config import TrainingSettings

BATCH, STEPS, VOCAB, ROUNDS = 64, 100, 200, 5
TOKENS = BATCH * STEPS

_JOINED = ("hidden", "active")
_HEADS = (*_JOINED, "out", "channels", "intervals", "classes")
"""The matrices of the joint network besides the recurrent one; those that are joined read the same."""

Step = Callable[[], object]
"""Takes one step and waits for its end."""


def tokens() -> NDArray[np.int32]:
    """Return random ids, (STEPS + 1, BATCH)."""
    return np.random.default_rng(0).integers(0, VOCAB, (STEPS + 1, BATCH)).astype(np.int32)


def limit(units: int) -> Step:
    """Return the matrix products of a step of one LSTM with one linear head, and nothing else."""
    return products(units, [(units, VOCAB, True)])


def joint_limit(units: int) -> Step:
    """Return the matrix products of a step of the joint network, those that meet the same rows as one."""
    from core.config import TrainingSettings
    from core.encoding import JointEncoding
    from core.lstm.parameters import architectures, initial

    (architecture,) = architectures(JointEncoding(), TrainingSettings(units=units))
    widths: Counter[tuple[str, int]] = Counter()
    for name, value in initial(architecture, np.random.default_rng(0)).items():
        kind = name.split("/")[-1]
        if kind in _HEADS:
            widths[kind if kind in _JOINED else name, len(value)] += value.shape[1]
    return products(units, [(rows, width, kind != "active") for (kind, rows), width in widths.items()])


def products(units: int, heads: Sequence[tuple[int, int, bool]]) -> Step:
    """Return the matrix products of a step, forward and backward, in two streams of one thread each.

    They are those of one LSTM and of linear heads: how wide each is that reads and makes, and whether what it reads was
    made by the network too, so that it has a gradient.
    """
    import tensorflow as tf

    from core.lstm.learner import configure_threads

    configure_threads()
    rows = BATCH // 2
    many = STEPS * rows
    recurrent, back = tf.random.normal((units, 4 * units)), tf.random.normal((4 * units, units))
    hidden, gates = tf.random.normal((many, units)), tf.random.normal((many, 4 * units))
    each_head = [(*map(tf.random.normal, ((many, a), (a, b), (many, b))), made) for a, b, made in heads]

    def stream(h: tf.Tensor) -> tf.Tensor:
        def forward(t: tf.Tensor, h: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return t + 1, (h @ recurrent)[:, :units]

        def backward(t: tf.Tensor, dz: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            return t + 1, tf.pad(dz @ back, ((0, 0), (0, 3 * units)))

        _, h = tf.while_loop(lambda t, _: t < STEPS, forward, (0, h), parallel_iterations=1)
        _, dz = tf.while_loop(lambda t, _: t < STEPS, backward, (0, tf.tile(h, (1, 4))), parallel_iterations=1)
        found = [dz, tf.matmul(hidden, gates, transpose_a=True)]
        for read, weights, out, made in each_head:
            found += [read @ weights, tf.matmul(read, out, transpose_a=True)]
            found += [tf.matmul(out, weights, transpose_b=True)] if made else []
        return tf.add_n([tf.reduce_sum(each[:1]) for each in found])

    begin = tf.zeros((2, rows, units))

    @tf.function(autograph=False)
    def run() -> tf.Tensor:
        return stream(begin[0]) + stream(begin[1])

    return lambda: run().numpy()


def ours(units: int) -> Step:
    """Return our LSTM in two streams, with one linear head as the others have it."""
    import tensorflow as tf

    from core.lstm.learner import configure_threads
    from core.lstm.optimizer import Optimizer
    from core.lstm.recurrence import embedding_bag, lstm

    configure_threads()
    tf.random.set_seed(0)
    shapes = {
        "embedding": (VOCAB, units),
        "input": (units, 4 * units),
        "recurrent": (units, 4 * units),
        "out": (units, VOCAB),
    }
    weights = {name: tf.Variable(tf.random.normal(shape, stddev=0.05)) for name, shape in shapes.items()}
    weights["bias"], weights["out_bias"] = tf.Variable(tf.zeros(4 * units)), tf.Variable(tf.zeros(VOCAB))
    flat = list(weights.values())
    optimizer = Optimizer(flat)
    batch = tf.constant(tokens())

    def cost(table: tf.Tensor, part: tf.Tensor) -> tf.Tensor:
        rows = part.shape[1]
        gates = embedding_bag(table, part[:-1, :, None])
        zeros = tf.zeros((rows, units))
        hidden, _, _ = lstm(gates, tf.ones((STEPS, rows, 1)), tf.convert_to_tensor(weights["recurrent"]), zeros, zeros)
        logits = tf.reshape(hidden, (STEPS * rows, units)) @ weights["out"] + weights["out_bias"]
        labels = tf.reshape(part[1:], [-1])
        return tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))

    @tf.function(autograph=False)
    def run() -> tf.Tensor:
        with tf.GradientTape() as tape:
            table = weights["embedding"] @ weights["input"] + weights["bias"]
            loss = tf.add_n([cost(table, part) for part in tf.split(batch, 2, axis=1)]) / TOKENS
        optimizer.apply(tape.gradient(loss, flat), tf.constant(1e-3))
        return loss

    return lambda: run().numpy()


def joint(units: int) -> Step:
    """Return a step of the joint network as it is trained in the app, with windows as large as the others'."""
    from core.config import TrainingSettings

    return joint_step(TrainingSettings(units=units, batch=BATCH, length=STEPS))


def joint_step(settings: TrainingSettings) -> Step:
    """Return a step of the joint network on random events."""
    from benchmarks.trainings import learners
    from core.encoding import JointEncoding
    from core.lstm.parameters import architectures, initial

    encoding, rng = JointEncoding(), np.random.default_rng(0)
    learner = learners()(encoding, settings, [initial(each, rng) for each in architectures(encoding, settings)])
    shape = (settings.length + 1, settings.batch)
    columns = [rng.integers(0, column.outputs, shape) for column in encoding.columns]
    active = rng.choice(4, (*shape, encoding.context), p=[0.94, 0.02, 0.02, 0.02])
    window = np.concatenate([np.stack(columns, axis=-1), active], axis=-1).astype(np.int16)
    return lambda: learner.step(window, 1e-3)


def keras_step(units: int) -> Callable[[], Any]:
    """Return a step of the Keras network, to be called eagerly or compiled; it returns the loss."""
    import tensorflow as tf

    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [layers.Embedding(VOCAB, units), layers.LSTM(units, return_sequences=True), layers.Dense(VOCAB)]
    )
    batch = tf.constant(tokens().T)
    model(batch[:, :-1])
    optimizer = tf.keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def run() -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = loss_of(batch[:, 1:], model(batch[:, :-1], training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    return run


def eager(units: int) -> Step:
    """Return a step that is not compiled: a GradientTape over Keras layers."""
    run = keras_step(units)
    return lambda: run().numpy()


def keras(units: int) -> Step:
    """Return the same in `tf.function`."""
    import tensorflow as tf

    compiled = tf.function(keras_step(units))
    return lambda: compiled().numpy()


def pytorch(units: int) -> Step:
    """Return the same network in PyTorch with two threads."""
    import torch

    torch.set_num_threads(2)
    parts = torch.nn.ModuleList(
        [torch.nn.Embedding(VOCAB, units), torch.nn.LSTM(units, units), torch.nn.Linear(units, VOCAB)]
    )
    embedding, lstm, dense = parts
    optimizer = torch.optim.Adam(parts.parameters())
    batch = torch.tensor(tokens().astype(np.int64))

    def step() -> None:
        optimizer.zero_grad()
        logits = dense(lstm(embedding(batch[:-1]))[0])
        torch.nn.functional.cross_entropy(logits.reshape(-1, VOCAB), batch[1:].reshape(-1)).backward()
        optimizer.step()

    return step


WAYS: dict[str, Callable[[int], Step]] = {
    "limit": limit,
    "ours": ours,
    "joint": joint,
    "joint_limit": joint_limit,
    "pytorch": pytorch,
    "keras": keras,
    "eager": eager,
}


def serve(way: str, units: int) -> None:
    """Take a step to warm up, then measure a round for every line that comes in."""
    step = WAYS[way](units)
    step()
    print("ready", flush=True)
    for _ in sys.stdin:
        steps, begun = 0, time.perf_counter()
        while steps < 2 or time.perf_counter() - begun < 2.0:
            step()
            steps += 1
        print(steps * TOKENS / (time.perf_counter() - begun), flush=True)


def start(way: str, units: int) -> subprocess.Popen[str] | None:
    """Start the process of one way; None where what it needs is not installed."""
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.training", way, str(units)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        print(f"{way} is left out: what it needs is not installed")
        return None
    return process


def measure(units: int) -> dict[str, float]:
    """Measure all ways in turn, round after round."""
    processes = {way: process for way in WAYS if (process := start(way, units)) is not None}
    rates: dict[str, list[float]] = {way: [] for way in processes}
    for _ in range(ROUNDS):
        for way, process in processes.items():
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write("go\n")
            process.stdin.flush()
            rates[way].append(float(process.stdout.readline()))
    for process in processes.values():
        process.communicate()
    return {way: round(median(each)) for way, each in rates.items()}


def main() -> None:
    """Measure both sizes."""
    found: dict[str, float] = {}
    for units in (256, 512):
        rates = measure(units)
        for way, rate in rates.items():
            print(f"{units} cells  {way:8} {rate:10,.0f} tokens/s   ours is {rates['ours'] / rate:6.2f} times that")
            found[way if units == 256 else f"{way}_{units}"] = rate
    print(json.dumps(found))


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2])) if len(sys.argv) == 3 else main()
