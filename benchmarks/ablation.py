"""Measure what each choice about the network is worth: one thing changed at a time, from nothing.

    python -m benchmarks.ablation [--data DIR] [--seconds N] [--only CHOICE ...] [--styles STYLE ...]

Bits per note (gap, pitch and duration; the network alone) of a fifth of the pieces, learned from the rest, one seed;
differences under 0.05 are chance. Prints a table and last one JSON object.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any, ClassVar
from unittest import mock

import numpy as np
import tensorflow as tf

from benchmarks.datasets import DATA, Named, music, split
from core import encoding
from core.config import NOTHING, TrainingSettings
from core.encoding import JointEncoding
from core.encoding.active_notes import ACTIVE_CODES, HELD, active_codes
from core.encoding.joint import DURATION, GAP, PITCH, POSITION, VELOCITY
from core.encoding.time_grid import FREE_POSITION, SPANS, TICKS_PER_QUARTER
from core.lstm import inference, learner, network, optimizer, parameters
from core.notes import Piece, as_notes, clip
from core.training import loop as training
from core.training.evaluation import score, total

USUAL = TrainingSettings(start=NOTHING)
SMOOTHING = 0.05
plain_cost, plain_feed = network._cost, training._feed


class DurationFirst(JointEncoding):
    """The duration is drawn before the pitch."""

    networks: ClassVar = ((GAP, POSITION, DURATION, PITCH, VELOCITY),)


class Deaf(JointEncoding):
    """No head sees what sounds."""

    context_columns: ClassVar = ()


class Barless(JointEncoding):
    """The place in the bar is not known."""

    def encode(self, piece: Piece) -> np.ndarray:
        events = super().encode(piece)
        events[:, POSITION] = FREE_POSITION
        return events


class Lasting(JointEncoding):
    """The heads see also which held notes will last for more than a quarter."""

    def inputs(self, piece: Piece) -> np.ndarray:
        sheet = super().inputs(piece)
        onsets, codes = np.cumsum(SPANS[sheet[:, GAP]]), sheet[:, len(self.columns) :]
        shorter = active_codes(onsets, sheet[:, PITCH], SPANS[sheet[:, DURATION]] - TICKS_PER_QUARTER)
        codes[(codes == HELD) & (shorter == HELD)] = ACTIVE_CODES + 1
        return sheet


def smoothed(column, scores, target):
    """Return the cost with a share of it spread over all ids."""
    spread = tf.reduce_logsumexp(scores, axis=-1) - tf.reduce_mean(scores, axis=-1)
    if not column.ends:
        spread = tf.where(target == column.boundary, 0.0, spread)
    return (1 - SMOOTHING) * plain_cost(column, scores, target) + SMOOTHING * spread


def stretched(pieces: Sequence[Piece]) -> list[Piece]:
    """Add every piece at half and at double speed."""

    def slower(piece: Piece, factor: float) -> Piece:
        notes = piece.notes.copy()
        notes["onset"] *= factor
        notes["duration"] *= factor
        return replace(piece, notes=as_notes(notes))

    return [*pieces, *(slower(piece, factor) for piece in pieces for factor in (0.5, 2.0))]


def evened(pieces: Sequence[Piece]) -> list[Piece]:
    """Cut pieces to the median length, so that the longest do not rule."""
    longest = median(piece.end for piece in pieces)
    return [clip(piece, 0.0, longest) for piece in pieces]


@dataclass(frozen=True)
class Choice:
    """One thing done otherwise."""

    settings: dict[str, Any] = field(default_factory=dict)
    encoding: type[JointEncoding] = JointEncoding
    constants: tuple[tuple[Any, str, Any], ...] = ()
    music: Callable[[Sequence[Piece]], Sequence[Piece]] = list


CHOICES = {
    "as it is": Choice(),
    "128 cells": Choice({"units": 128}),
    "512 cells": Choice({"units": 512}),
    "two layers": Choice({"layers": 2}),
    "heads of 256": Choice({"head_units": 256}),
    "batch of 8": Choice({"batch": 8}),
    "batch of 32": Choice({"batch": 32}),
    "windows of 32 notes": Choice({"length": 32}),
    "windows of 128 notes": Choice({"length": 128}),
    "learning rate 0.0015": Choice({"learning_rate": 0.0015}),
    "learning rate 0.006": Choice({"learning_rate": 0.006}),
    "half the rate, constant": Choice(
        constants=((training, "learning_rate", lambda settings, done: settings.learning_rate / 2),)
    ),
    "no clipping": Choice(constants=((optimizer, "_LARGEST_GRADIENT", 1e9),)),
    "no weight decay": Choice(constants=((optimizer, "_WEIGHT_DECAY", 0.0),)),
    "no averaging of weights": Choice(constants=((optimizer, "_AVERAGING", 0.0),)),
    "no dropout": Choice({"dropout": 0.0, "recurrent_dropout": 0.0}),
    "no recurrent dropout": Choice({"recurrent_dropout": 0.0}),
    "dropout 0.5": Choice({"dropout": 0.5}),
    "label smoothing 0.05, also in judging": Choice(constants=((network, "_cost", smoothed),)),
    "no transposition": Choice({"transposition": 0}),
    "stretched copies": Choice(music=stretched),
    "long pieces cut": Choice(music=evened),
    "duration before pitch": Choice(encoding=DurationFirst),
    "blind to what sounds": Choice(encoding=Deaf),
    "no place in the bar": Choice(encoding=Barless),
    "how long held notes last": Choice(
        encoding=Lasting,
        constants=tuple((module, "ACTIVE_CODES", ACTIVE_CODES + 1) for module in (parameters, network, inference)),
    ),
}


@contextmanager
def chosen(choice: Choice) -> Iterator[None]:
    """Put a choice into effect."""

    def feed(alphabet, pieces, settings):
        return plain_feed(alphabet, choice.music(pieces), settings)

    with ExitStack() as stack:
        for constant in (*choice.constants, (training, "_feed", feed)):
            stack.enter_context(mock.patch.object(*constant))
        stack.enter_context(mock.patch.dict(encoding.ENCODINGS, {"joint": choice.encoding}))
        stack.enter_context(mock.patch.object(JointEncoding, "supports_ppm", False))
        stack.enter_context(mock.patch.dict(learner._kept, clear=True))
        yield


def measure(choice: Choice, learned: Named, scored: Named, seconds: float) -> float:
    """Return the bits per note after training with a choice."""
    settings = replace(USUAL, seconds=seconds, **choice.settings)
    with chosen(choice):
        model = training.train(learned, settings)
        return total(score(model, [piece for _, piece in scored]).network_alone)


def main() -> None:
    """Measure all choices."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--styles", nargs="*", default=["jsb", "ragtime"], metavar="STYLE")
    parser.add_argument("--only", nargs="*", default=list(CHOICES), choices=CHOICES, metavar="CHOICE")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seconds", type=float, default=12.0)
    options = parser.parse_args()
    learner.configure_threads()
    corpora = {style: split(music(options.data, style), style, 0) for style in options.styles}
    found: dict[str, dict[str, float]] = {}
    for name in options.only:
        choice = CHOICES[name]
        found[name] = {style: round(measure(choice, *parts, options.seconds), 3) for style, parts in corpora.items()}
        print(f"{name:26}" + "  ".join(f"{style} {bits:.3f}" for style, bits in found[name].items()), flush=True)
    print(json.dumps({"seconds": options.seconds, "choices": found}))


if __name__ == "__main__":
    main()
