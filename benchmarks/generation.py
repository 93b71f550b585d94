"""Measure what comes out: takes at several temperatures, beside passages of real pieces that were kept aside.

    python -m benchmarks.generation [--data DIR] [--base MODEL] [--seconds N] [--takes N] [--styles STYLE ...]

For each style a network learns from four fifths of the pieces (`--seconds`, from the base model and from nothing) and
composes takes of 16 bars. Reported of takes, and of real passages of 16 bars from the pieces kept aside:

    empty        no notes at all
    stuck        the same pitch more than 16 times running, or a bar more often in a row than anywhere in the corpus
    returns      the share of bars that are an earlier bar come back
    copied       the longest run of notes that stands in the corpus, in notes: median and largest
    known 4-16   the share of motifs of 4, 8 and 16 notes that stand in the corpus (`corpus`: in its other pieces)
    like         the overlapping area with the corpus of the histograms of pitch class, interval, gap, duration and
                 polyphony, averaged over the takes
    style        the same histograms, passage by passage, as `benchmarks/distances.py` compares them: overlapping area
    divergence   and Kullback-Leibler divergence (bits)

Prints tables and last one JSON object.
"""

from collections.abc import Iterable
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, median

import numpy as np

from benchmarks.datasets import Named, split, style_by_style
from benchmarks.distances import Style
from benchmarks.similarity import (
    MOTIFS,
    histograms,
    known,
    longest_copy,
    longest_hammering,
    longest_repetition,
    motifs,
    overlaps,
)
from core.composing.take import ComposingError, compose, passage
from core.config import BASE, NOTHING, ComposingSettings, TrainingSettings
from core.corpus.form import form_of, returning
from core.lstm.learner import configure_threads
from core.models.model import Model, load
from core.notes import Piece, as_notes
from core.training.loop import train

STYLES = ("jsb", "nottingham", "ragtime", "piano-score")
BARS = 16
HAMMERING = 16
SIDE_BY_SIDE = 10
USUAL = ComposingSettings(bars=BARS)
TEMPERATURES = (0.6, 0.9, 1.0, 1.2)
TOP_P = (0.9, 0.98, 1.0)
PASSAGES = 50


def trained(learned: Named, settings: TrainingSettings, base: Path) -> Model:
    """Train in this process."""
    configure_threads()
    return train(learned, settings, load(base) if settings.start == BASE else None)


def takes(model: Model, settings: ComposingSettings, many: int) -> list[Piece]:
    """Compose takes, some side by side; one that came to nothing is a piece without notes."""
    found: list[Piece] = []
    for seed in range(0, many, SIDE_BY_SIDE):
        now = replace(settings, seed=seed, variations=min(SIDE_BY_SIDE, many - seed))
        try:
            found += [take.piece for take in compose(model, now)]
        except ComposingError:
            found += [take for voice in range(now.variations) for take in alone(model, now, voice)]
    return found


def alone(model: Model, settings: ComposingSettings, voice: int) -> list[Piece]:
    """Compose one of the takes that could not be made together."""
    try:
        return [take.piece for take in compose(model, replace(settings, seed=settings.seed + voice, variations=1))]
    except ComposingError:
        return [Piece(as_notes([]))]


def passages(pieces: list[Piece], many: int) -> list[Piece]:
    """Cut pieces into passages as long as a take."""
    found = []
    for piece in pieces:
        bars = int(np.ceil(piece.end / piece.metre.bar))
        found += [passage(piece, bar, BARS) for bar in range(1, max(bars - BARS + 2, 2), BARS)]
    found = [each for each in found if len(each.notes)]
    return [found[int(row)] for row in np.linspace(0, len(found) - 1, min(many, len(found)))]


def average(values: Iterable[float | None]) -> float:
    """Return the mean of what there is."""
    there = [value for value in values if value is not None]
    return mean(there) if there else 0.0


class Corpus:
    """What was learned, prepared for comparing."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.motifs = {length: [motifs(piece, length) for piece in pieces] for length in MOTIFS}
        self.histograms = histograms(pieces)
        self.style = Style([histograms([piece]) for piece in passages(pieces, PASSAGES)])
        self.repetition = max(map(longest_repetition, pieces))

    def own(self) -> dict[str, float]:
        """Return the share of motifs that each piece has in common with the others."""
        found = {}
        for length, every in self.motifs.items():
            shares = (known(piece, every[:row] + every[row + 1 :], length) for row, piece in enumerate(self.pieces))
            found[f"known {length}"] = round(average(shares), 4)
        return found

    def describe(self, music: list[Piece]) -> dict[str, float]:
        """Return all measures of some music."""
        heard = [piece for piece in music if len(piece.notes)]
        if not heard:
            return {"pieces": len(music), "empty": 1.0}
        copied = [longest_copy(piece, self.pieces) for piece in heard]
        stuck = [longest_hammering(piece) > HAMMERING or longest_repetition(piece) > self.repetition for piece in heard]
        single = [histograms([piece]) for piece in heard]
        style = self.style.compare(single)
        found = {
            "pieces": len(music),
            "notes": mean(len(piece.notes) for piece in heard),
            "empty": 1 - len(heard) / len(music),
            "stuck": sum(stuck) / len(music),
            "returns": mean(returning(form_of(piece)) for piece in heard),
            "copied": median(copied),
            "copied most": max(copied),
            **{f"known {n}": average(known(piece, every, n) for piece in heard) for n, every in self.motifs.items()},
            "like": mean(mean(overlaps(each, self.histograms).values()) for each in single),
            **{f"style {name}": area for name, (area, _) in style.items()},
            "style": mean(area for area, _ in style.values()),
            "divergence": mean(bits for _, bits in style.values()),
        }
        return {name: round(value, 4) for name, value in found.items()}


def ways() -> dict[str, tuple[str, ComposingSettings]]:
    """Return what is composed: (start of the training, settings) by name."""
    found = {f"temperature {each}": (BASE, replace(USUAL, temperature=each)) for each in TEMPERATURES}
    found |= {f"top-p {each}": (BASE, replace(USUAL, top_p=each)) for each in TOP_P}
    return found | {"no returns": (BASE, replace(USUAL, returns=False)), "from nothing": (NOTHING, USUAL)}


def measure(style: str, named: Named, seconds: float, many: int, base: Path) -> dict[str, dict[str, float]]:
    """Measure one style in all ways."""
    learned, aside = split(named, style, 0)
    corpus = Corpus([piece for _, piece in learned])
    with get_context("spawn").Pool(1) as process:
        models = {
            start: process.apply(trained, (learned, TrainingSettings(seconds=seconds, start=start), base))
            for start in (BASE, NOTHING)
        }
    real = passages([piece for _, piece in aside], many)
    found = {"corpus": corpus.own(), "real": corpus.describe(real)}
    for name, (start, settings) in ways().items():
        found[name] = corpus.describe(takes(models[start], settings, many))
    for name, row in found.items():
        print(f"{style:12} {name:16} " + "  ".join(f"{key} {value:.3g}" for key, value in row.items()), flush=True)
    return found


if __name__ == "__main__":
    style_by_style(str(__doc__), measure, STYLES, seconds=30.0, takes=50)
