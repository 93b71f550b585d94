"""Owns the sound of a piece on a page: how far its making is, and the hidden audio element that holds it.

Knows nothing about the buttons that play it.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.audio import AudioError
from core.audio.renderings import Rendering
from core.notes import Piece
from core.ui.server import renderings

State = Literal["none", "making", "ready", "failed"]

_HIDDEN = '<style>[data-testid="stElementContainer"]:has(audio) { display: none; }</style>'


@dataclass(frozen=True)
class Sound:
    """How far the making of a sound is; `message` says in words for a musician why there is none."""

    state: State
    rendering: Rendering | None = None
    message: str = ""


def sound_of(piece: Piece) -> Sound:
    """Return the sound as far as it is; nothing is started."""
    return _so_far(renderings().get(piece))


def start_sound(piece: Piece) -> Sound:
    """Have the sound made in the background, unless it is there or on its way; return it as far as it is."""
    try:
        return _so_far(renderings().start(piece))
    except AudioError as error:
        return Sound("failed", message=str(error))


def _so_far(future: Future[Rendering] | None) -> Sound:
    if future is None:
        return Sound("none")
    if not future.done():
        return Sound("making")
    error = future.exception()
    if isinstance(error, AudioError):
        return Sound("failed", message=str(error))
    return Sound("ready", future.result())


def hide_audio() -> None:
    """Keep the browser's own audio bars from sight, before there are any."""
    st.html(_HIDDEN)


def audio_element(rendering: Rendering) -> None:
    """Put the sound into the page, hidden: the browser fetches it by parts and a script plays it."""
    st.audio(rendering.data, rendering.mime)
