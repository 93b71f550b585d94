"""The music that models are measured on: styles as lists of (name, piece), and what of them is kept aside for scoring.

DATA is a folder with a folder of MIDI files a style; Bach's chorales come with the music21 package.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.corpus.notation import from_score
from core.midi import MidiError, read
from core.models.base import BASE_MODEL
from core.notes import Piece

DATA = Path(__file__).parents[2] / "shared" / "data" / "midi"
CHORALES = "music21-chorales"
SCORED_SHARE = 0.2
SCORED_CHORALES = 0.1

Named = list[tuple[str, Piece]]
Measure = Callable[[str, Named, float, int, Path], Any]


def styles(data: Path) -> list[str]:
    """Return the names of the folders with enough music to learn from."""
    return sorted(each.name for each in data.iterdir() if len(list(each.glob("*.mid"))) > 1 and each.name != "odd")


def music(data: Path, style: str) -> Named:
    """Read a style, in the order of the names."""
    if style == CHORALES:
        return chorales()
    named = []
    for path in sorted((data / style).glob("*.mid")):
        try:
            named.append((path.name, read(path.read_bytes(), path.name).piece))
        except MidiError as error:
            print(f"left out: {error}")
    return named


def chorales() -> Named:
    """Return the chorales in four parts of music21's corpus."""
    from music21 import corpus

    named = []
    for path in corpus.getComposer("bach"):
        if path.name.startswith("bwv"):
            score = corpus.parse(path)
            if len(score.parts) == 4:
                named.append((path.name, from_score(score, path.name, 84.0)))
    return named


def split(named: Named, style: str, seed: int) -> tuple[Named, Named]:
    """Return what is learned and what is scored: whole pieces, drawn by a seed."""
    order = np.random.default_rng([seed, 1]).permutation(len(named))
    share = SCORED_CHORALES if style == CHORALES else SCORED_SHARE
    aside = set(order[: max(round(share * len(named)), 1)].tolist())
    return (
        [pair for index, pair in enumerate(named) if index not in aside],
        [pair for index, pair in enumerate(named) if index in aside],
    )


def style_by_style(about: str, measure: Measure, styles: Sequence[str], seconds: float, takes: int) -> None:
    """Read the command line, measure each style with (style, music, seconds, takes, base), and print what was found."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--styles", nargs="*", default=styles, metavar="STYLE")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--base", type=Path, default=BASE_MODEL)
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--takes", type=int, default=takes)
    options = parser.parse_args()
    found = {
        style: measure(style, music(options.data, style), options.seconds, options.takes, options.base)
        for style in options.styles
    }
    print(json.dumps(found))
