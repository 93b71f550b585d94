"""Owns the music that models are measured on: where it lies, each style as a corpus, and which pieces are held out.

Knows nothing about models.

The data folder is named by `--data DIR` or by the environment variable ENCORE_DATA, and holds

    midi/           a folder of MIDI files for each style
    jsb/            jsb_quarter.json, the chorales of Boulanger-Lewandowski et al. (2012) as frames
    base-corpus/    manifest.tsv and a zip archive for each category: what the base model learns from

Bach's chorales in four parts come with the music21 package and need no folder.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np

from core.corpus.corpus import Corpus
from core.corpus.notation import from_score
from core.midi import MidiError, read
from core.notes import Piece
from core.training.batches import Split

VARIABLE = "ENCORE_DATA"
MIDI, JSB, BASE_CORPUS = "midi", "jsb/jsb_quarter.json", "base-corpus"
"""What the data folder holds."""

CHORALES = "music21-chorales"
NO_STYLE = "odd"
"""A folder in `midi` whose files test the reader; many of them are broken."""

_CHORALE_QPM = 84.0
_HELD_OUT_SHARE = 0.2
_HELD_OUT_CHORALES = 0.1


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """Add `--data DIR` to a command."""
    parser.add_argument("--data", type=Path, metavar="DIR", help=f"the data folder, by default {VARIABLE}")


def data_path(named: Path | None, part: str) -> Path:
    """Return the path of MIDI, JSB or BASE_CORPUS in the folder that `--data` named, or else ENCORE_DATA.

    Ends the program with one line on standard error where there is none.
    """
    folder = named or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if folder is None:
        raise SystemExit(
            f"This needs a data folder that holds {part}: name it by --data DIR or the environment variable {VARIABLE}."
        )
    if not (folder / part).exists():
        raise SystemExit(f"The data folder {folder} does not hold {part}. Name another by --data DIR or {VARIABLE}.")
    return folder / part


def styles(data: Path | None) -> list[str]:
    """Return the names of all styles: the folders with more than one piece, and the chorales."""
    folders = (each for each in data_path(data, MIDI).iterdir() if each.name != NO_STYLE)
    return [*sorted(each.name for each in folders if len(list(each.glob("*.mid"))) > 1), CHORALES]


def corpus_of(data: Path | None, style: str) -> Corpus:
    """Read a style, in the order of the names; what cannot be read is left out and named."""
    if style == CHORALES:
        return chorales()
    folder = data_path(data, f"{MIDI}/{style}")
    named: list[tuple[str, Piece]] = []
    for path in sorted(folder.glob("*.mid")):
        try:
            named.append((path.name, read(path.read_bytes(), path.name).sounding))
        except MidiError as error:
            print(f"left out: {error}")
    return Corpus.of(named)


def chorales() -> Corpus:
    """Return the chorales in four parts of music21's corpus."""
    from music21 import corpus

    named: list[tuple[str, Piece]] = []
    for path in corpus.getComposer("bach"):
        if path.name.startswith("bwv"):
            score = corpus.parse(path)
            if len(score.parts) == 4:
                named.append((path.name, from_score(score, path.name, _CHORALE_QPM)))
    return Corpus.of(named)


def split(corpus: Corpus, style: str, seed: int) -> Split:
    """Hold out whole pieces, drawn by a seed: a fifth of them, of the chorales a tenth, at least one."""
    order = np.random.default_rng([seed, 1]).permutation(len(corpus)).tolist()
    share = _HELD_OUT_CHORALES if style == CHORALES else _HELD_OUT_SHARE
    count = max(round(share * len(corpus)), 1)
    return Split(learned=corpus.select(sorted(order[count:])), held_out=corpus.select(sorted(order[:count])))
