"""Owns the built-in music, so that nobody has to bring files: sets with clear rights, each with a line about it.

Knows nothing about pages. Most sets lie in `assets/music`; Bach's chorales come with the music21 package.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.corpus.notation import from_score
from core.midi import Reading, read

_MUSIC = Path(__file__).parents[2] / "assets" / "music"
_CHORALE_QPM = 84.0
_CHURCH_ORGAN = 19
_CHORALES = """
    3.6 5.7 20.7 29.8 40.3 40.6 44.7 48.3 52.6 55.5 59.3 62.6 65.2 66.6 70.7 74.8 83.5 84.5 91.6 94.8 95.7 101.7 108.6
    116.6 119.9 120.6 125.6 128.5 135.6 144.3 144.6 145.5 157.5 165.6 194.12 195.6 245.15 245.26 245.40 259 273 277 282
    283 284 285 286 293 295 300
"""


@dataclass(frozen=True)
class Source:
    """Where one piece of a set lies: a file in `assets/music`, or a number in Bach's catalogue."""

    title: str
    location: str
    credit: str


@dataclass(frozen=True)
class MusicSet:
    """A few pieces that belong together."""

    id: str
    name: str
    about: str
    rights: str
    sources: tuple[Source, ...]


def music_sets() -> tuple[MusicSet, ...]:
    """Return all sets, those of the project first."""
    data = json.loads((_MUSIC / "sets.json").read_text(encoding="utf-8"))
    return (*(_from_assets(entry) for entry in data["sets"]), _chorales())


def music_set(set_id: str) -> MusicSet:
    """Return a set by its id. Raises KeyError for one that is not known."""
    return {each.id: each for each in music_sets()}[set_id]


def sets_of(names: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the sets that some pieces make up, by their names; nothing where some are from elsewhere."""
    titles = {each.id: {source.title for source in each.sources} for each in music_sets()}
    found = [name for name, pieces in titles.items() if pieces <= set(names)]
    return tuple(found) if set().union(*(titles[name] for name in found)) == set(names) else ()


def _from_assets(entry: dict[str, Any]) -> MusicSet:
    sources = tuple(
        Source(
            f"{file['composer']}: {file['title']}",
            file["file"],
            f"typeset by {file['typesetter']} for the Mutopia Project",
        )
        for file in entry["files"]
    )
    return MusicSet(entry["id"], entry["name"], entry["about"], entry["licence"], sources)


def _chorales() -> MusicSet:
    numbers = _CHORALES.split()
    return MusicSet(
        id="chorales",
        name="Bach chorales",
        about=f"{len(numbers)} hymns in four voices, the classic exercise in harmony.",
        rights="Music in the public domain; encoded by Margaret Greentree, shared with music21 by permission",
        sources=tuple(Source(f"J. S. Bach: BWV {number}", number, "from music21's corpus") for number in numbers),
    )


def open_set(chosen: MusicSet, on_progress: Callable[[int, int], None] = lambda done, total: None) -> list[Reading]:
    """Read the pieces of a set; `on_progress` is told how many are done, of how many."""
    readings = []
    for done, source in enumerate(chosen.sources, start=1):
        readings.append(_chorale(source) if chosen.id == "chorales" else _from_file(source))
        on_progress(done, len(chosen.sources))
    return readings


def _from_file(source: Source) -> Reading:
    return replace(read((_MUSIC / source.location).read_bytes(), source.location), name=source.title)


def _chorale(source: Source) -> Reading:
    from music21 import corpus

    score = corpus.parse(f"bach/bwv{source.location}")
    return Reading(source.title, from_score(score, source.title, _CHORALE_QPM, _CHURCH_ORGAN))
