"""Learn the base model: what music has in common, from music that anyone may use.

    python -m benchmarks.base CORPUS [--seconds N | --steps N] [--without WORD ...] [--out MODEL]

CORPUS is a folder with `manifest.tsv` and a zip archive a category (keyboard.zip, vocal.zip ...), all of it in the
public domain, CC0 or CC BY. Writes `model.npz`, `model.json` and `pieces.tsv`, the list of what was learned, to
`assets/base`. `--without keyboard BachJS` leaves out whole categories or composers, so that a head start can be
measured on a style that the base has not seen.
"""

import argparse
import csv
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.config import NOTHING, TrainingSettings
from core.lstm.learner import configure_threads
from core.midi import MidiError, read
from core.models.base import BASE_MODEL
from core.models.model import save
from core.training.evaluation import score, total
from core.training.loop import train

FREE = ("Public Domain", "CC0", "CC BY ")
MOST_OVERLAP = 0.3  # with the music that models are measured on
ONE_IN = {("vocal", "pl-wnifc"): 10}  # two thirds of the corpus is Polish church music: take one in ten of it
SETTINGS = TrainingSettings(start=NOTHING, batch=64, dropout=0.1, recurrent_dropout=0.1)


def chosen(corpus: Path, without: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return the rows of the manifest to learn from, save those of some categories or composers."""
    with (corpus / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["licence"].startswith(FREE)]
    rows = [row for row in rows if not {row["category"], row["composer"]} & set(without)]
    rows = [row for row in rows if float(row["shared_overlap"] or 0) <= MOST_OVERLAP]
    kept = []
    for number, row in enumerate(rows):
        shares = (
            n
            for (category, source), n in ONE_IN.items()
            if row["category"] == category and source in row["source_path"]
        )
        if number % next(shares, 1) == 0:
            kept.append(row)
    return kept


def pieces(corpus: Path, rows: list[dict[str, str]]):
    """Yield (name, piece) of every row that can be read."""
    archives: dict[str, zipfile.ZipFile] = {}
    for row in rows:
        category = row["category"]
        archives.setdefault(category, zipfile.ZipFile(corpus / f"{category}.zip"))
        try:
            yield f"{category}/{row['file']}", read(archives[category].read(row["file"]), row["file"]).piece
        except MidiError as error:
            print(f"left out: {error}")


def main() -> None:
    """Learn and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--seconds", type=float, default=1500.0)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--without", nargs="*", default=[], metavar="WORD")
    parser.add_argument("--out", type=Path, default=BASE_MODEL, metavar="MODEL")
    options = parser.parse_args()
    rows = chosen(options.corpus, options.without)
    named = list(pieces(options.corpus, rows))
    print(f"{len(named)} pieces, {sum(len(piece.notes) for _, piece in named):,} notes")
    configure_threads()
    settings = replace(SETTINGS, seconds=options.seconds, steps=options.steps)
    model = train(named, settings, report=lambda now: print(now, flush=True))
    save(replace(model, record=replace(model.record, pieces=())), options.out)
    if options.out == BASE_MODEL:
        list_pieces(rows, set(model.record.held_out))
    found = score(model, [piece for name, piece in named if name in model.record.held_out])
    print(f"held out: {found.bits_per_note:.3f} bits per note, {total(found.network_alone):.3f} by the network alone")


def list_pieces(rows: list[dict[str, str]], held_out: set[str]) -> None:
    """Write which pieces were learned and which were held out, beside the base model."""
    with BASE_MODEL.with_name("pieces.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow(["part", "category", "composer", "title", "licence", "source"])
        for row in rows:
            part = "held out" if f"{row['category']}/{row['file']}" in held_out else "learned"
            table.writerow([part, *(row[key] for key in ("category", "composer", "title", "licence", "source_path"))])


if __name__ == "__main__":
    main()
