"""Owns the choice of what a take starts from: nothing, a passage of a piece or of a take, a file, tapped notes.

Knows nothing about how a take goes on from it.
"""

from __future__ import annotations

import streamlit as st

from core.corpus.style import Style
from core.corpus.tapping import tapped
from core.corpus.uploads import SUFFIXES, Refusal, read_all
from core.notes import Piece, clip, is_performed
from core.ui.keyboard import keyboard
from core.ui.session import session
from core.ui.span_form import span_form
from core.ui.text import literal

_BEGINNING, _FILE, _TAPPED = "beginning", "file", "tapped"
_WORDS = {_BEGINNING: "the beginning", _FILE: "a MIDI file …", _TAPPED: "notes that I play …"}
_MOST_BARS, _MOST_SECONDS = 16, 30  # of a passage
_FIRST_BARS, _FIRST_SECONDS = 4, 10  # that are chosen until a person chooses


def primer_form(style: Style) -> Piece | None:
    """Ask what to start from; return it, or nothing."""
    pieces, names = _passages()
    chosen = str(
        st.selectbox(
            "Start from",
            [_BEGINNING, *pieces, _FILE, _TAPPED],
            format_func=lambda key: _WORDS.get(key) or names[key],
            key="start",
            help="From nothing, or go on from a passage of your music, of a take, of a file, or from notes you play.",
        )
    )
    if chosen == _BEGINNING:
        return None
    if chosen == _TAPPED:
        return _tapped(style)
    piece = _from_file() if chosen == _FILE else pieces[chosen]
    return None if piece is None else _passage(piece, chosen)


def _passages() -> tuple[dict[str, Piece], dict[str, str]]:
    """Return the person's pieces and takes, and their names, by keys that tell them apart."""
    corpus = session().corpus
    pieces = dict(zip(corpus.digests, corpus.pieces, strict=True))
    names = dict(zip(corpus.digests, corpus.names, strict=True))
    for kept in session().desk.now.takes:
        pieces[f"take-{kept.number}"] = kept.as_composed
        names[f"take-{kept.number}"] = f"{kept.name} (take {kept.number})"
    return pieces, names


def _passage(piece: Piece, key: str) -> Piece:
    """Ask for a passage: bars, or seconds of music that was played freely; say what of the piece stays out."""
    barred = not is_performed(piece)
    limits = (_FIRST_BARS, _MOST_BARS) if barred else (_FIRST_SECONDS, _MOST_SECONDS)
    span = span_form(piece, barred, "of the passage", f"passage-{key}", *limits)
    if len(piece.drums):
        st.caption("The drums of this piece stay out: new music has none.")
    return clip(piece, span.start, span.stop)


def _from_file() -> Piece | None:
    """Take in a MIDI file; it is only gone on from, and nothing is learned from it."""
    file = st.file_uploader("MIDI file to go on from", [suffix[1:] for suffix in SUFFIXES], key="primer-file")
    if file is None:
        return None
    (result, *_) = read_all([(file.name, file.getvalue())])
    if isinstance(result, Refusal):
        st.warning(literal(result.message), icon=":material/block:")
        return None
    return result.sounding


def _tapped(style: Style) -> Piece | None:
    mine = session()

    def take(taps: tuple) -> None:  # type: ignore[type-arg]
        mine.taps = taps

    keyboard("primer-keys", mine.taps, take)
    if not mine.taps:
        st.caption("Play some notes with the mouse, with fingers or on the computer's keys.")
        return None
    return tapped(mine.taps, style.qpm, style.numerator, style.denominator, style.program, style.grid)
