"""Measure what a minute of training is worth, in bits per note of pieces kept aside, style by style.

    python -m benchmarks.learning [--data DIR] [--bases DIR] [--seconds N] [--seeds N] [--styles NAME ...]
                                  [--ways NAME ...] [--out FILE]

DATA holds a folder of MIDI files a style. A fifth of the pieces is scored (a tenth of the chorales in music21's
corpus), the rest is learned; each seed draws another fifth. Measured on the same pieces and events:

    unigram, n-gram   Kneser-Ney in all keys (benchmarks/ngram.py); the order that scores best is taken
    classic           two networks for chords and gaps, as in the blog; seed 0 alone
    nothing           the joint network, from nothing
    start 20, 60      the joint network from a base model, after a third of the time and after all of it

The base has not seen the style: with --bases it is one that learned from no keyboard music (`no_keyboard`) for styles
of the piano, and from keyboard music alone (`keyboard_only`) for the others; both by `benchmarks.base --without`.
Gap, pitch and duration count, foretold by the network and by the past of the piece together; `alone` is the network
without that past, `past` is that past without a network. For classic it is gap and chord: a chord it has never seen
costs what Good and Turing say plus its spelling in a uniform code. Prints a table and last one JSON object; --out
gathers styles and ways that are measured one by one.
"""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from statistics import mean

from benchmarks.datasets import CHORALES, DATA, Named, music, split, styles
from benchmarks.ngram import Ngram, tokens
from core.config import BASE, NOTHING, TrainingSettings
from core.models.base import BASE_MODEL
from core.models.model import load
from core.training.evaluation import score, total

ORDER = 8
TRANSPOSITION = 6
KEYBOARD = ("piano-classical", "piano-performance", "piano-score", "ragtime")
LONG = ("jsb", "ragtime")  # styles with a mark for the head start after all of the time

WAYS = ("ngram", "nothing", "start 20", "start 60", "classic")

Fields = dict[str, float]


def ngrams(learned: Named, scored: Named) -> tuple[Fields, Fields]:
    """Return the bits per note of the unigram and of the best n-gram, with its order."""
    model = Ngram(ORDER, tokens([piece for _, piece in learned], ORDER, TRANSPOSITION))
    notes = sum(len(piece.notes) for _, piece in scored)
    costs = model.bits(tokens([piece for _, piece in scored], ORDER)) / notes
    best = int(costs.sum(axis=1).argmin())
    unigram, ngram = (dict(zip(("gap", "pitch", "duration"), costs[row].tolist(), strict=True)) for row in (0, best))
    return {**unigram, "all": sum(unigram.values())}, {**ngram, "all": sum(ngram.values()), "order": best + 1}


def trained(learned: Named, scored: Named, settings: TrainingSettings, start: Path) -> Fields:
    """Train in this process and return the bits per note in all, by field, and how fast it was."""
    from core.lstm.learner import configure_threads
    from core.training.loop import train

    configure_threads()
    begin = load(start) if settings.start == BASE else None
    model = train(learned, settings, begin)
    found = score(model, [piece for _, piece in scored])
    record = model.record
    return {
        **found.fields,
        "all": found.bits_per_note,
        "alone": total(found.network_alone),
        "alone gap and pitch": total(found.network_alone) - found.network_alone.get("duration", 0.0),
        **({"past": total(found.past_alone)} if found.past_alone else {}),
        "seconds": record.seconds,
        "speed": record.notes_per_second,
    }


def base_for(style: str, bases: Path | None) -> Path:
    """Return the base model that has not seen a style."""
    if bases is None:
        return BASE_MODEL
    return bases / ("no_keyboard" if style in KEYBOARD else "keyboard_only")


def measure(
    style: str, named: Named, seed: int, seconds: float, bases: Path | None, wanted: Sequence[str]
) -> dict[str, Fields]:
    """Measure some ways on one split of one style."""
    learned, scored = split(named, style, seed)
    found = dict(zip(("unigram", "ngram"), ngrams(learned, scored), strict=True)) if "ngram" in wanted else {}
    plain = TrainingSettings(seconds=seconds, seed=seed, start=NOTHING)
    ways = {"nothing": plain, "start 20": replace(plain, start=BASE, seconds=seconds / 3)}
    if style in LONG:
        ways["start 60"] = replace(plain, start=BASE)
    if seed == 0:
        ways["classic"] = replace(plain, family="classic")
    with get_context("spawn").Pool(1) as process:
        for way, settings in ((way, ways[way]) for way in wanted if way in ways):
            found[way] = process.apply(trained, (learned, scored, settings, base_for(style, bases)))
    print(
        f"{style:20} seed {seed}  " + "  ".join(f"{way} {each['all']:.3f}" for way, each in found.items()), flush=True
    )
    return found


def means(runs: list[dict[str, Fields]]) -> dict[str, Fields]:
    """Average the seeds, way by way and field by field."""
    found: dict[str, Fields] = {}
    for way in dict.fromkeys(way for run in runs for way in run):
        rows = [run[way] for run in runs if way in run]
        fields = dict.fromkeys(field for row in rows for field in row)
        found[way] = {field: round(mean(row.get(field, 0.0) for row in rows), 4) for field in fields}
    return found


def main() -> None:
    """Measure all styles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--bases", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--styles", nargs="*")
    parser.add_argument("--ways", nargs="*", default=WAYS, choices=WAYS)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    kept = json.loads(options.out.read_text()) if options.out and options.out.exists() else {}
    for style in options.styles or [*styles(options.data), CHORALES]:
        named = music(options.data, style)
        before = kept.get(style, {}).get("seeds", [])
        runs = [
            (before[seed] if seed < len(before) else {})
            | measure(style, named, seed, options.seconds, options.bases, options.ways)
            for seed in range(options.seeds)
        ]
        kept[style] = {"pieces": len(named), "seconds": options.seconds, "seeds": runs, **means(runs)}
        if options.out:
            options.out.write_text(json.dumps(kept, indent=1) + "\n")
    print(json.dumps(kept))


if __name__ == "__main__":
    main()
