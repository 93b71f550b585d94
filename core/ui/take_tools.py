"""Owns what can be done with the open take: bars done anew, going on, trimming, instruments, name and note.

Knows nothing about how a take is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from core.composing.take import NEW_NOTES
from core.midi.instruments import INSTRUMENTS
from core.models.model import Model
from core.notes import Piece, clip, scale_tempo, with_programs
from core.takes.desk import KeptTake, Origin
from core.ui.making import CHOICES, refused, start_anew, start_composing
from core.ui.passage_form import mark, passage_form
from core.ui.press import press_button
from core.ui.session import session
from core.ui.span_form import Span, more_form, span_form
from core.ui.text import literal


def take_tools(kept: KeptTake, model: Model | None) -> None:
    """Offer what can be done with a take; what needs a model is there where one is at hand."""
    chosen = st.segmented_control(
        "With this take",
        list(_TOOLS),
        default=next(iter(_TOOLS)),
        required=True,
        key="take-tool",
        label_visibility="collapsed",
        wrap=True,
    )
    _TOOLS[chosen](kept, model)


def change_tempo(scale: float) -> None:
    """Let the open take be played at another speed, and new ones too; nothing is composed again."""
    mine = session()
    mine.composing = replace(mine.composing, tempo_scale=scale)
    if (kept := mine.desk.now.open_take) is None:
        return
    factor = scale / kept.origin.settings.tempo_scale
    changed = replace(kept.origin.settings, tempo_scale=scale)
    if not kept.take.grid:  # its length is in seconds
        changed = replace(changed, play_seconds=changed.play_seconds / factor)
    faster = scale_tempo(kept.take.piece, factor)
    mine.change(lambda desk: desk.edit(kept.number, faster, changed), f"tempo of take {kept.number}")


def _anew(kept: KeptTake, model: Model | None) -> None:
    """Offer to do a passage anew; each version becomes a take, with all other notes as they are."""
    if model is None or model.encoding.family != "joint":
        st.caption("This needs a network of the kind “joint”. Train one on the page Train.")
        return
    st.caption("Draw a box on the roll with the mouse, or switch *Select* on and use a finger; or give numbers here.")
    box, words = passage_form(kept)
    with st.container(horizontal=True, vertical_alignment="center"):
        if press_button("Do it anew", "anew", about=kept.number, icon=":material/refresh:", type="primary"):
            start_anew(model, kept, box, words)
            st.rerun()
        st.button("Mark no box", key="unmark", type="tertiary", on_click=mark, args=(kept, None))
    st.caption(f"{CHOICES} versions are made that lead into what follows; everything outside stays as it is.")


def _go_on_or_trim(kept: KeptTake, model: Model | None) -> None:
    span = span_form(kept.take.piece, kept.take.grid, "to keep", f"keep-{kept.number}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if model is not None:
            many = more_form(model.style.grid)
            if press_button(f"Go on after {span.last}", "go-on", about=kept.number, icon=":material/arrow_forward:"):
                _go_on(kept, model, span, many)
        if press_button(
            f"Trim to {span.words}", "trim", about=kept.number, icon=":material/content_cut:", disabled=span.whole
        ):
            with refused():
                session().change(lambda desk: desk.trim(kept.number, span.start, span.stop, span.words))
            st.rerun()


def _go_on(kept: KeptTake, model: Model, span: Span, many: int) -> None:
    """Go on from a span; the new notes are a part of the take as those before them are."""
    chosen = session().composing
    settings = replace(chosen, bars=many) if model.style.grid else replace(chosen, play_seconds=float(many))
    how = f"take {kept.number} gone on after {span.last}"
    primer = clip(kept.as_composed, span.start, span.stop)
    start_composing(model, settings, primer, Origin(settings, session().model_key, how, kept.number))
    session().reseed()
    st.rerun()


def _instruments(kept: KeptTake, model: Model | None) -> None:
    """Let another instrument play a part; it is heard at once, and nothing is composed again."""
    piece = kept.take.piece
    programs = [track.program for track in piece.tracks]
    for track, name in _part_names(piece).items():
        programs[track] = _program(name, programs[track], f"program-{kept.number}-{track}-{programs[track]}")
    if programs != [track.program for track in piece.tracks]:
        changed = with_programs(piece, programs)
        session().change(lambda desk: desk.edit(kept.number, changed, kept.origin.settings))
        st.rerun()


def _program(name: str, now: int, key: str) -> int:
    return int(st.selectbox(name, range(len(INSTRUMENTS)), now, INSTRUMENTS.__getitem__, key=key) or 0)


def _part_names(piece: Piece) -> dict[int, str]:
    """Return the names of the parts that sound, by their tracks; those of one name are numbered."""
    names: dict[int, str] = {}
    for track in sorted(set(piece.notes["track"].tolist())):
        name = literal(piece.tracks[track].name.strip(" :")) or f"Part {track + 1}"
        names[track] = f"New notes{name.removeprefix(NEW_NOTES)}" if name.startswith(NEW_NOTES) else name
    alike = list(names.values())
    return {
        track: name if alike.count(name) == 1 else f"{name} {alike[: place + 1].count(name)}"
        for place, (track, name) in enumerate(names.items())
    }


def _words(kept: KeptTake, model: Model | None) -> None:
    left, right = st.columns([1, 2])
    name = left.text_input("Name", kept.name, max_chars=60, key=f"name-{kept.number}-{kept.name}")
    note = right.text_input("Note", kept.note, max_chars=300, key=f"note-{kept.number}-{kept.note}")
    if name.strip() and name.strip() != kept.name:
        session().change(lambda desk: desk.rename(kept.number, name))
        st.rerun()
    if note.strip() != kept.note:
        session().change(lambda desk: desk.annotate(kept.number, note))
        st.rerun()


_TOOLS: dict[str, Callable[[KeptTake, Model | None], None]] = {
    "Do bars anew": _anew,
    "Go on or trim": _go_on_or_trim,
    "Instruments": _instruments,
    "Name and note": _words,
}
