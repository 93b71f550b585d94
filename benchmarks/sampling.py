"""Measure how fast events are drawn, and real takes: this project in NumPy, Keras in an eager loop, and PyTorch.

    python -m benchmarks.sampling

Of the bare loops each has one LSTM of 256 cells and a vocabulary of 200; one id is drawn a step and fed back. `takes`
are takes of 32 bars by the base model in the style of the built-in rags, one alone and eight side by side: with all
their heads, guards, beginnings and endings, counted by the notes that stand in them at last. Rounds are interleaved;
medians count. Prints a table and last one line of JSON: events or notes a second. PyTorch is measured where it is
installed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from statistics import median
from typing import Any

import numpy as np

from core.composing.sampling import draw, weigh
from core.composing.take import compose
from core.config import ComposingSettings, TrainingSettings
from core.corpus.library import music_set, open_set
from core.corpus.style import style_of
from core.encoding.columns import Column
from core.lstm.inference import Lstm, limit_blas_threads
from core.lstm.parameters import Architecture, initial
from core.models.base import base_model
from core.models.model import Model

UNITS, VOCAB, ROUNDS = 256, 200, 5
BARS = 32

Way = Callable[[], int]
"""Draws some events, or composes some notes, and returns how many."""


def ours(lanes: int, steps: int) -> Way:
    """Return our network, which draws `lanes` events side by side in each step."""
    settings, rng = TrainingSettings(), np.random.default_rng(0)
    architecture = Architecture(
        columns=(Column("token", VOCAB, ends=True),),
        context=0,
        context_codes=0,
        context_columns=(),
        units=UNITS,
        layers=1,
        embedding=settings.embedding,
        head_units=settings.head_units,
    )
    parameters = initial(architecture, rng)

    def run() -> int:
        lstm, events = Lstm(architecture, parameters, lanes), np.zeros((lanes, 1), dtype=np.int64)
        for _ in range(steps):
            lstm.update(events)
            events = draw(weigh(lstm.logits(0, events)), rng.random(lanes))[:, None]
        return steps * lanes

    return run


def eager(steps: int) -> Way:
    """Return the plain way in Keras: call the layers on one step, draw, go on."""
    import tensorflow as tf

    embedding = tf.keras.layers.Embedding(VOCAB, UNITS)
    lstm = tf.keras.layers.LSTM(UNITS, return_state=True)
    dense = tf.keras.layers.Dense(VOCAB)

    def run() -> int:
        token: Any = np.zeros((1, 1), dtype=np.int64)
        state: Any = None
        for _ in range(steps):
            hidden, *state = lstm(embedding(token), initial_state=state)
            token = tf.random.categorical(dense(hidden), 1)
        return steps

    return run


def pytorch(steps: int) -> Way:
    """Return the same in PyTorch without gradients. Raises ImportError where it is not installed."""
    import torch

    embedding, lstm = torch.nn.Embedding(VOCAB, UNITS), torch.nn.LSTM(UNITS, UNITS, batch_first=True)
    dense = torch.nn.Linear(UNITS, VOCAB)

    def run() -> int:
        with torch.inference_mode():
            token, state = torch.zeros((1, 1), dtype=torch.long), None
            for _ in range(steps):
                hidden, state = lstm(embedding(token), state)
                token = torch.multinomial(torch.softmax(dense(hidden[:, 0]), 1), 1)
        return steps

    return run


def rags() -> Model:
    """Return the base model as if it had learned the built-in rags."""
    return replace(base_model(), style=style_of([reading.piece for reading in open_set(music_set("ragtime"))]))


def real(model: Model, lanes: int) -> Way:
    """Return the composing of `lanes` takes side by side, others each time."""
    seeds = count(0, lanes)

    def run() -> int:
        settings = ComposingSettings(bars=BARS, variations=lanes, seed=next(seeds))
        return sum(len(take.piece.notes) for take in compose(model, settings))

    return run


def main() -> None:
    """Measure all ways in turn."""
    limit_blas_threads()
    ways: dict[str, Way] = {"ours": ours(1, 4000), "ours_batch8": ours(8, 2000), "eager": eager(40)}
    model = rags()
    ways |= {"takes": real(model, 1), "takes_batch8": real(model, 8)}
    try:
        ways["pytorch"] = pytorch(1000)
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
