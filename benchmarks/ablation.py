"""Measure what each choice about the network is worth: one thing changed at a time, from nothing.

    python -m benchmarks.ablation [--data DIR] [--seconds N] [--only CHOICE ...] [--styles STYLE ...]

Bits per note (gap, pitch and duration; the network only, without PPM) of a fifth of the pieces, learned from the rest,
one seed. Differences below 0.2 are chance. Prints a table and last one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from benchmarks import trainings
from benchmarks.datasets import add_data_option, corpus_of, split
from core.config import NOTHING, TrainingSettings
from core.encoding import Inputs, JointEncoding
from core.encoding.active_notes import ACTIVE_CODES, HELD, PITCHES, active_codes
from core.encoding.joint import DURATION, GAP, PITCH, POSITION, VELOCITY
from core.encoding.time_grid import FREE_POSITION, SPANS, TICKS_PER_QUARTER
from core.lstm.hyperparameters import Hyperparameters
from core.lstm.inference import limit_blas_threads
from core.notes import Piece, as_notes, clip
from core.training.batches import Split
from core.training.evaluation import evaluate
from core.training.loop import Learners, train
from core.training.recipe import Recipe

USUAL = TrainingSettings(start=NOTHING)
NETWORK_ONLY = Recipe(use_ppm=False)


class DurationFirst(JointEncoding):
    """The duration is drawn before the pitch."""

    networks: ClassVar[tuple[tuple[int, ...], ...]] = ((GAP, POSITION, DURATION, PITCH, VELOCITY),)


class NoActiveNotes(JointEncoding):
    """No head sees the active notes."""

    context_columns: ClassVar[tuple[int, ...]] = ()


class NoIntervals(JointEncoding):
    """Pitches are not judged by their intervals."""

    relative: ClassVar[int | None] = None


class NoMemory(JointEncoding):
    """The pitch classes heard lately are not known."""

    def inputs(self, piece: Piece) -> Inputs:
        """Return the events and their context, shape (notes, 5 + 152), without what was heard."""
        inputs = super().inputs(piece)
        inputs[:, len(self.columns) + PITCHES :] = 0
        return inputs


class NoPosition(JointEncoding):
    """The position in the bar is not known."""

    def encode(self, piece: Piece) -> NDArray[np.int32]:
        """Return the events of a piece, shape (notes, 5), the position of all being the free one."""
        events = super().encode(piece)
        events[:, POSITION] = FREE_POSITION
        return events


class Lasting(JointEncoding):
    """A fourth code of active notes marks those that are held for more than another quarter."""

    context_codes: ClassVar[int] = ACTIVE_CODES + 1

    def inputs(self, piece: Piece) -> Inputs:
        """Return the events and their context, shape (notes, 5 + 152)."""
        inputs = super().inputs(piece)
        onsets, codes = np.cumsum(SPANS[inputs[:, GAP]]), inputs[:, len(self.columns) : len(self.columns) + PITCHES]
        shortened = active_codes(onsets, inputs[:, PITCH], SPANS[inputs[:, DURATION]] - TICKS_PER_QUARTER)
        codes[(codes == HELD) & (shortened == HELD)] = ACTIVE_CODES + 1
        return inputs


def stretched(pieces: Sequence[Piece]) -> list[Piece]:
    """Add every piece at half and at double speed; its metres stay where they are."""

    def at_speed(piece: Piece, factor: float) -> Piece:
        notes = piece.notes.copy()
        notes["onset"] *= factor
        notes["duration"] *= factor
        return replace(piece, notes=as_notes(notes))

    return [*pieces, *(at_speed(piece, factor) for piece in pieces for factor in (0.5, 2.0))]


def cut_to_median(pieces: Sequence[Piece]) -> list[Piece]:
    """Cut pieces to the median length, so that the longest do not dominate."""
    longest = median(piece.end for piece in pieces)
    return [clip(piece, 0.0, longest) for piece in pieces]


def constant_half(done: float) -> float:
    """Return the share of the learning rate at any time: a half."""
    return 0.5


@dataclass(frozen=True)
class Choice:
    """One thing that is done otherwise, by the settings or by the recipe."""

    name: str
    settings: TrainingSettings = USUAL
    recipe: Recipe = NETWORK_ONLY


def _settings(name: str, **changes: Any) -> Choice:
    return Choice(name, settings=replace(USUAL, **changes))


def _recipe(name: str, **changes: Any) -> Choice:
    return Choice(name, recipe=replace(NETWORK_ONLY, **changes))


def _hyperparameters(name: str, **changes: float) -> Choice:
    return _recipe(name, hyperparameters=Hyperparameters(**changes))


def _encoding(name: str, encoding: type[JointEncoding]) -> Choice:
    return _recipe(name, encodings={encoding.family: encoding})


CHOICES = (
    Choice("as it is"),
    _settings("128 cells", units=128),
    _settings("512 cells", units=512),
    _settings("two layers", layers=2),
    _settings("heads of 256", head_units=256),
    _settings("batch of 8", batch=8),
    _settings("batch of 32", batch=32),
    _settings("windows of 32 notes", length=32),
    _settings("windows of 128 notes", length=128),
    _settings("learning rate 0.0015", learning_rate=0.0015),
    _settings("learning rate 0.006", learning_rate=0.006),
    _recipe("half the rate, constant", schedule=constant_half),
    _hyperparameters("no clipping", gradient_norm=1e9),
    _hyperparameters("no weight decay", weight_decay=0.0),
    _hyperparameters("no averaging of weights", averaging=0.0),
    _settings("no dropout", dropout=0.0, recurrent_dropout=0.0),
    _settings("no recurrent dropout", recurrent_dropout=0.0),
    _settings("dropout 0.5", dropout=0.5),
    _hyperparameters("label smoothing 0.05, also in validation", label_smoothing=0.05),
    _settings("no transposition", transposition=0),
    _recipe("stretched copies", augment=stretched),
    _recipe("long pieces cut", augment=cut_to_median),
    _encoding("duration before pitch", DurationFirst),
    _encoding("no active notes", NoActiveNotes),
    _encoding("no intervals", NoIntervals),
    _encoding("no memory of pitch classes", NoMemory),
    _encoding("no position in the bar", NoPosition),
    _encoding("how long held notes last", Lasting),
)
"""What is compared; the first is what the others are compared with."""


def measure(choice: Choice, parts: Split, seconds: float, learners: Learners) -> float:
    """Train with a choice; return the bits per note of the held-out pieces, by the network only."""
    model = train(parts.learned, replace(choice.settings, seconds=seconds), learners, recipe=choice.recipe)
    return evaluate(model, parts.held_out.pieces, use_ppm=False).bits_per_note


def main() -> None:
    """Measure the choices that are named, by default all."""
    choices = {choice.name: choice for choice in CHOICES}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_option(parser)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--only", nargs="*", default=list(choices), choices=choices, metavar="CHOICE")
    parser.add_argument("--styles", nargs="*", default=["jsb", "ragtime"], metavar="STYLE")
    options = parser.parse_args()
    corpora = {style: split(corpus_of(options.data, style), style, 0) for style in options.styles}
    limit_blas_threads()
    found: dict[str, dict[str, float]] = {}
    for name in options.only:
        bits = {
            style: measure(choices[name], parts, options.seconds, trainings.learners())
            for style, parts in corpora.items()
        }
        found[name] = {style: round(each, 3) for style, each in bits.items()}
        print(f"{name:42}" + "  ".join(f"{style} {each:.3f}" for style, each in bits.items()), flush=True)
    print(json.dumps({"seconds": options.seconds, "choices": found}))


if __name__ == "__main__":
    main()
