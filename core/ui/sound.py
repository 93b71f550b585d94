"""Owns the sound of a piece on a page: how far its making is, and the hidden audio element that holds it.

Knows nothing about the buttons that play it.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from functools import cache
from time import monotonic
from typing import Any, Literal

import numpy as np
import streamlit as st

from core.audio import AudioError, waveform
from core.audio.compression import write_flac
from core.audio.renderings import Coming, Rendering
from core.audio.synth import RATE
from core.notes import Piece, content_hash
from core.ui.server import renderings

State = Literal["none", "making", "ready", "failed"]

MOMENT, LAST_MOMENT = 0.25, 0.5
"""Seconds: most beginnings are there by then, and the page need not ask again. The last one holds up nothing else."""

_SILENT_FRAMES = 4410
_BEGINNING = "beginning"
_HIDDEN = """
<style>
[data-testid="stElementContainer"]:has(audio), [data-testid="stLayoutWrapper"]:has(> [class*="st-key-sound-"]) {
  display: none;
}
</style>
"""


@dataclass(frozen=True)
class Sound:
    """How far the making of a sound is; `message` says in words for a musician why there is none.

    `beginning` may be there before the whole.
    """

    state: State
    rendering: Rendering | None = None
    message: str = ""
    beginning: Rendering | None = None


def sound_of(piece: Piece) -> Sound:
    """Return the sound as far as it is; nothing is started."""
    return _so_far(renderings().get(piece))


def start_sound(piece: Piece, seconds: float = MOMENT) -> Sound:
    """Have the sound made now, unless it is there or on its way; return it as far as it is after some seconds."""
    try:
        coming = renderings().want(piece)
    except AudioError as error:
        return Sound("failed", message=str(error))
    either: list[Future[Any]] = [coming.whole, coming.beginning]
    until = monotonic() + seconds
    wait(either, seconds, FIRST_COMPLETED)
    if coming.beginning.done() and coming.beginning.result() is None:  # it is short
        wait([coming.whole], max(until - monotonic(), 0.0))
    return _so_far(coming)


def _so_far(coming: Coming | None) -> Sound:
    if coming is None:
        return Sound("none")
    if not coming.whole.done():
        return Sound("making", beginning=coming.beginning.result() if coming.beginning.done() else None)
    error = coming.whole.exception()
    if isinstance(error, AudioError):
        return Sound("failed", message=str(error))
    return Sound("ready", coming.whole.result())


def beginning_of(piece: Piece, sound: Sound) -> Rendering | None:
    """Return the beginning that the visitor was given before the whole was there: it stays, as it may be playing."""
    content = content_hash(piece)
    if sound.beginning is not None:
        st.session_state[_BEGINNING] = content, sound.beginning
    of, beginning = st.session_state.get(_BEGINNING, ("", None))
    return beginning if of == content else None


def hide_audio() -> None:
    """Keep the browser's own audio bars from sight, before there are any."""
    st.html(_HIDDEN)


def audio_element(rendering: Rendering) -> None:
    """Put the sound into the page, hidden: the browser fetches it by parts and a script plays it."""
    st.audio(rendering.data, rendering.mime)


def expect_audio() -> None:
    """Let the browser get ready for a sound, before there is one."""
    hide_audio()
    audio_element(_silence())


@cache
def _silence() -> Rendering:
    frames = np.zeros((_SILENT_FRAMES, 2), dtype=np.int16)
    return Rendering(write_flac(waveform.encode(frames, RATE)), "audio/flac", _SILENT_FRAMES / RATE)
