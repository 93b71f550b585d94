"""Owns trainings in a process of their own, and the command line of the benchmarks that train on one style at a time.

Knows nothing about what is measured.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks.datasets import add_data_option, corpus_of, split
from core.config import BASE, TrainingSettings
from core.corpus.corpus import Corpus
from core.lstm.inference import limit_blas_threads
from core.models.base import BASE_MODEL
from core.models.file import load
from core.models.model import Model
from core.training.batches import Split
from core.training.loop import train

if TYPE_CHECKING:
    from core.lstm.learner import Learners

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Options:
    """What the command line says: seconds of each training, takes of each kind, the base model to start from."""

    seconds: float
    takes: int
    base: Path = BASE_MODEL


Measure = Callable[[str, Split, Options], Mapping[str, Any]]
"""Measures a style of some name, split into pieces to learn and held-out pieces."""


def train_each(corpus: Corpus, settings: Mapping[Name, TrainingSettings], base: Path) -> dict[Name, Model]:
    """Train on a corpus by each of some settings, one after another, in one process beside this one.

    `base` is the model that settings with the start BASE begin from.
    """
    with get_context("spawn").Pool(1) as process:
        return {name: process.apply(_train, (corpus, each, base)) for name, each in settings.items()}


def _train(corpus: Corpus, settings: TrainingSettings, base: Path) -> Model:
    return train(corpus, settings, learners(), load(base) if settings.start == BASE else None)


@cache
def learners() -> Learners:
    """Return the learners of this process, with its threads configured; this loads TensorFlow."""
    from core.lstm.learner import Learners, configure_threads

    configure_threads()
    return Learners()


def measure_styles(about: str, measure: Measure, styles: Sequence[str], seconds: float, takes: int) -> None:
    """Read the command line, measure each style, and print the results as one line of JSON."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_option(parser)
    parser.add_argument("--base", type=Path, default=BASE_MODEL, metavar="MODEL")
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--takes", type=int, default=takes)
    parser.add_argument("--styles", nargs="*", default=styles, metavar="STYLE")
    chosen = parser.parse_args()
    limit_blas_threads()
    options = Options(chosen.seconds, chosen.takes, chosen.base)
    corpora = {style: corpus_of(chosen.data, style) for style in chosen.styles}
    print(json.dumps({style: measure(style, split(each, style, 0), options) for style, each in corpora.items()}))
