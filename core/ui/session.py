"""Owns what one visitor has: the pieces read, which of them are in use, the model at hand, the takes.

Knows nothing about widgets: they forget their values when the page changes, this does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from threading import RLock

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.composing.take import Take
from core.config import RANGES, ComposingSettings, TrainingSettings
from core.corpus.corpus import Corpus, digest
from core.corpus.description import Description, describe
from core.corpus.tapping import Tap
from core.corpus.uploads import Refusal
from core.figures.box import Box
from core.midi import Reading
from core.notes import Piece, keep_tracks
from core.takes.desk import Desk, Origin
from core.takes.history import History
from core.takes.store import KeptDesk, TakeStore

MORE_TAKES = 12
"""How many takes are shown, and how many more at a press."""
HIGHEST_SEED = int(RANGES["seed"][1] - RANGES["variations"][1])
"""The highest seed that is offered: variations count on from it."""


@dataclass
class Item:
    """A piece that was read, and what of it is in use."""

    reading: Reading
    name: str  # that of the file, numbered where another has the same
    used: bool = True
    pedal: bool = True  # whether notes last as long as the pedal holds them
    tracks: list[int] = field(default_factory=list)
    _made: dict[tuple[bool, tuple[int, ...]], tuple[Piece, str]] = field(default_factory=dict, repr=False)

    @cached_property
    def description(self) -> Description:
        """The piece in words."""
        return describe(self.reading)

    @property
    def piece(self) -> Piece:
        """The piece with the tracks in use."""
        return self._in_use()[0]

    @property
    def digest(self) -> str:
        """The digest of the piece with the tracks in use."""
        return self._in_use()[1]

    def _in_use(self) -> tuple[Piece, str]:
        """Return the piece with the tracks in use and its digest, made once for each choice."""
        choice = self.pedal, tuple(self.tracks)
        if choice not in self._made:
            piece = keep_tracks(self.reading.sounding if self.pedal else self.reading.piece, self.tracks)
            self._made = {choice: (piece, digest(piece))}
        return self._made[choice]


@dataclass
class Session:
    """Everything of one visitor. `key` is what the visitor's browser keeps; takes are stored under it."""

    items: dict[str, Item] = field(default_factory=dict)
    pedal: bool = True  # whether it holds notes, in all pieces
    refusals: list[Refusal] = field(default_factory=list)
    batches: int = 0  # counts what was read: a new number empties the uploader
    model_key: str | None = None
    opened_models: int = 0  # counts the files: a new number empties the uploader
    key: str | None = None
    kept: KeptDesk = field(default_factory=KeptDesk)
    told_gone: int = 0  # of how many takes that made room the person has been told
    refusal: str = ""  # why there are no takes
    shown_takes: int = MORE_TAKES
    taps: tuple[Tap, ...] = ()
    program: int | None = None  # the instrument of new takes; None is that of the music learned
    boxes: dict[int, Box] = field(default_factory=dict)  # the passage that is marked in a take, by its number
    welcome: Take | None = None
    training: TrainingSettings = field(default_factory=TrainingSettings)
    composing: ComposingSettings = field(default_factory=lambda: ComposingSettings(seed=1, variations=4))
    guess_key: bool = False  # whether takes keep to the likely key of what they start from, or of the music
    shown_tempo: float | None = None  # what the tempo slider showed last
    presses: set[tuple[str, str]] = field(default_factory=set)  # not yet answered: the button's key, what it is about
    page: str = ""  # the title of the page that is shown
    draws: int = 0  # counts the new seeds: a new number makes the widget show it
    lock: RLock = field(default_factory=RLock, repr=False)  # while a desk takes the place of another

    def add(self, results: Sequence[Reading | Refusal]) -> int:
        """Take in what was read; a piece that is there already stays as it is. Return how many are new."""
        before = len(self.items)
        self.batches += 1
        self.refusals = [result for result in results if isinstance(result, Refusal)]
        for result in results:
            if isinstance(result, Reading):
                tracks = list(range(len(result.piece.tracks)))
                item = Item(result, self._distinct(result.name), pedal=self.pedal, tracks=tracks)
                self.items.setdefault(digest(result.piece), item)
        return len(self.items) - before

    def hold(self, pedal: bool) -> None:
        """Let the pedal hold the notes of all pieces, or not."""
        self.pedal = pedal
        for item in self.items.values():
            item.pedal = pedal

    def _distinct(self, name: str) -> str:
        taken = {item.name for item in self.items.values()}
        numbered = (f"{name} ({number})" for number in count(2))
        return name if name not in taken else next(each for each in numbered if each not in taken)

    @property
    def desk(self) -> History[Desk]:
        """The takes, and the way back."""
        return self.kept.history

    def arrive(self, key: str, store: TakeStore) -> None:
        """Take in the takes that are stored under the key of the visitor's browser, below those of this visit."""
        with self.lock:
            own, self.key, self.kept = self.desk.now, key, store.desk(key)
            self.told_gone = self.desk.now.gone
            if own.takes:
                moved = self.desk.now.last
                self.boxes = {number + moved: box for number, box in self.boxes.items()}
                self.change(lambda desk: desk.take_over(own))

    def keep(self, takes: Sequence[Take], origin: Origin) -> None:
        """Put new takes on the desk; a thread may do so.

        Takes of one batch are one step to undo: those that come late are there in all states since it began.
        Raises DeskFullError where there is no room for them.
        """

        def began(desk: Desk) -> bool:
            return desk.has_of(origin.batch)

        def change(history: History[Desk]) -> History[Desk]:
            def add(desk: Desk) -> Desk:
                return replace(desk, last=history.now.last).add(takes, origin)

            late = any(map(began, history.states))
            return history.amend(began, add) if late else history.change(add(history.now))

        with self.lock:
            self.kept.change(change)

    def change(self, change: Callable[[Desk], Desk], step: str = "") -> None:
        """Change the desk by a step that can be undone; steps of one name that follow each other are one."""
        self.kept.change(lambda history: history.change(change(history.now), step))

    def look(self, change: Callable[[Desk], Desk]) -> None:
        """Change what is shown of the desk; that is nothing to undo."""
        self.kept.change(lambda history: history.adjust(change(history.now)))

    def show_more(self) -> None:
        """Show some more of the older takes."""
        self.shown_takes += MORE_TAKES

    def undo(self) -> None:
        """Go one step back."""
        self.kept.change(History.undo)

    def redo(self) -> None:
        """Go one step forward again."""
        self.kept.change(History.redo)

    def turn_to(self, page: str) -> None:
        """Take note of the page that is shown; what was pressed on another one is forgotten."""
        if page != self.page:
            self.page = page
            self.presses.clear()

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
        used = [item for item in self.items.values() if item.used and len(item.piece.notes)]
        names, digests = tuple(item.name for item in used), tuple(item.digest for item in used)
        return Corpus(names, tuple(item.piece for item in used), digests)

    def names(self, digests: Iterable[str]) -> list[str]:
        """Return the names of pieces by their digests, as far as this visitor has the pieces, and count the others."""
        known = {item.digest: item.name for item in self.items.values()}
        digests = list(digests)
        found = [known[each] for each in digests if each in known]
        others = len(digests) - len(found)
        if others:
            found.append(
                "one piece that is not in this visit" if others == 1 else f"{others} pieces that are not in this visit"
            )
        return found


def window() -> str:
    """Return what tells this window of a browser from others as long as it is open."""
    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def visitor() -> str:
    """Return what tells this visitor from others: the key of the browser, or the window until that is known."""
    return session().key or window()


def session() -> Session:
    """Return the visitor's session, a new one at the first call."""
    return st.session_state.setdefault("encore", Session())
