"""Measure the standard benchmark of Bach's chorales (Boulanger-Lewandowski et al. 2012): nats per frame.

    python -m benchmarks.jsb [--data DIR] [--train FILE] [--score FILE] [--part NAME] [--seconds N]

A frame is the list of pitches that sound in a quarter. FILE is JSON: parts (train, valid ...) of chorales of frames, by
default jsb/jsb_quarter.json in the data folder. `train` of the one file is learned, save a tenth that chooses the best
weights; the part NAME of the other is measured.

The network reads each frame from the lowest note to the highest, then an end of frame, so by the chain rule the product
of its probabilities is the exact probability of the ordered notes. The state is cleared at each chorale; all frames
count. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import trainings
from benchmarks.datasets import JSB, add_data_option, data_path
from core.config import NOTHING, TrainingSettings
from core.encoding import Inputs
from core.encoding.active_notes import ACTIVE_CODES, HELD, PITCHES, STRUCK
from core.encoding.columns import Column
from core.encoding.context import CONTEXT
from core.encoding.pitch_memory import MEMORIES, PitchMemory
from core.encoding.time_grid import TICKS_PER_QUARTER
from core.lstm.hyperparameters import USUAL
from core.lstm.parameters import architectures, initial
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
    measured: FrameSet,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> float:
    """Train for some seconds; return the nats per frame of `measured` when those of `held_out` were the fewest."""
    begun, spent, validated = clock(), 0.0, 0.0
    fewest = found = float("inf")
    while spent < seconds:
        learner.step(next(feed), SETTINGS.learning_rate * cosine_schedule(spent / seconds))
        spent = clock() - begun
        if spent - validated >= VALIDATION_SECONDS or spent >= seconds:
            validated, nats = spent, held_out.nats_per_frame(learner)
            if nats < fewest:
                fewest, found = nats, measured.nats_per_frame(learner)
            print(f"{spent:6.0f} s  held out {nats:.3f} nats per frame", flush=True)
    return found


def feed_of(chorales: Sequence[Chorale], rng: np.random.Generator) -> Iterator[Inputs]:
    """Yield windows of chorales for ever, (length + 1, batch, 2 + 128 + 24)."""
    encoding: Any = ENCODING  # without transposition, `windows` needs of an encoding and its pieces only the inputs
    pieces: Any = chorales
    return windows(encoding, pieces, batch=SETTINGS.batch, length=SETTINGS.length, transposition=0, rng=rng)


def measure(chorales: Sequence[Chorale], measured: Sequence[Chorale], seconds: float, learners: Learners) -> float:
    """Train on chorales; return the nats per frame of others."""
    rng = np.random.default_rng(SETTINGS.seed)
    order = rng.permutation(len(chorales)).tolist()
    aside = set(order[: len(chorales) // _HELD_OUT_ONE_IN])
    first = [initial(each, rng) for each in architectures(ENCODING, SETTINGS)]
    learner = learners(ENCODING, SETTINGS, first, USUAL)
    held_out, scored = (
        FrameSet(each, learner.validation_rows[-1]) for each in ([chorales[index] for index in aside], measured)
    )
    feed = feed_of([chorale for index, chorale in enumerate(chorales) if index not in aside], rng)
    return train(learner, feed, held_out, scored, seconds)


def main() -> None:
    """Train and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_option(parser)
    parser.add_argument("--train", type=Path, metavar="FILE")
    parser.add_argument("--score", type=Path, metavar="FILE")
    parser.add_argument("--part", default="valid", metavar="NAME")
    parser.add_argument("--seconds", type=float, default=300.0)
    options = parser.parse_args()
    learned, scored = (
        json.loads((path or data_path(options.data, JSB)).read_text(encoding="utf-8"))
        for path in (options.train, options.score)
    )
    nats = measure(learned["train"], scored[options.part], options.seconds, trainings.learners())
    frames = sum(map(len, scored[options.part]))
    print(json.dumps({"part": options.part, "frames": frames, "nats_per_frame": round(nats, 4)}))


if __name__ == "__main__":
    main()
