"""Owns what can be done with the open take: name and note, bars done anew, trimming, going on from it.

Knows nothing about how a take is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from core.bars import bar_onsets, bar_range, passage
from core.composing.infill import InfillError, Passage, infill
from core.composing.take import ComposingError, Take, compose
from core.config import ComposingSettings
from core.models.model import Model
from core.notes import Piece
from core.takes.desk import KeptTake
from core.ui.session import session

_CHOICES = 3
_MORE_BARS, _MORE_SECONDS = (4, 8, 16), (10, 20, 30)


def compose_and_keep(
    model: Model, settings: ComposingSettings, primer: Piece | None, parent: int | None = None
) -> None:
    """Compose takes, put them on the desk and run the page again; or say why there are none."""
    _keep_new(lambda show: compose(model, settings, primer, on_progress=show), settings, parent)


def _keep_new(
    make: Callable[[Callable[[float], None]], list[Take]], settings: ComposingSettings, parent: int | None
) -> None:
    """Make takes beside a progress bar, put them on the desk and run the page again; or say why there are none."""
    bar = st.progress(0.0, "Composing …")

    def show(done: float) -> None:
        bar.progress(done, "Composing …")

    try:
        takes = make(show)
    except (ComposingError, InfillError) as error:
        bar.empty()
        st.warning(str(error), icon=":material/music_off:")
        return
    if gone := session().keep(takes, settings, parent):
        st.toast(f"{gone} old takes without a star made room for the new ones.")
    st.rerun()


def take_tools(kept: KeptTake, model: Model) -> None:
    """Offer name and note, to do a passage anew, to go on from the take and to trim it."""
    _words(kept)
    if kept.take.grid and model.encoding.family == "joint":
        with st.expander("Do some bars anew", icon=":material/refresh:"):
            _anew(kept, model)
    with st.expander("Go on from it, or trim it", icon=":material/content_cut:"):
        piece = kept.take.piece
        first, last = bar_range(piece)
        begin, end = st.slider("Bars to keep", first, last, (first, last), key=f"keep-{kept.number}")
        left, right = st.columns(2, vertical_alignment="bottom")
        with left:
            many = _more(kept)
            if st.button("Go on from there", key="go-on", icon=":material/arrow_forward:"):
                _go_on(kept, model, passage(piece, begin, end - begin + 1), many)
        whole = (begin, end) == (first, last)
        with right:
            if st.button("Trim to these bars", key="trim", icon=":material/content_cut:", disabled=whole):
                session().change(lambda desk: desk.trim(kept.number, begin, end - begin + 1))
                st.rerun()


def _anew(kept: KeptTake, model: Model) -> None:
    """Offer to do some bars anew; each choice becomes a take, with all other notes as they are."""
    piece = kept.take.piece
    first, last = bar_range(piece)
    middle = min(first + 4, last - 1)
    begin, end = st.slider("Bars to do anew", first, last, (middle, middle + 1), key=f"anew-bars-{kept.number}")
    st.caption(f"{_CHOICES} versions are made that lead into what follows; everything else stays as it is.")
    if not st.button("Do these bars anew", key="anew", icon=":material/refresh:"):
        return
    seed, box = session().composing.seed, Passage(*bar_onsets(piece, [begin, end + 1]).tolist())

    def make(show: Callable[[float], None]) -> list[Take]:
        versions = infill(model, piece, box, choices=_CHOICES, seed=seed, on_progress=show)
        session().reseed()
        return [replace(kept.take, piece=version, model=model.digest) for version in versions]

    _keep_new(make, kept.settings, kept.number)


def _words(kept: KeptTake) -> None:
    left, right = st.columns([1, 2])
    name = left.text_input("Name", kept.name, max_chars=60, key=f"name-{kept.number}-{kept.name}")
    note = right.text_input("Note", kept.note, max_chars=300, key=f"note-{kept.number}-{kept.note}")
    if name.strip() and name.strip() != kept.name:
        session().change(lambda desk: desk.rename(kept.number, name))
        st.rerun()
    if note.strip() != kept.note:
        session().change(lambda desk: desk.annotate(kept.number, note))
        st.rerun()


def _more(kept: KeptTake) -> int:
    """Ask by how much to go on, in bars or in seconds."""
    label, options = ("Go on by (bars)", _MORE_BARS) if kept.take.grid else ("Go on by (seconds)", _MORE_SECONDS)
    return st.segmented_control(label, options, default=options[1], required=True, key=f"more-{kept.take.grid}")


def _go_on(kept: KeptTake, model: Model, primer: Piece, many: int) -> None:
    chosen = session().composing
    own = replace(kept.settings, seed=chosen.seed, variations=chosen.variations)
    settings = replace(own, bars=many) if kept.take.grid else replace(own, play_seconds=float(many))
    compose_and_keep(model, settings, primer, parent=kept.number)
