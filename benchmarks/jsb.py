"""Measure the standard benchmark of Bach's chorales (Boulanger-Lewandowski et al. 2012): nats per frame.

    python -m benchmarks.jsb [--data DIR] [--train FILE] [--score FILE] [--part NAME] [--seconds N] [--networks N]

A frame is the list of pitches that sound in a quarter. FILE is JSON: parts (train, valid ...) of chorales of frames, by
default jsb/jsb_quarter.json in the data folder. `train` of the one file is learned, save a tenth that chooses the best
weights; the part NAME of the other is measured.

A network reads each frame from the lowest note to the highest, then an end of frame, so by the chain rule the product
of its probabilities is the exact probability of the ordered notes. A note lies above the one before it in its frame, so
what else the network would give to lower ones is shared out. Several networks, each trained for so long with a seed and
a tenth of its own, predict with the mean of their probabilities. The state is cleared at each chorale; all frames
count. The last line is JSON: of each network alone, and of all.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import trainings
from benchmarks.datasets import JSB, add_data_option, data_path
from core.config import NOTHING, TrainingSettings
from core.encoding import Inputs
from core.encoding.active_notes import ACTIVE_CODES, HELD, PITCHES, STRUCK
from core.encoding.columns import Column, with_boundaries
from core.encoding.context import CONTEXT
from core.encoding.pitch_memory import MEMORIES, PitchMemory
from core.encoding.time_grid import TICKS_PER_QUARTER
from core.lstm.hyperparameters import USUAL
from core.lstm.inference import Lstm
from core.lstm.parameters import Parameters, architectures, initial
from core.training.batches import packed, windows
from core.training.loop import Learner, Learners
from core.training.recipe import cosine_schedule

END = PITCHES
SETTINGS = TrainingSettings(start=NOTHING, batch=16, length=64, dropout=0.5, recurrent_dropout=0.5, transposition=0)
VALIDATION_SECONDS = 5.0

_BEATS, _QUARTER = 4, np.array([TICKS_PER_QUARTER])
_HELD_OUT_ONE_IN = 10

Chorale = Sequence[Sequence[int]]
"""The pitches of each frame."""

Nats = NDArray[np.float64]


@dataclass(frozen=True)
class FrameEncoding:
    """A token for each note and for the end of each frame.

    The context is that of the joint family: the active notes, those of the frame before (HELD) and those of this one so
    far (STRUCK), and the memories of pitch classes.
    """

    columns: tuple[Column, ...] = (Column("token", PITCHES + 2), Column("beat", _BEATS + 1, drawn=False))
    networks: tuple[tuple[int, ...], ...] = ((0, 1),)
    context: int = CONTEXT
    context_codes: int = ACTIVE_CODES
    context_columns: tuple[int, ...] = (0,)
    memories: int = MEMORIES
    relative: int = 0

    def inputs(self, chorale: Chorale) -> Inputs:
        """Return the tokens of a chorale with beat and context, (tokens, 2 + 128 + 24)."""
        rows, memory, before = [], PitchMemory(1), np.zeros(PITCHES, dtype=np.int16)
        for number, frame in enumerate(chorale):
            codes = np.where(before == STRUCK, HELD, 0).astype(np.int16)
            for token in [*sorted(frame), END]:
                rows.append(np.concatenate([[token, number % _BEATS], codes, memory.shares().ravel()]))
                if token != END:
                    codes[token] = STRUCK
                    memory.strike(np.array([token]), _QUARTER)
            before = codes
        return np.array(rows, dtype=np.int16)


ENCODING = FrameEncoding()


class FrameSet:
    """Chorales to measure a learner by, laid into rows once."""

    def __init__(self, chorales: Sequence[Chorale], rows: int) -> None:
        self.inputs, self.counts = packed(ENCODING, [ENCODING.inputs(chorale) for chorale in chorales], rows)
        self.frames = sum(map(len, chorales))

    def nats_per_frame(self, learner: Learner) -> float:
        """Return what a frame costs."""
        return float(learner.validate(self.inputs, self.counts, SETTINGS.length).sum()) / self.frames


def train(
    learner: Learner,
    feed: Iterator[Inputs],
    held_out: FrameSet,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> Parameters:
    """Train for some seconds; return the weights with which a frame of `held_out` cost least."""
    begun, spent, validated = clock(), 0.0, 0.0
    fewest, best = float("inf"), learner.weights()
    while spent < seconds:
        learner.step(next(feed), SETTINGS.learning_rate * cosine_schedule(spent / seconds))
        spent = clock() - begun
        if spent - validated >= VALIDATION_SECONDS or spent >= seconds:
            validated, nats = spent, held_out.nats_per_frame(learner)
            if nats < fewest:
                fewest, best = nats, learner.weights()
            print(f"{spent:6.0f} s  held out {nats:.3f} nats per frame", flush=True)
    return best[0]


def feed_of(chorales: Sequence[Chorale], rng: np.random.Generator) -> Iterator[Inputs]:
    """Yield windows of chorales for ever, (length + 1, batch, 2 + 128 + 24)."""
    encoding: Any = ENCODING  # without transposition, `windows` needs of an encoding and its pieces only the inputs
    pieces: Any = chorales
    return windows(encoding, pieces, batch=SETTINGS.batch, length=SETTINGS.length, transposition=0, rng=rng)


def fit(chorales: Sequence[Chorale], seconds: float, learners: Learners, seed: int) -> Parameters:
    """Train a network on chorales, save a tenth that chooses the best weights; return them."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(chorales)).tolist()
    aside = set(order[: len(chorales) // _HELD_OUT_ONE_IN])
    settings = replace(SETTINGS, seed=seed)
    first = [initial(each, rng) for each in architectures(ENCODING, settings)]
    learner = learners(ENCODING, settings, first, USUAL)
    held_out = FrameSet([chorales[index] for index in aside], learner.validation_rows[-1])
    feed = feed_of([chorale for index, chorale in enumerate(chorales) if index not in aside], rng)
    return train(learner, feed, held_out, seconds)


def costs(weights: Parameters, chorales: Sequence[Chorale]) -> Nats:
    """Return what the tokens of chorales cost in nats, one after another, where notes lie above those before them."""
    (architecture,) = architectures(ENCODING, SETTINGS)
    inputs = [with_boundaries(ENCODING.inputs(chorale), ENCODING.columns)[:-1] for chorale in chorales]
    events, counts = _side_by_side(inputs)
    network, columns = Lstm(architecture, weights, len(chorales)), len(ENCODING.columns)
    found = np.zeros(counts.shape)
    for step, (event, following) in enumerate(pairwise(events)):
        network.update(event[:, :columns])
        network.set_context(following[:, columns:])
        logits = network.logits(0, following)[:, : PITCHES + 1].astype(np.float64)
        logits[~possible(event[:, 0])] = -np.inf
        found[step] = np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(logits)), following[:, 0]]
    return found[counts]


def possible(tokens: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return what may follow each token: the end of the frame, and notes above it in it. (tokens, PITCHES + 1)"""
    lowest = np.where(tokens < PITCHES, tokens + 1, 0)
    found: NDArray[np.bool_] = np.arange(PITCHES + 1) >= lowest[:, None]
    return found


def _side_by_side(inputs: Sequence[Inputs]) -> tuple[Inputs, NDArray[np.bool_]]:
    """Return pieces as lanes, (steps, pieces, columns), filled up by their last rows, and which rows[1:] are theirs."""
    longest = max(map(len, inputs))
    events = np.stack([np.pad(each, ((0, longest - len(each)), (0, 0)), mode="edge") for each in inputs], axis=1)
    return events, np.arange(1, longest)[:, None] < np.array([len(each) for each in inputs])


def main() -> None:
    """Train and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_option(parser)
    parser.add_argument("--train", type=Path, metavar="FILE")
    parser.add_argument("--score", type=Path, metavar="FILE")
    parser.add_argument("--part", default="valid", metavar="NAME")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--networks", type=int, default=4)
    options = parser.parse_args()
    learned, scored = (
        json.loads((path or data_path(options.data, JSB)).read_text(encoding="utf-8"))
        for path in (options.train, options.score)
    )
    chorales = scored[options.part]
    frames = sum(map(len, chorales))
    each = np.stack(
        [
            costs(fit(learned["train"], options.seconds, trainings.learners(), seed), chorales)
            for seed in range(options.networks)
        ]
    )
    alone = [round(float(nats), 4) for nats in each.sum(axis=1) / frames]
    mean = -(np.logaddexp.reduce(-each, axis=0) - np.log(len(each))).sum() / frames
    found = {"part": options.part, "frames": frames, "alone": alone, "nats_per_frame": round(float(mean), 4)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
