"""Owns what one visitor has: the pieces read, which of them are in use, the model at hand, the last take.

Knows nothing about widgets: they forget their values when the page changes, this does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.composing.take import Take
from core.config import RANGES, ComposingSettings, TrainingSettings
from core.corpus.corpus import Corpus, digest
from core.corpus.description import Description, describe
from core.corpus.uploads import Refusal
from core.midi import Reading
from core.notes import Piece, keep_tracks
from core.takes.desk import Desk
from core.takes.history import History

HIGHEST_SEED = int(RANGES["seed"][1] - RANGES["variations"][1])
"""The highest seed that is offered: variations count on from it."""


@dataclass
class Item:
    """A piece that was read, and what of it is in use."""

    reading: Reading
    name: str  # that of the file, numbered where another has the same
    used: bool = True
    tracks: list[int] = field(default_factory=list)

    @cached_property
    def description(self) -> Description:
        """The piece in words."""
        return describe(self.reading)

    @property
    def piece(self) -> Piece:
        """The piece with the tracks in use."""
        return keep_tracks(self.reading.piece, self.tracks)


@dataclass
class Session:
    """Everything of one visitor."""

    items: dict[str, Item] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    batches: int = 0  # counts what was read: a new number empties the uploader
    model_key: str | None = None
    desk: History[Desk] = field(default_factory=lambda: History(Desk()))
    welcome: Take | None = None
    training: TrainingSettings = field(default_factory=TrainingSettings)
    composing: ComposingSettings = field(default_factory=lambda: ComposingSettings(seed=1, variations=4))
    draws: int = 0  # counts the new seeds: a new number makes the widget show it

    def add(self, results: Sequence[Reading | Refusal]) -> int:
        """Take in what was read; a piece that is there already stays as it is. Return how many are new."""
        before = len(self.items)
        self.batches += 1
        self.refusals = [result for result in results if isinstance(result, Refusal)]
        for result in results:
            if isinstance(result, Reading):
                tracks = list(range(len(result.piece.tracks)))
                self.items.setdefault(digest(result.piece), Item(result, self._distinct(result.name), tracks=tracks))
        return len(self.items) - before

    def _distinct(self, name: str) -> str:
        taken = {item.name for item in self.items.values()}
        numbered = (f"{name} ({number})" for number in count(2))
        return name if name not in taken else next(each for each in numbered if each not in taken)

    def keep(self, takes: list[Take], settings: ComposingSettings, parent: int | None = None) -> int:
        """Put new takes on the desk; return how many old ones made room."""
        before = len(self.desk.now.takes)
        self.change(lambda desk: desk.add(takes, settings, parent))
        return before + len(takes) - len(self.desk.now.takes)

    def change(self, change: Callable[[Desk], Desk]) -> None:
        """Change the desk by a step that can be undone."""
        self.desk = self.desk.change(change(self.desk.now))

    def clear(self) -> None:
        """Put all pieces away."""
        self.items.clear()
        self.refusals.clear()

    def reseed(self) -> None:
        """Choose another seed, for takes that are not there yet."""
        seed = (self.composing.seed + self.composing.variations) % HIGHEST_SEED
        self.composing = replace(self.composing, seed=seed)
        self.draws += 1

    @property
    def corpus(self) -> Corpus:
        """The pieces in use."""
        pairs = ((item.name, item.piece) for item in self.items.values() if item.used)
        return Corpus.of((name, piece) for name, piece in pairs if len(piece.notes))

    def names(self, digests: Iterable[str]) -> list[str]:
        """Return the names of pieces by their digests, as far as this visitor has the pieces, and count the others."""
        known = {digest(item.piece): item.name for item in self.items.values()}
        digests = list(digests)
        found = [known[each] for each in digests if each in known]
        others = len(digests) - len(found)
        if others:
            found.append(
                "one piece that is not in this visit" if others == 1 else f"{others} pieces that are not in this visit"
            )
        return found


def visitor() -> str:
    """Return what tells this visitor from others as long as the page is open."""
    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def session() -> Session:
    """Return the visitor's session, a new one at the first call."""
    return st.session_state.setdefault("encore", Session())
