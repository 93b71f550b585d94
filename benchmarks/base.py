"""Train the base model: what music has in common, learned from music that anyone may use.

    python -m benchmarks.base [CORPUS] [--data DIR] [--seconds N | --steps N] [--without WORD ...] [--start MODEL]
                              [--out MODEL] [--only-measure]

CORPUS is a folder with `manifest.tsv` and a zip archive for each category (keyboard.zip, vocal.zip ...), by default
`base-corpus` in the data folder; what is taken from it is in the public domain, CC0 or CC BY. Writes `model.encore`
and `pieces.tsv`, the list of what was learned, to `assets/base`. `--without keyboard BachJS` leaves out whole
categories or composers, for a base model that has not learned from a style and is measured on it. `--start` goes on
from a model of the same sizes. `--only-measure` trains nothing, and measures MODEL on the pieces that it held out.
"""

from __future__ import annotations

import argparse
import csv
import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks.datasets import BASE_CORPUS, add_data_option, data_path
from benchmarks.trainings import learners
from core.config import NOTHING, TrainingSettings
from core.corpus.corpus import Corpus
from core.lstm.inference import limit_blas_threads
from core.midi import MidiError, read
from core.models.base import BASE_MODEL
from core.models.file import load, save
from core.models.model import Model
from core.notes import Piece
from core.training.evaluation import evaluate, total
from core.training.loop import train
from core.training.recipe import RECIPE

FREE = ("Public Domain", "CC0", "CC BY ")
MOST_OVERLAP = 0.3  # with the music that models are measured on
ONE_IN = {("vocal", "pl-wnifc"): 10}  # two thirds of the corpus is Polish church music: take one in ten of it
SETTINGS = TrainingSettings(start=NOTHING, batch=64, dropout=0.1, recurrent_dropout=0.1)

Row = dict[str, str]
"""A line of the manifest by its headings."""


def chosen(corpus: Path, without: Collection[str] = ()) -> list[Row]:
    """Return the rows of the manifest to learn from, save those of some categories or composers."""
    with (corpus / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["licence"].startswith(FREE)]
    rows = [row for row in rows if not {row["category"], row["composer"]} & set(without)]
    rows = [row for row in rows if float(row["shared_overlap"] or 0) <= MOST_OVERLAP]
    return [row for number, row in enumerate(rows) if number % _one_in(row) == 0]


def _one_in(row: Row) -> int:
    for (category, source), many in ONE_IN.items():
        if row["category"] == category and source in row["source_path"]:
            return many
    return 1


def pieces(corpus: Path, rows: Sequence[Row]) -> Iterator[tuple[Row, Piece]]:
    """Yield every row that can be read, with its piece."""
    with ExitStack() as stack:
        archives: dict[str, zipfile.ZipFile] = {}
        for row in rows:
            category = row["category"]
            if category not in archives:
                archives[category] = stack.enter_context(zipfile.ZipFile(corpus / f"{category}.zip"))
            try:
                yield row, read(archives[category].read(row["file"]), row["file"]).piece
            except MidiError as error:
                print(f"left out: {error}")


def main() -> None:
    """Train and save, or measure only what is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, metavar="CORPUS")
    add_data_option(parser)
    parser.add_argument("--seconds", type=float, default=1500.0)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--without", nargs="*", default=[], metavar="WORD")
    parser.add_argument("--start", type=Path, metavar="MODEL")
    parser.add_argument("--out", type=Path, default=BASE_MODEL, metavar="MODEL")
    parser.add_argument("--only-measure", action="store_true")
    options = parser.parse_args()
    folder = options.corpus or data_path(options.data, BASE_CORPUS)
    found = list(pieces(folder, chosen(folder, options.without)))
    corpus = Corpus.of((row["file"], piece) for row, piece in found)
    print(f"{len(corpus)} pieces, {corpus.notes:,} notes")
    limit_blas_threads()
    model = load(options.out) if options.only_measure else learn(corpus, options)
    held_out = set(model.record.held_out)
    parts = ["held out" if digest in held_out else "learned" for digest in corpus.digests]
    if options.out == BASE_MODEL and not options.only_measure:
        list_pieces([row for row, _ in found], parts)
    result = evaluate(model, [piece for piece, part in zip(corpus.pieces, parts, strict=True) if part == "held out"])
    print(f"held out: {result.bits_per_note:.3f} bits per note, {total(result.network_only):.3f} by the network only")


def learn(corpus: Corpus, options: argparse.Namespace) -> Model:
    """Train, save, and return the model."""
    settings = replace(SETTINGS, seconds=options.seconds, steps=options.steps)
    start = load(options.start) if options.start else None
    recipe = replace(RECIPE, continued_rate=1.0)
    model = train(corpus, settings, learners(), start, recipe=recipe, on_progress=lambda now: print(now, flush=True))
    style = replace(model.style, forms=(), ensembles=())  # they would fill the file, and so would the digests
    save(replace(model, style=style, record=replace(model.record, learned=())), options.out)
    return model


def list_pieces(rows: Sequence[Row], parts: Sequence[str]) -> None:
    """Write beside the base model which pieces were learned and which were held out."""
    columns = ("category", "composer", "title", "licence", "source_path")
    with BASE_MODEL.with_name("pieces.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow(["part", *columns[:-1], "source"])
        for row, part in zip(rows, parts, strict=True):
            table.writerow([part, *(row[column] for column in columns)])


if __name__ == "__main__":
    main()
