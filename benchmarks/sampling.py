"""Measure how fast notes are drawn: ours in NumPy against the eager Keras loop of the blog and PyTorch.

    python -m benchmarks.sampling

One LSTM of 256 units, a vocabulary of 200, one id drawn a step and fed back. Rounds are interleaved; medians count.
Prints a table and last one JSON object, events per second. PyTorch is measured where it is installed.
"""

import json
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from core.composing.sampling import draw, sharpen
from core.config import TrainingSettings
from core.encoding.columns import Column
from core.lstm.inference import Lstm, limit_blas_threads
from core.lstm.parameters import Architecture, initial

UNITS, VOCAB, ROUNDS = 256, 200, 5
RNG = np.random.default_rng(0)


def ours(voices: int, steps: int) -> int:
    """Draw with our network, `voices` side by side."""
    limit_blas_threads()
    settings = TrainingSettings()
    columns = (Column("token", VOCAB, ends=True),)
    architecture = Architecture(columns, 0, (), UNITS, 1, settings.embedding, settings.head_units)
    lstm = Lstm(architecture, initial(architecture, np.random.default_rng(0)), voices)
    events = np.zeros((voices, 1), dtype=np.int64)
    for _ in range(steps):
        lstm.read(events)
        events = draw(sharpen(lstm.logits(0, events), 1.0), RNG.random(voices))[:, None]
    return steps * voices


def blog() -> Callable[[int], int]:
    """Return the blog's way: call the Keras model on one step, draw, go on."""
    import tensorflow as tf

    embedding = tf.keras.layers.Embedding(VOCAB, UNITS)
    lstm = tf.keras.layers.LSTM(UNITS, return_state=True)
    dense = tf.keras.layers.Dense(VOCAB)

    def run(steps: int) -> int:
        token, state = np.zeros((1, 1), dtype=np.int64), None
        for _ in range(steps):
            hidden, *state = lstm(embedding(token), initial_state=state)
            token = tf.random.categorical(dense(hidden), 1)
        return steps

    return run


def pytorch() -> Callable[[int], int]:
    """Return the same in PyTorch without gradients."""
    import torch

    embedding, lstm = torch.nn.Embedding(VOCAB, UNITS), torch.nn.LSTM(UNITS, UNITS, batch_first=True)
    dense = torch.nn.Linear(UNITS, VOCAB)

    def run(steps: int) -> int:
        with torch.inference_mode():
            token, state = torch.zeros((1, 1), dtype=torch.long), None
            for _ in range(steps):
                hidden, state = lstm(embedding(token), state)
                token = torch.multinomial(torch.softmax(dense(hidden[:, 0]), 1), 1)
        return steps

    return run


def main() -> None:
    """Measure all ways in turn."""
    ways: dict[str, Callable[[], int]] = {"ours": lambda: ours(1, 4000), "ours_batch8": lambda: ours(8, 2000)}
    keras = blog()
    ways["blog"] = lambda: keras(40)
    try:
        torch = pytorch()
        ways["pytorch"] = lambda: torch(1000)
    except ImportError:
        print("PyTorch is not installed: pip install torch")
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS + 1):
        for name, way in ways.items():
            begun = time.perf_counter()
            events = way()
            rates[name].append(events / (time.perf_counter() - begun))
    found = {name: round(median(each[1:]), 1) for name, each in rates.items()}
    for name, rate in found.items():
        print(f"{name:12} {rate:12,.0f} events/s   ours is {found['ours'] / rate:8.2f} times that")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
