"""Measure what a minute of training is worth, in bits per note of held-out pieces, style by style.

    python -m benchmarks.learning [--data DIR] [--base MODEL] [--seconds N] [--seeds N ...] [--styles STYLE ...]
                                  [--ways WAY ...] [--out FILE]

A fifth of the pieces of a style is held out (a tenth of the chorales in music21's corpus), the rest is learned; each
seed holds out another fifth. Measured on the same pieces:

    ngram             unigram and n-gram, Kneser-Ney in all keys (benchmarks/ngram.py), of the best order up to eight
    nothing           the joint network, from nothing; some styles only
    start 0, 20, 60   the base model as it is, and the joint network that goes on from it, after a third of the time and
                      after all of it
    classic           the two networks for chords and gaps; seed 0 only

`bits_per_note` counts gap, pitch and duration (for classic, gap and chord), predicted by the mixture of network and
PPM; `network_only` is without PPM, `ppm_only` without the network. Prints a table and last one line of JSON; --out
gathers styles, ways and seeds that are measured one by one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean

from benchmarks.datasets import CHORALES, add_data_option, corpus_of, split, styles
from benchmarks.ngram import NAMES, Ngram, tokens
from benchmarks.trainings import train_each
from core.config import BASE, NOTHING, TrainingSettings
from core.lstm.inference import limit_blas_threads
from core.models.base import BASE_MODEL
from core.models.file import load
from core.models.model import Model
from core.training.batches import Split
from core.training.evaluation import evaluate, total

ORDER = 8
TRANSPOSITION = 6
FROM_NOTHING = ("jsb", "ragtime", CHORALES)
"""Styles that are also measured from nothing."""

WAYS = ("ngram", "nothing", "start 0", "start 20", "start 60", "classic")

Fields = dict[str, float]


def ngrams(parts: Split) -> dict[str, Fields]:
    """Return the bits per note of the unigram and of the best n-gram, with its order."""
    model = Ngram(ORDER, tokens(parts.learned.pieces, ORDER, TRANSPOSITION))
    bits = model.bits(tokens(parts.held_out.pieces, ORDER)) / parts.held_out.notes
    best = int(bits.sum(axis=1).argmin())
    unigram, ngram = (dict(zip(NAMES, bits[row].tolist(), strict=True)) for row in (0, best))
    return {
        "unigram": unigram | {"bits_per_note": sum(unigram.values())},
        "ngram": ngram | {"bits_per_note": sum(ngram.values()), "order": best + 1},
    }


def settings_of(style: str, seed: int, seconds: float) -> dict[str, TrainingSettings]:
    """Return the ways to train on a style with a seed."""
    plain = TrainingSettings(seconds=seconds, seed=seed, start=BASE)
    ways = {"start 20": replace(plain, seconds=seconds / 3), "start 60": plain}
    if style in FROM_NOTHING:
        ways["nothing"] = replace(plain, start=NOTHING)
    if seed == 0:
        ways["classic"] = replace(plain, family="classic", start=NOTHING)
    return ways


def measure_model(model: Model, parts: Split) -> Fields:
    """Return the bits per note of the held-out pieces, in all and by column, and how fast the training was."""
    found = evaluate(model, parts.held_out.pieces)
    network_only = total(found.network_only)
    return {
        **found.fields,
        "bits_per_note": found.bits_per_note,
        "network_only": network_only,
        "network_only gap and pitch": network_only - found.network_only.get("duration", 0.0),
        **({"ppm_only": total(found.ppm_only)} if found.ppm_only else {}),
        "seconds": model.record.seconds,
        "notes_per_second": model.record.notes_per_second,
    }


def measure(
    style: str, parts: Split, seed: int, seconds: float, base: Path, wanted: Sequence[str]
) -> dict[str, Fields]:
    """Measure some ways on one split of one style."""
    settings = {way: each for way, each in settings_of(style, seed, seconds).items() if way in wanted}
    models = train_each(parts.learned, settings, base)
    found = ngrams(parts) if "ngram" in wanted else {}
    if "start 0" in wanted:
        models["start 0"] = load(base)
    found |= {way: measure_model(model, parts) for way, model in models.items()}
    rows = (f"{way} {each['bits_per_note']:.3f}" for way, each in found.items())
    print(f"{style:20} seed {seed}  " + "  ".join(rows), flush=True)
    return found


def means(runs: Sequence[dict[str, Fields]]) -> dict[str, Fields]:
    """Return the mean of each number of each way, over the seeds that have it."""
    found: dict[str, Fields] = {}
    for way in dict.fromkeys(way for run in runs for way in run):
        rows = [run[way] for run in runs if way in run]
        names = dict.fromkeys(name for row in rows for name in row)
        found[way] = {name: round(mean(row[name] for row in rows if name in row), 4) for name in names}
    return found


def main() -> None:
    """Measure the styles that are named, by default all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_option(parser)
    parser.add_argument("--base", type=Path, default=BASE_MODEL, metavar="MODEL")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, nargs="*", default=(0, 1, 2), metavar="N")
    parser.add_argument("--styles", nargs="*", metavar="STYLE")
    parser.add_argument("--ways", nargs="*", default=WAYS, choices=WAYS, metavar="WAY", help=", ".join(WAYS))
    parser.add_argument("--out", type=Path, metavar="FILE")
    options = parser.parse_args()
    limit_blas_threads()
    kept = json.loads(options.out.read_text()) if options.out and options.out.exists() else {}
    for style in options.styles or styles(options.data):
        corpus, runs = corpus_of(options.data, style), kept.get(style, {}).get("seeds", [])
        for seed in options.seeds:
            runs += [{} for _ in range(seed + 1 - len(runs))]
            parts = split(corpus, style, seed)
            runs[seed] |= measure(style, parts, seed, options.seconds, options.base, options.ways)
        kept[style] = {"pieces": len(corpus), "seconds": options.seconds, "seeds": runs, **means(runs)}
        if options.out:
            options.out.write_text(json.dumps(kept, indent=1) + "\n")
    print(json.dumps(kept))


if __name__ == "__main__":
    main()
