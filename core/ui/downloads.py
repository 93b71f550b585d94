"""Owns the downloads of a piece: MIDI, sound and, where it can be written down, the score.

Knows nothing about where the piece comes from. MIDI is there at once, save of very many notes: its address stays when
the page runs again. All else is made when it is asked for, in a thread of its own, and has another address after each
run: a click while the page runs may come too late for it, and the button says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import streamlit as st

from core import audio, midi
from core.audio.compression import write_mp3, write_wav
from core.notes import Piece, content_hash
from core.score import is_engravable, write_musicxml
from core.ui.sheet import one_svg
from core.ui.sound import Sound

_MUSICXML = "application/vnd.recordare.musicxml+xml"
_MOST_NOTES = 4000  # of a MIDI file that is there at once: it takes up to 0.1 s to write
_MOST_FILES = 256  # of MIDI, kept for all visitors together
_KEPT = "2h"


def downloads(piece: Piece, key: str, file_stem: str, sound: Sound) -> None:
    """Offer the files; a click on one does not run the page again."""
    stem = _file_name(file_stem)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _download("MIDI", _midi_of(piece), f"{stem}.mid", "audio/midi", f"midi-{key}")
        if sound.state != "failed":
            _download("WAV", lambda: write_wav(_samples(piece, sound)), f"{stem}.wav", "audio/wav", f"wav-{key}")
            _download("MP3", lambda: write_mp3(_samples(piece, sound)), f"{stem}.mp3", "audio/mpeg", f"mp3-{key}")
        if is_engravable(piece):
            _download("MusicXML", lambda: write_musicxml(piece), f"{stem}.musicxml", _MUSICXML, f"musicxml-{key}")
            _download("SVG", lambda: one_svg(piece), f"{stem}.svg", "image/svg+xml", f"svg-{key}")
        if sound.state == "ready":
            _small_print()


def _samples(piece: Piece, sound: Sound) -> bytes:
    """Return a file of what is heard; it is made anew where there is none yet."""
    return audio.render(piece) if sound.rendering is None else sound.rendering.data


def _midi_of(piece: Piece) -> bytes | Callable[[], bytes]:
    """Return the file, or how to make it where that takes long."""
    if len(piece.notes) + len(piece.drums) > _MOST_NOTES:
        return lambda: midi.write(piece)
    return _midi(content_hash(piece), piece)


@st.cache_data(max_entries=_MOST_FILES, ttl=_KEPT, show_spinner=False)
def _midi(content: str, _piece: Piece) -> bytes:
    return midi.write(_piece)


def _download(label: str, data: bytes | Callable[[], bytes], name: str, mime: str, key: str) -> None:
    st.download_button(
        label, data, name, mime, key=key, on_click="ignore", icon=":material/download:", type="tertiary"
    )  # fmt: skip


def _small_print() -> None:
    """Say with what it is played where FluidSynth is missing."""
    engine = audio.engine()
    if engine.program != "fluidsynth":
        st.caption(f"Played with {engine.program} and the soundfont {engine.soundfont.stem}.")


def _file_name(stem: str) -> str:
    """Keep of `stem` what every system allows in the name of a file."""
    return re.sub(r"[^\w\- .]+", "", stem).strip(" .")[:80] or "encore"
