"""Owns the list of takes: a card each with a small picture, star and delete; undo and redo.

Knows nothing about how takes are made, nor what is done with the open one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.corpus.corpus import digest
from core.figures.thumbnail import thumbnail
from core.notes import Piece, content_hash
from core.takes.desk import Desk, KeptTake
from core.ui.frame import literal
from core.ui.piece_table import estimated_key, minutes
from core.ui.session import session

Act = Callable[[Callable[[Desk], Desk]], None]

_COLUMNS = 4
_SHOWN = 12


def take_list() -> None:
    """Show the cards of all takes, the newest first."""
    desk = session().desk.now
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Your takes", anchor=False, width="stretch")
        _step("Undo", ":material/undo:", bool(session().desk.before), _undo)
        _step("Redo", ":material/redo:", bool(session().desk.undone), _redo)
    takes = desk.takes
    if len(takes) > _SHOWN and not st.toggle(f"Show all {len(takes)} takes", key="all-takes"):
        takes = takes[:_SHOWN]
    for begin in range(0, len(takes), _COLUMNS):
        for column, kept in zip(st.columns(_COLUMNS), takes[begin : begin + _COLUMNS], strict=False):
            with column.container(border=True, height="stretch"):
                _card(kept, kept.number == desk.opened)


def _card(kept: KeptTake, opened: bool) -> None:
    piece = kept.take.piece
    st.image(_picture(content_hash(piece), kept.take.primer_end, piece), width="stretch")
    st.markdown(f"**{literal(kept.name)}**" + (" · open" if opened else ""))
    origin = f"seed {kept.take.seed}" if kept.parent is None else f"from take {kept.parent}"
    facts = [estimated_key(digest(piece), piece), minutes(piece.seconds), origin]
    st.caption(" · ".join(facts))
    with st.container(horizontal=True, gap="small"):
        _button("Open", f"open-{kept.number}", _look, lambda desk: desk.open(kept.number), disabled=opened)
        label, icon = ("Starred", ":material/check:") if kept.starred else ("Star", ":material/star_border:")
        star = f"star-{kept.number}"
        _button(label, star, _change, lambda desk: desk.star(kept.number, not kept.starred), icon=icon)
        _button("Delete", f"delete-{kept.number}", _change, lambda desk: desk.delete(kept.number))


def _button(label: str, key: str, act: Act, change: Callable[[Desk], Desk], **more: Any) -> None:
    st.button(label, key=key, on_click=act, args=(change,), type="tertiary", **more)


def _step(label: str, icon: str, possible: bool, go: Callable[[], None]) -> None:
    st.button(label, key=label.lower(), icon=icon, disabled=not possible, on_click=go)


def _change(change: Callable[[Desk], Desk]) -> None:
    session().change(change)


def _look(change: Callable[[Desk], Desk]) -> None:
    session().desk = session().desk.adjust(change(session().desk.now))


def _undo() -> None:
    session().desk = session().desk.undo()


def _redo() -> None:
    session().desk = session().desk.redo()


@st.cache_data(max_entries=1000, show_spinner=False)
def _picture(content: str, primer_end: float, _piece: Piece) -> str:
    return thumbnail(_piece, primer_end)
