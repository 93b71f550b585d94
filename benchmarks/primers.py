"""Measure how well a take goes on from a passage: with the past of the passage, and by the network alone.

    python -m benchmarks.primers [--data DIR] [--base MODEL] [--seconds N] [--takes N] [--styles STYLE ...]

For each style a network learns from four fifths of the pieces, from the base model. Of each piece kept aside it hears
the first 8 bars and goes on for 16. Reported, as means over pieces and takes:

    like the rest     the overlapping area of the histograms of pitch class, interval, gap, duration and polyphony with
                      those of the 16 bars that really follow
    like the corpus   the same with what was learned
    repeats           how often at most a bar stands in a row
    empty             the share of takes without a new note

Prints a table and last one JSON object.
"""

from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import mean
from unittest import mock

from benchmarks.datasets import Named, split, style_by_style
from benchmarks.generation import trained
from benchmarks.similarity import histograms, longest_repetition, overlaps
from core.composing.take import compose, passage
from core.config import ComposingSettings, TrainingSettings
from core.encoding import JointEncoding
from core.models.model import Model
from core.notes import Piece, clip

STYLES = ("jsb", "nottingham", "ragtime", "piano-score", "solo")
HEARD, NEW = 8, 16
WAYS = {"with the past": True, "network alone": False}


def parts(pieces: list[Piece]) -> Iterator[tuple[Piece, Piece]]:
    """Yield the beginning of each piece and what really follows, where there is both."""
    for piece in pieces:
        bar = piece.metre.bar
        heard, rest = passage(piece, 1, HEARD), clip(piece, HEARD * bar, (HEARD + NEW) * bar)
        if len(heard.notes) and len(rest.notes):
            yield heard, rest


def gone_on(model: Model, heard: Piece, takes: int) -> list[Piece]:
    """Return the new music of takes that go on from a passage."""
    found = compose(model, ComposingSettings(bars=NEW, variations=takes, returns=False), heard)
    return [clip(take.piece, take.mark, take.piece.end + 1.0) for take in found]


def describe(model: Model, corpus: list[Piece], aside: list[Piece], takes: int) -> dict[str, float]:
    """Return all measures of what follows the beginnings of the pieces kept aside; nothing is like an empty take."""
    learned, rows = histograms(corpus), []
    for heard, rest in parts(aside):
        real = histograms([rest])
        for new in gone_on(model, heard, takes):
            own = histograms([new])
            likeness = (mean(overlaps(own, other).values()) for other in (real, learned))
            rows.append((*likeness, longest_repetition(new), not len(new.notes)))
    names = ("like the rest", "like the corpus", "repeats", "empty")
    return {name: round(mean(row[place] for row in rows), 4) for place, name in enumerate(names) if rows}


def measure(style: str, named: Named, seconds: float, takes: int, base: Path) -> dict[str, dict[str, float]]:
    """Measure one style both ways."""
    learned, aside = split(named, style, 0)
    with get_context("spawn").Pool(1) as process:
        model = process.apply(trained, (learned, replace(TrainingSettings(), seconds=seconds), base))
    corpus, unheard = ([piece for _, piece in each] for each in (learned, aside))
    found = {}
    for way, supports_ppm in WAYS.items():
        with mock.patch.object(JointEncoding, "supports_ppm", supports_ppm):
            found[way] = describe(model, corpus, unheard, takes)
        print(
            f"{style:12} {way:16} " + "  ".join(f"{key} {value:.3f}" for key, value in found[way].items()), flush=True
        )
    return found


if __name__ == "__main__":
    style_by_style(str(__doc__), measure, STYLES, seconds=20.0, takes=4)
