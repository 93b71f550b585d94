"""Make the training that is shown for overfitting: a network learns one rag for minutes, until it knows it by heart.

    python -m benchmarks.overfitting [--seconds N] [--piece NAME] [--out FILE]

The network begins from nothing. At five moments it composes four bars by its weights of that moment, always with the
same seed, the last time when three quarters of the seconds have passed; then it is stopped. Unlike a training of the
app, it goes on when the music kept aside (the end of the piece) has long been getting worse. Writes
`assets/overfitting.json`, see `core/training/overfitted.py`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from benchmarks.trainings import learners
from core.comparison.originality import TOLD, Learned
from core.composing.sketch import draw_sketch, sketched
from core.config import NOTHING, TrainingSettings
from core.corpus.corpus import Corpus
from core.corpus.library import music_set, open_set
from core.models.model import Model, Sketch
from core.training.loop import train
from core.training.overfitted import OVERFITTED, Overfitted
from core.training.recipe import RECIPE

_MOMENTS = (0.0, 1 / 40, 1 / 16, 1 / 4, 3 / 4)  # shares of the budget


def main() -> None:
    """Train, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=400)
    parser.add_argument("--piece", default="Scott Joplin: Maple Leaf Rag")
    parser.add_argument("--out", type=Path, default=OVERFITTED)
    options = parser.parse_args()
    rags = open_set(music_set("ragtime"))
    corpus = Corpus.of((each.name, each.piece) for each in rags if each.name == options.piece)
    made = overfit(corpus, TrainingSettings(start=NOTHING, seconds=options.seconds))
    options.out.write_text(made.to_json() + "\n", encoding="utf-8")
    for sketch, shared, longest in zip(made.sketches, made.shared, made.longest, strict=True):
        print(f"{sketch.seconds:6.0f} s   {shared:5.0%} of its runs in the piece, the longest {longest} notes")


def overfit(corpus: Corpus, settings: TrainingSettings) -> Overfitted:
    """Train on one piece without stopping early, and hold what is composed on the way against it."""
    learned = Learned(corpus)
    sketches: list[Sketch] = []

    def draw(model: Model, done: float, seconds: float) -> Sketch:
        if len(sketches) < len(_MOMENTS):  # after the end come the best weights again
            sketches.append(draw_sketch(model, done, seconds))
        return sketches[-1]

    model = train(
        corpus, settings, learners(), recipe=replace(RECIPE, patience=1.0, sketches=_MOMENTS), draw_sketch=draw,
        should_stop=lambda: len(sketches) == len(_MOMENTS),
    )  # fmt: skip
    found = [learned.originality(sketched(sketch)) for sketch in sketches]
    return Overfitted(
        corpus.names[0],
        model.record.seconds,
        model.record.curve,
        tuple(sketches),
        tuple(round(each.shared[TOLD], 4) for each in found),
        tuple(each.longest.notes if each.longest else 0 for each in found),
    )


if __name__ == "__main__":
    main()
