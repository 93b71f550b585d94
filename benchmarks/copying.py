"""Measure how much takes copy where little is learned: one piece alone, three, and 300 of all styles.

    python -m benchmarks.copying [--data DIR] [--takes N]

A network learns the shortest pieces of a style of a hundred notes and more, or 300 pieces of all styles in turn, at the
usual settings for 20 and for 60 seconds, and composes takes of 32 bars. Of these:

    copy median, max   the longest run of notes that is in the music learned, in any key: median and longest of takes
    own repeat         the longest run that comes twice in one of the pieces learned

Prints a line for each, and last one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from statistics import median

from benchmarks.datasets import CHORALES, add_data_option, corpus_of, styles
from benchmarks.generation import longest_copies, takes
from benchmarks.trainings import train_each
from core.comparison.motifs import MotifIndex, longest_repeat
from core.config import ComposingSettings, TrainingSettings
from core.corpus.corpus import Corpus
from core.lstm.inference import limit_blas_threads
from core.models.base import BASE_MODEL
from core.models.model import Model

STYLES = ("jsb", "nottingham", "ragtime", "solo")
SECONDS = (20.0, 60.0)
BARS, MANY = 32, 300

_FEWEST_NOTES = 100

Row = dict[str, float]


def corpora(data: Path | None) -> Iterator[tuple[str, Corpus]]:
    """Yield what is learned, by its name."""
    for style in STYLES:
        corpus = corpus_of(data, style)
        lengths = [len(piece.notes) for piece in corpus.pieces]
        shortest = sorted(
            (index for index, notes in enumerate(lengths) if notes >= _FEWEST_NOTES), key=lengths.__getitem__
        )
        for count in (1, 3):
            yield f"{style}, {count}", corpus.select(sorted(shortest[:count]))
    every = [corpus_of(data, style) for style in styles(data) if style != CHORALES]
    yield f"all styles, {MANY}", mixed(every, MANY)


def mixed(several: list[Corpus], count: int) -> Corpus:
    """Return so many pieces, one of each corpus in turn as long as it has any."""
    turns = zip_longest(*(zip(each.names, each.pieces, strict=True) for each in several))
    return Corpus.of([named for named in chain.from_iterable(turns) if named is not None][:count])


def measure(model: Model, corpus: Corpus, count: int) -> Row:
    """Compose takes, and hold them against what was learned."""
    index = MotifIndex(corpus.pieces)
    copies = longest_copies(index, takes(model, ComposingSettings(bars=BARS), count))
    return {
        "pieces": len(corpus),
        "seconds": model.settings.seconds,
        "copy median": median(copies),
        "copy max": max(copies),
        "own repeat": max(map(longest_repeat, corpus.pieces)),
    }


def main() -> None:
    """Measure all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_option(parser)
    parser.add_argument("--takes", type=int, default=20)
    options = parser.parse_args()
    limit_blas_threads()
    found: dict[str, Row] = {}
    for name, corpus in corpora(options.data):
        settings = {seconds: TrainingSettings(seconds=seconds) for seconds in SECONDS}
        for seconds, model in train_each(corpus, settings, BASE_MODEL).items():
            row = measure(model, corpus, options.takes)
            print(f"{name:20} " + "  ".join(f"{key} {value:g}" for key, value in row.items()), flush=True)
            found[f"{name}, {seconds:g} s"] = row
    print(json.dumps(found))


if __name__ == "__main__":
    main()
