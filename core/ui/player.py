"""Owns the player that the pages share: a piece to see, to hear and to take home.

Knows nothing about where the piece comes from. Figures are made once for all visitors, under a hash of all that the
piece holds: whoever finds them there has the same piece, with the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.audio.renderings import Rendering
from core.figures.box import Box
from core.figures.pianoroll import ColourBy, draw_piano_roll
from core.figures.time_axis import Axis
from core.notes import Piece, content_hash
from core.ui.downloads import downloads
from core.ui.sheet import sheet
from core.ui.sound import LAST_MOMENT, MOMENT, Sound, audio_element, beginning_of, hide_audio, start_sound
from core.ui.transport import OnBox, transport

_MOST_FIGURES = 64  # kept for all visitors together
_KEPT = "2h"
_PICTURES = {"roll": "Piano roll", "sheet": "Sheet music"}
_COLOURS: dict[ColourBy, str] = {"track": "coloured by track", "velocity": "by loudness"}
_AXES: dict[Axis, str] = {"bars": "time in bars", "seconds": "in seconds"}
_TOOLS = {
    "displaylogo": False,
    "doubleClick": "reset",  # two quick clicks seek twice and must not zoom out beyond the music
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
    box: Box | None = None,
    on_box: OnBox | None = None,
    waits: bool = True,
) -> Callable[[], None]:
    """Show a piece with its roll, its sound and downloads; `new_from` is the onset from which on the music is new.

    `key` tells the players of a page apart. With `on_box`, a box can be drawn on the roll: it is called with it, or
    with None when the box is cleared, before the page runs again; `box` is the one to show. Without, a passage that
    is drawn is only heard in a loop.

    A moment is waited for a sound that is still being made; with `waits` off, the page calls what is returned for that
    when all the rest of it is on the screen.
    """
    places: dict[str, DeltaGenerator] = {}
    with st.container(key=f"player-{key}"):
        hide_audio()
        seen = _picture(piece, key, colour_by, axis, new_from)
        if len(piece.notes) + len(piece.drums):
            _sound(piece, key, seen, file_stem, box, on_box, places)
    if waits:
        _wait_for_sound(piece, places, MOMENT)
    return lambda: _wait_for_sound(piece, places, LAST_MOMENT)


@st.fragment
def _sound(
    piece: Piece,
    key: str,
    axis: Axis | None,
    file_stem: str,
    box: Box | None,
    on_box: OnBox | None,
    places: dict[str, DeltaGenerator],
) -> None:
    """Show the transport and the downloads; the roll stays as it is while the sound is made.

    Notes in `places` where a sound may be put that comes later. There are none yet when the page runs: what is below
    goes first then, and nothing is waited for.
    """
    sound = start_sound(piece, MOMENT if places else 0.0)
    if transport(piece, key, sound.state, axis, box, on_box):
        st.rerun()
    for part, rendering in _parts(piece, sound).items():
        place = st.container(key=f"sound-{part}-{key}")  # its own, as the one takes over from the other
        if rendering is None:
            places[part] = place
        else:
            _put(rendering, place)
    if sound.state == "failed":
        words = f"{sound.message} You can still see the music and download it as MIDI."
        st.info(words, icon=":material/volume_off:")
    downloads(piece, key, file_stem, sound)


def _wait_for_sound(piece: Piece, places: dict[str, DeltaGenerator], seconds: float) -> None:
    """Put the beginning of a sound, or else the whole, where nothing is yet, if it is there within some seconds."""
    if len(places) < 2:
        return  # there is one already
    sound = start_sound(piece, seconds)
    for part, rendering in _parts(piece, sound).items():
        if rendering is not None:
            _put(rendering, places.pop(part))


def _parts(piece: Piece, sound: Sound) -> dict[str, Rendering | None]:
    """Return the beginning of a sound and the whole, as far as they are there."""
    return {"beginning": beginning_of(piece, sound), "whole": sound.rendering}


def _put(rendering: Rendering, place: DeltaGenerator) -> None:
    with place:
        audio_element(rendering)


def _picture(piece: Piece, key: str, colour_by: ColourBy, axis: Axis, new_from: float | None) -> Axis | None:
    """Show the roll or the sheet music, as is asked for; return the time axis of the roll."""
    with st.container(horizontal=True):
        if len(piece.notes) and _choice("Picture", _PICTURES, "roll", f"picture-{key}") == "sheet":
            roll = None
        else:
            roll = _view(piece, key, colour_by, axis)
    if roll is None:
        sheet(piece, key)
        return None
    return _roll(piece, key, *roll, new_from)


def _view(piece: Piece, key: str, colour_by: ColourBy, axis: Axis) -> tuple[ColourBy, Axis]:
    """Ask what the colours and the time axis show; colours are no question where there is one track."""
    if len(np.unique(piece.notes["track"])) > 1:
        colour_by = _choice("Colours", _COLOURS, colour_by, f"colours-{key}")
    return colour_by, _choice("Time", _AXES, axis, f"time-{key}-{axis}")


def _choice(label: str, options: dict[Any, str], default: Any, key: str) -> Any:
    return st.segmented_control(
        label, list(options), format_func=options.__getitem__, default=default, required=True, key=key,
        label_visibility="collapsed",
    )  # fmt: skip


def _roll(piece: Piece, key: str, colour_by: ColourBy, axis: Axis, new_from: float | None) -> Axis:
    """Show the roll, and return the axis that it is drawn on."""
    figure = _drawn(content_hash(piece), colour_by, axis, new_from, piece)
    st.plotly_chart(figure, key=f"roll-{key}", config=_TOOLS, alt=f"Piano roll of {len(piece.notes)} notes")
    return axis


@st.cache_resource(max_entries=_MOST_FIGURES, ttl=_KEPT, show_spinner=False)
def _drawn(content: str, colour_by: ColourBy, axis: Axis, new_from: float | None, _piece: Piece) -> go.Figure:
    return draw_piano_roll(_piece, colour_by, axis, new_from)
