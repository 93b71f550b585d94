"""Make the page of examples: takes in the style of each built-in set, as MIDI and as sound.

    python -m benchmarks.examples [--seconds N] [--bars N] [--takes N] [--out DIR]

For each set a network learns from all of its pieces, from the base model, and composes takes at the usual settings,
with the seeds 1, 2 ...: none is chosen. Writes SET-SEED.mid, SET-SEED.ogg and README.md to DIR, by default
`assets/examples`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks.trainings import train_each
from core.audio import render
from core.audio.compression import write_ogg
from core.composing.take import Take, compose
from core.config import ComposingSettings, TrainingSettings
from core.corpus.corpus import Corpus
from core.corpus.description import key_of
from core.corpus.library import MusicSet, music_sets, open_set
from core.lstm.inference import limit_blas_threads
from core.midi import write
from core.models.base import BASE_MODEL

EXAMPLES = Path(__file__).parents[1] / "assets" / "examples"

_COMPRESSION = 0.98  # of 1: a minute is two fifths of a megabyte

_ABOUT = """# Examples

New music by Encore, in the style of each of its built-in sets. For each set a network learned for {seconds:.0f} seconds
from the base model and composed takes of {bars} bars at the usual settings, with the seeds 1, 2 and so on. None was
chosen, and nothing was changed afterwards.

Made by `python -m benchmarks.examples`. CC BY 4.0: credit "Encore" and the sources of the base model
(`assets/base/README.md`); the pieces learned from are listed in `assets/music/README.md`.

| in the style of | take | key | notes | length |
|---|---|---|---|---|
"""


def takes_of(music: MusicSet, seconds: float, bars: int, count: int) -> list[Take]:
    """Learn a set and compose."""
    corpus = Corpus.of((reading.name, reading.piece) for reading in open_set(music))
    (model,) = train_each(corpus, {0: TrainingSettings(seconds=seconds)}, BASE_MODEL).values()
    return compose(model, ComposingSettings(bars=bars, seed=1, variations=count))


def rows(music: MusicSet, takes: list[Take], folder: Path) -> Iterator[str]:
    """Write the takes of a set; yield their rows of the page."""
    for take in takes:
        name = f"{music.id}-{take.seed}"
        (folder / f"{name}.mid").write_bytes(write(take.piece))
        (folder / f"{name}.ogg").write_bytes(write_ogg(render(take.piece), _COMPRESSION))
        links = f"[listen]({name}.ogg), [MIDI]({name}.mid)"
        minutes, rest = divmod(round(take.piece.seconds), 60)
        yield f"| {music.name} | {links} | {key_of(take.piece)} | {len(take.piece.notes)} | {minutes}:{rest:02} |\n"


def main() -> None:
    """Make the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--bars", type=int, default=16)
    parser.add_argument("--takes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=EXAMPLES, metavar="DIR")
    options = parser.parse_args()
    limit_blas_threads()
    options.out.mkdir(parents=True, exist_ok=True)
    page = _ABOUT.format(seconds=options.seconds, bars=options.bars)
    for music in music_sets():
        takes = takes_of(music, options.seconds, options.bars, options.takes)
        page += "".join(rows(music, takes, options.out))
        print(f"{music.name}: {len(takes)} takes", flush=True)
    (options.out / "README.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
