"""Owns takes on their way: how a press begins them, how they reach the desk one by one, and how they are stopped.

Knows nothing about how a take is made or shown. The thread that makes a take puts it on the desk of its visitor: it
arrives also where the page was left or loaded anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic

import streamlit as st

from core.audio.renderings import Renderings
from core.composing.infill import InfillError, Passage
from core.composing.take import NEW_NOTES, ComposingError, Take
from core.config import ComposingSettings
from core.jobs.composer import Composition
from core.models.model import Model
from core.notes import Piece, Track, with_own_track
from core.takes.desk import MOST_TAKES, Desk, DeskFullError, KeptTake, Origin
from core.ui.press import press_button
from core.ui.server import Making, composer, makings, renderings
from core.ui.session import session

CHOICES = 3
"""How many versions of a passage are made."""
_LOOK, _WAIT = 0.3, 0.25  # seconds between two looks at what has arrived; for how long one waits for something
_PAUSE, _LAST_PAUSE = 0.8, 0.4  # seconds between runs of the page, which the browser needs, for a take and for the last

Make = Callable[[Composition, Callable[[Sequence[Take]], None]], None]
"""Makes takes: is given the composition that it belongs to, and hands what is there to the other."""


def start_composing(
    model: Model, settings: ComposingSettings, primer: Piece | None, origin: Origin, program: int | None = None
) -> None:
    """Begin to compose takes whose new notes are played by the instrument `program`.

    With None they are those of the music learned, or of the music that is gone on from.
    """
    composers, sounds = composer(), renderings()

    def make(composition: Composition, give: Callable[[Sequence[Take]], None]) -> None:
        def finish(take: Take) -> None:
            played = replace(take, piece=_played(take, program))
            if not found:
                sounds.want(played.piece)
            found.append(played)
            give([played])

        found: list[Take] = []
        report, stop = composition.report, composition.is_stopping
        if not composers.compose(model, settings, primer, on_progress=report, on_take=finish, should_stop=stop):
            raise ComposingError("It was stopped before the first bar was there, so there is nothing to keep.")

    _start(make, replace(origin, settings=settings), "Composing …", "Stop and keep what is there")


def start_anew(model: Model, kept: KeptTake, passage: Passage, how: str) -> None:
    """Begin to make versions of a take with another passage each."""
    piece, seed, composers = kept.as_composed, session().composing.seed, composer()
    session().reseed()

    def make(composition: Composition, give: Callable[[Sequence[Take]], None]) -> None:
        report, stop = composition.report, composition.is_stopping
        versions = composers.infill(
            model, piece, passage, choices=CHOICES, seed=seed, on_progress=report, should_stop=stop
        )
        tempos = kept.take.piece.tempos
        if versions:
            give([replace(kept.take, piece=replace(each, tempos=tempos), model=model.digest) for each in versions])
        elif not stop():
            raise InfillError("The model came back to the notes that are there already. Choose a longer passage.")

    span = (passage.start, passage.stop)
    origin = replace(kept.origin, how=how, parent=kept.number, passage=span, fingerprint=session().model_key)
    _start(make, origin, "Making versions that lead into what follows …", "Stop and leave it as it is")


def _played(take: Take, program: int | None) -> Piece:
    """Return a take whose new notes are played by one instrument, or by their parts."""
    if program is None:
        return take.piece
    return with_own_track(take.piece, take.primer_end, Track(NEW_NOTES, program))


def _start(make: Make, origin: Origin, words: str, stop: str) -> None:
    """Begin in the background; what this visitor was waiting for before ends with what is there."""
    mine, batch = session(), replace(origin, batch=uuid.uuid4().hex)
    with refused():
        mine.desk.now.check_room()
    if mine.refusal:
        return
    if (before := on_its_way()) is not None:
        before.composition.stop()

    def keep(takes: Sequence[Take]) -> None:
        mine.keep(takes, batch)

    makings()[mine.kept] = Making(composer().start(_with_sound(make, keep)), words, stop)


def _with_sound(make: Make, keep: Callable[[Sequence[Take]], None]) -> Callable[[Composition], None]:
    """Return what makes takes, keeps them and has their sound made."""
    sounds = renderings()

    def run(composition: Composition) -> None:
        given: list[Piece] = []

        def give(takes: Sequence[Take]) -> None:
            given.extend(take.piece for take in takes)
            keep(takes)
            composition.tell()

        make(composition, give)
        _have_made(sounds, given)

    return run


def _have_made(sounds: Renderings, pieces: Sequence[Piece]) -> None:
    """Have sounds made one after the other, so that one that is wanted meanwhile need not wait for them."""
    if pieces:
        sounds.start(pieces[0]).whole.add_done_callback(lambda made: _have_made(sounds, pieces[1:]))


@contextmanager
def refused() -> Iterator[None]:
    """Say on the page where the desk has no room for a take that is put on it."""
    session().refusal = ""
    try:
        yield
    except DeskFullError as error:
        session().refusal = str(error)


def on_its_way() -> Making | None:
    """Return what this visitor waits for, in whichever window it was begun."""
    return makings().get(session().kept)


def making_view() -> None:
    """Show what is on its way; say why nothing came, and what made room for what came."""
    mine = session()
    if (gone := mine.desk.now.gone - mine.told_gone) > 0:
        words = "One old take without a star made" if gone == 1 else f"{gone} old takes without a star made"
        st.toast(f"{words} room: {MOST_TAKES} are kept at most. Undo brings back what was there.")
    mine.told_gone = mine.desk.now.gone
    making = on_its_way()
    if making is not None and making.composition.finished:
        making = None
        _end()
    if mine.refusal:
        st.warning(mine.refusal, icon=":material/music_off:")
    if making is not None:
        _view(making, mine.desk.now, monotonic(), making.composition.told == 0)


@st.fragment(run_every=_LOOK)
def _view(making: Making, shown: Desk, since: float, first: bool) -> None:
    """Show how far it is; when it is done, or a take has reached the desk and it is time, the page runs again.

    `since` is when the page ran last; for the `first` take it is always time. What is below waits for this part then,
    so it looks only later for what is new.
    """
    composition, now = making.composition, monotonic()

    def is_news() -> bool:
        pause = 0.0 if first else _LAST_PAUSE if composition.finished else _PAUSE
        return (composition.finished or session().desk.now is not shown) and monotonic() >= since + pause

    with st.container(border=True, key="making"):
        st.progress(min(composition.done, 1.0), making.words)
        if press_button(making.stop, "stop-composing", about=id(composition), icon=":material/stop_circle:"):
            composition.stop()
    if now >= since + _LOOK / 2 and composition.wait_until(is_news, _WAIT):
        st.rerun()


def _end() -> None:
    """Take note that what was on its way is there, and why not where it is not."""
    mine = session()
    mine.refusal = makings().pop(mine.kept).composition.refusal
