"""Measure what a musician hears in ten styles: takes at the usual settings, beside real music of the style.

    python -m benchmarks.listening [--data DIR] [--base MODEL] [--seconds N] [--takes N] [--styles STYLE ...]

For each style a network learns from four fifths of the pieces (of the chorales from nine tenths) and composes takes, as
long as the passages of the held-out pieces are in the mean. The measures are those of `benchmarks/musicality.py`, of
the takes, of passages of the held-out pieces (`real`) and of the pieces learned (`corpus`); in the styles of
`benchmarks/generation.py` also of takes by the classic family, from nothing (`classic`). `empty` is the share of takes
without notes. Last line: one JSON object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import mean

from benchmarks import generation
from benchmarks.datasets import CHORALES
from benchmarks.generation import passages, takes
from benchmarks.musicality import measure_music
from benchmarks.trainings import Options, measure_styles, train_each
from core.bars import count_bars
from core.config import NOTHING, ComposingSettings, TrainingSettings
from core.notes import Piece
from core.training.batches import Split

STYLES = (
    "jsb", "multitrack-classical", "multitrack-lessons", "nottingham", "piano-classical", "piano-performance",
    "piano-score", "ragtime", "solo", CHORALES,
)  # fmt: skip

_PASSAGES = 50

Row = dict[str, float]


def measure(style: str, parts: Split, options: Options) -> dict[str, Row]:
    """Measure one style."""
    learned, held_out = parts.learned.pieces, parts.held_out.pieces
    settings = {"takes": TrainingSettings(seconds=options.seconds)}
    if style in generation.STYLES:
        settings["classic"] = replace(settings["takes"], family="classic", start=NOTHING)
    real = passages(held_out, _PASSAGES)
    usual = ComposingSettings(bars=round(mean(count_bars(piece) for piece in real)))
    models = train_each(parts.learned, settings, options.base)
    found = {name: measure_takes(takes(model, usual, options.takes)) for name, model in models.items()}
    found["real"] = measure_music(real, held_out)
    found["corpus"] = measure_music(passages(learned, _PASSAGES), learned)
    for name, row in found.items():
        print(f"{style:20} {name:8} " + "  ".join(f"{key} {value:.3g}" for key, value in row.items()), flush=True)
    return found


def measure_takes(composed: Sequence[Piece]) -> Row:
    """Measure takes, and how many of them are empty."""
    music = [piece for piece in composed if len(piece.notes)]
    return {"empty": 1 - len(music) / len(composed), **measure_music(music)}


if __name__ == "__main__":
    measure_styles(str(__doc__), measure, STYLES, seconds=60.0, takes=160)
