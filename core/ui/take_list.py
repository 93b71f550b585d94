"""Owns the list of takes: a card each with a small picture, play, star and delete; undo and redo.

Knows nothing about how takes are made, nor what is done with the open one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.bars import bar_onsets, bars_at, count_bars
from core.corpus.corpus import digest
from core.figures.thumbnail import thumbnail
from core.notes import Piece, content_hash, seconds_at
from core.takes.desk import Desk, Family, KeptTake
from core.ui.learned_music import card_lines
from core.ui.piece_table import estimated_key, minutes
from core.ui.session import MORE_TAKES, session
from core.ui.sound_button import play_button
from core.ui.take_archive import take_archive
from core.ui.text import literal, spoken

_COLUMNS = 4


def take_list() -> None:
    """Show the cards of all takes, the newest first; below a row those that were made from its takes."""
    mine = session()
    st.space("small")
    with st.container(horizontal=True, vertical_alignment="center", key="takes-head"):
        st.subheader("Your takes", anchor=False, width="stretch")
        take_archive()
        _step("Undo", ":material/undo:", bool(mine.desk.before), mine.undo, "Ctrl+Z")
        _step("Redo", ":material/redo:", bool(mine.desk.undone), mine.redo, "Ctrl+Y")
    if not mine.kept.saved:
        st.warning("The server cannot store your takes now. Download what you want to keep.", icon=":material/save:")
    if lost := mine.kept.lost:
        words = "One of your takes is" if lost == 1 else f"{lost} of your takes are"
        st.warning(f"{words} no longer on this server: others needed the room.", icon=":material/history:")
    families = _first(mine.desk.now.families, mine.shown_takes)
    for begin in range(0, len(families), _COLUMNS):
        row = families[begin : begin + _COLUMNS]
        _cards([family.first for family in row], _COLUMNS)
        for family in row:
            if family.descendants:
                _descendants(family)
    hidden = len(mine.desk.now.takes) - sum(1 + len(family.descendants) for family in families)
    if hidden:
        words = f"Show {min(hidden, MORE_TAKES)} of {hidden} older takes"
        st.button(words, key="more-takes", icon=":material/expand_more:", on_click=mine.show_more)


def _first(families: list[Family], most: int) -> list[Family]:
    """Return the first families that have so many takes together, at least one."""
    shown: list[Family] = []
    many = 0
    for family in families:
        many += 1 + len(family.descendants)
        if shown and many > most:
            break
        shown.append(family)
    return shown


def _descendants(family: Family) -> None:
    with st.container(key=f"made-from-{family.first.number}"):
        st.caption(f":material/subdirectory_arrow_right: Made from {literal(family.first.name)}")
        for begin in range(0, len(family.descendants), _COLUMNS):
            _cards(family.descendants[begin : begin + _COLUMNS], _COLUMNS)


def _cards(row: Sequence[KeptTake], columns: int) -> None:
    opened = session().desk.now.opened
    for column, kept in zip(st.columns(columns), row, strict=False):
        with column.container(border=True, height="stretch", key=f"take-card-{kept.number}"):
            _card(kept, kept.number == opened)


def _card(kept: KeptTake, opened: bool) -> None:
    piece = kept.take.piece
    st.image(_picture(content_hash(piece), kept.take.primer_end, piece), width="stretch", alt=_in_words(kept))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        play_button(piece, f"take-{kept.number}", f"Play {kept.name}", begin=_begin(kept))
        st.markdown(f"**{literal(kept.name)}**" + (" · open" if opened else ""), width="stretch")
    facts = " · ".join([estimated_key(digest(piece), piece), minutes(piece.seconds), _came_from(kept)])
    st.caption("  \n".join([facts, *card_lines(kept)]))  # two spaces before an end of line keep it
    number, which = kept.number, spoken(kept.name)
    label, icon = ("Starred", ":material/check:") if kept.starred else ("Star", ":material/star_border:")
    look, change = session().look, session().change
    with st.container(horizontal=True, gap="small"):
        _button(f"Open {which}", f"open-{number}", look, lambda desk: desk.open(number), disabled=opened)
        _button(
            f"{label} {which}", f"star-{number}", change, lambda desk: desk.star(number, not kept.starred), icon=icon
        )
        _button(f"Delete {which}", f"delete-{number}", change, lambda desk: desk.delete(number))


def _in_words(kept: KeptTake) -> str:
    """Say what the small picture shows, for those who hear the page."""
    piece = kept.take.piece
    bars = [f"{count_bars(piece)} bars"] if kept.take.grid else []
    facts = [estimated_key(digest(piece), piece), *bars, f"{round(piece.seconds)} seconds"]
    return f"{kept.name}: {', '.join(facts)}"


def _came_from(kept: KeptTake) -> str:
    return f"seed {kept.take.seed}" if kept.origin.parent is None else literal(kept.origin.how)


def _begin(kept: KeptTake) -> float:
    """Return the second from which a take is heard first: a bar before what was done anew in it."""
    if kept.origin.passage is None:
        return 0.0
    piece, start = kept.take.piece, kept.origin.passage[0]
    if kept.take.grid:
        start = max(float(bar_onsets(piece, bars_at(piece, start) - 1)), 0.0)
    return float(seconds_at(piece, start))


def _button(
    label: str, key: str, act: Callable[[Callable[[Desk], Desk]], None], change: Callable[[Desk], Desk], **more: Any
) -> None:
    st.button(label, key=key, on_click=act, args=(change,), type="tertiary", **more)


def _step(label: str, icon: str, possible: bool, go: Callable[[], None], shortcut: str) -> None:
    st.button(label, key=label.lower(), icon=icon, disabled=not possible, on_click=go, shortcut=shortcut)


@st.cache_data(max_entries=1000, show_spinner=False)
def _picture(content: str, primer_end: float, _piece: Piece) -> str:
    return thumbnail(_piece, primer_end)
