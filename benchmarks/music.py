"""The music that models are measured on: styles as lists of (name, piece), and what of them is kept aside for scoring.

DATA is a folder with a folder of MIDI files a style; Bach's chorales come with the music21 package.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.midi import MidiError, read
from core.notes import Piece
from core.scores import from_score

DATA = Path(__file__).parents[2] / "shared" / "data" / "midi"
CHORALES = "music21-chorales"
SCORED_SHARE = 0.2
SCORED_CHORALES = 0.1

Named = list[tuple[str, Piece]]


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
