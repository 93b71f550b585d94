"""Owns what a training does beyond the settings that a person chooses: augmentation, schedule, hyperparameters.

Knows nothing about the loop that follows it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.encoding import ENCODINGS, Encoding
from core.lstm.hyperparameters import USUAL, Hyperparameters
from core.notes import Piece

_WARM_UP = 0.02
_FIRST_SHARE = 0.05


def cosine_schedule(done: float) -> float:
    """Return the share of the learning rate when a share `done` of the budget is spent.

    A short rise, then half a cosine down to 0 (Loshchilov and Hutter 2017).
    """
    rise = min(done / _WARM_UP, 1.0)
    return max(rise, _FIRST_SHARE) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


def _unchanged(pieces: Sequence[Piece]) -> Sequence[Piece]:
    return pieces


@dataclass(frozen=True)
class Recipe:
    """How every training is done; the ablations of the benchmarks replace one ingredient at a time.

    `augment` returns the pieces that windows are cut from, before they are transposed. `continued_rate` is the share
    of the learning rate of a training that goes on from a model, which else soon loses what it knew. `averages` are the
    shares of the trained weights in the means with those of the start that compete for the best at the end; 0 is the
    start itself. `patience` is the share of the budget after which a training stops that has found nothing better;
    `sketches` are the shares at which the network composes a few bars.
    """

    encodings: Mapping[str, type[Encoding]] = field(default_factory=lambda: ENCODINGS)
    augment: Callable[[Sequence[Piece]], Sequence[Piece]] = _unchanged
    schedule: Callable[[float], float] = cosine_schedule
    continued_rate: float = 0.5
    averages: tuple[float, ...] = (0.75, 0.5, 0.25, 0.0)
    patience: float = 0.6
    sketches: tuple[float, ...] = (0.0, 0.1, 0.25, 0.5, 0.75)
    hyperparameters: Hyperparameters = USUAL
    use_ppm: bool = True  # the best moment is that of the mixture with PPM, where the encoding allows it


RECIPE = Recipe()
