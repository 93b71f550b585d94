"""Owns the player that the pages share: sound, piano roll with a playhead, and downloads of one piece.

Knows nothing about where the piece comes from. Sound, MIDI and figure are made once for all visitors, under a hash of
all that the piece holds: whoever finds them there has the same piece, with the same names.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from core import audio, midi
from core.audio import AudioError
from core.figures.pianoroll import ColourBy, draw_piano_roll
from core.figures.time_axis import Axis, timetable
from core.notes import Piece, content_hash

_MOST_SOUNDS, _MOST_FILES, _MOST_FIGURES = 24, 64, 64  # kept for all visitors together
_KEPT = "2h"
_COLOURS: dict[ColourBy, str] = {"track": "coloured by track", "velocity": "by loudness"}
_AXES: dict[Axis, str] = {"bars": "time in bars", "seconds": "in seconds"}
_TOOLS = {
    "displaylogo": False,
    "modeBarButtons": [["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"]],
}


def player(
    piece: Piece,
    key: str,
    *,
    file_stem: str = "encore",
    colour_by: ColourBy = "track",
    axis: Axis = "bars",
    new_from: float | None = None,
) -> None:
    """Show a piece with its sound, roll and downloads; `new_from` is the onset from which on the music is new.

    `key` tells the players of a page apart.
    """
    content, audible = content_hash(piece), len(piece.notes) + len(piece.drums)
    with st.container(key=f"player-{key}"):
        wav = _sound(content, piece) if audible else None
        _roll(content, piece, key, *_view(piece, key, colour_by, axis), new_from)
        if audible:
            _downloads(_midi(content, piece), wav, key, file_stem)


@st.cache_data(max_entries=_MOST_FILES, ttl=_KEPT, show_spinner=False)
def _midi(content: str, _piece: Piece) -> bytes:
    return midi.write(_piece)


@st.cache_data(max_entries=_MOST_SOUNDS, ttl=_KEPT, show_spinner="Making the sound …")
def _render(content: str, _piece: Piece) -> bytes:
    return audio.render(_piece)


@st.cache_resource(max_entries=_MOST_FIGURES, ttl=_KEPT, show_spinner=False)
def _drawn(
    content: str, colour_by: ColourBy, axis: Axis, new_from: float | None, _piece: Piece
) -> tuple[go.Figure, list[tuple[float, float]]]:
    """Return the piano roll and the timetable of its playhead."""
    return draw_piano_roll(_piece, colour_by, axis, new_from), timetable(_piece, axis)


def _sound(content: str, piece: Piece) -> bytes | None:
    """Show the sound, or say why there is none."""
    try:
        wav = _render(content, piece)
    except AudioError as error:
        st.info(f"{error} You can still see the music and download it as MIDI.", icon=":material/volume_off:")
        return None
    st.audio(wav, alt=f"The music of {piece.title}" if piece.title else "The music")
    return wav


def _view(piece: Piece, key: str, colour_by: ColourBy, axis: Axis) -> tuple[ColourBy, Axis]:
    """Ask what the colours and the time axis show; colours are no question where there is one track."""
    with st.container(horizontal=True):
        if len(np.unique(piece.notes["track"])) > 1:
            colour_by = _choice("Colours", _COLOURS, colour_by, f"colours-{key}")
        axis = _choice("Time", _AXES, axis, f"time-{key}-{axis}")
    return colour_by, axis


def _choice(label: str, options: dict[Any, str], default: Any, key: str) -> Any:
    return st.segmented_control(
        label, list(options), format_func=options.__getitem__, default=default, required=True, key=key,
        label_visibility="collapsed",
    )  # fmt: skip


def _roll(content: str, piece: Piece, key: str, colour_by: ColourBy, axis: Axis, new_from: float | None) -> None:
    roll, times = _drawn(content, colour_by, axis, new_from, piece)
    with st.container(gap=None):
        st.plotly_chart(roll, key=f"roll-{key}", config=_TOOLS, alt=f"Piano roll of {len(piece.notes)} notes")
        _playhead()(key=f"playhead-{key}", data={"timetable": times})


def _playhead() -> ComponentRenderer:
    """Return the line that moves with the sound; it is registered at each run, as a server may forget it."""
    return st.components.v2.component("encore_playhead", js=_script())


@cache
def _script() -> str:
    return Path(__file__).with_name("playhead.js").read_text(encoding="utf-8")


def _downloads(written: bytes, wav: bytes | None, key: str, file_stem: str) -> None:
    """Offer the files; a click on one does not run the page again."""
    stem = _file_name(file_stem)
    with st.container(horizontal=True, vertical_alignment="center"):
        _download("MIDI", written, f"{stem}.mid", "audio/midi", f"midi-{key}")
        if wav is not None:
            _download("WAV", wav, f"{stem}.wav", "audio/wav", f"wav-{key}")
            _small_print()


def _download(label: str, content: bytes, name: str, mime: str, key: str) -> None:
    st.download_button(label, lambda: content, name, mime, key=key, on_click="ignore", icon=":material/download:")


def _small_print() -> None:
    """Say with what it is played where FluidSynth is missing."""
    engine = audio.engine()
    if engine.program != "fluidsynth":
        st.caption(f"Played with {engine.program} and the soundfont {engine.soundfont.stem}.")


def _file_name(stem: str) -> str:
    """Keep of `stem` what every system allows in the name of a file."""
    return re.sub(r"[^\w\- .]+", "", stem).strip(" .")[:80] or "encore"
