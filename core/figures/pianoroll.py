"""Owns the piano roll: `Piece` -> Plotly figure.

Knows nothing about Streamlit or sound; where an onset lies is `time_axis`. Drums have no pitch and are not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import ceil, log2
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import sample_colorscale

from core.bars import bars_at, beats_at
from core.figures.time_axis import Axis, axis_positions
from core.midi.instruments import INSTRUMENTS
from core.notes import Metre, Piece, Track, as_notes, pitch_name, seconds_at

ColourBy = Literal["track", "velocity"]

PALETTE = ("#2B5ADC", "#E46E00", "#0F7348", "#AE4287", "#199ACD", "#C02800")
"""Colours of the tracks: at least 3:1 against paper and dark backgrounds, and 20 CIELAB units apart for every eye.

Colour-blind eyes simulated after Machado, Oliveira and Fernandes (2009).
"""
LOUDNESS = ("#199ACD", "#9A6C96", "#C02800")
"""Colours from soft to loud."""
HEIGHT = 340
"""Of the figure, in pixels."""

_CLEAR, _SHADE, _GRID, _LINE = (f"rgba(128, 128, 128, {opacity})" for opacity in (0, 0.12, 0.25, 0.9))
_HOVER = "<b>%{customdata[0]}</b> %{meta}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>"
_BLACK_KEYS = (1, 3, 6, 8, 10)
_MARGIN = 2  # keys above and below the notes
_FEWEST_KEYS = 16
_ROW = 0.86  # height of a note; the rest parts it from the next key
_GAP = 0.003  # of the width: parts repeated notes, which would else look like one
_MOST_LABELS = 12
_MOST_BARS = 96  # with more, Plotly numbers them as the zoom allows
_LONGEST_NAME = 40


def draw_piano_roll(
    piece: Piece, colour_by: ColourBy = "track", axis: Axis = "bars", new_from: float | None = None
) -> go.Figure:
    """Draw the notes of `piece`; `new_from` is the onset from which on the music is new."""
    if not len(piece.notes):
        return _sentence("There are only drums here." if len(piece.drums) else "There are no notes to show.")
    roll = go.Figure(list(_traces(piece, colour_by, axis)), _layout(piece, axis))
    if colour_by == "velocity":
        roll.add_trace(_loudness_bar()).update_layout(showlegend=False)
    if new_from is not None:
        _draw_mark(roll, float(axis_positions(piece, new_from, axis)))
    return roll


def draw_empty_roll(bars: int, metre: Metre, lowest: int, highest: int) -> go.Figure:
    """Draw a roll for music that is still to come: `bars` bars of a metre between two pitches."""
    corners = [(0.0, bars * metre.bar, pitch, 1, 0) for pitch in (lowest, highest)]
    return go.Figure(go.Scatter(x=[], y=[]), _layout(Piece(as_notes(corners), metres=(metre,)), "bars"))


def _traces(piece: Piece, colour_by: ColourBy, axis: Axis) -> Iterator[dict[str, Any]]:
    """Yield horizontal bars for each track that has notes, as what a figure takes: it checks each value only once."""
    notes = piece.notes
    left = axis_positions(piece, notes["onset"], axis)
    width = axis_positions(piece, notes["onset"] + notes["duration"], axis) - left
    width = width - np.minimum(_GAP * (left + width).max(), width / 4)
    described = _descriptions(piece, axis)
    for number in np.unique(notes["track"]):
        own = notes["track"] == number
        track = piece.tracks[number]
        yield {
            "type": "bar",
            "name": _plain(track.name or INSTRUMENTS[track.program]),
            "meta": _plain(_title(track)),
            "orientation": "h",
            "base": left[own],
            "x": width[own],
            "y": notes["pitch"][own],
            "width": _ROW,
            "marker": {"line_width": 0, "color": _colour(number, notes["velocity"][own], colour_by)},
            "customdata": described[own],
            "hovertemplate": _HOVER,
        }


def _colour(number: int, velocities: NDArray[np.uint8], colour_by: ColourBy) -> str | list[str]:
    """Return the colour of a track, or of each of its notes.

    The browser is given colours, not numbers on a scale: Plotly complains of each number, which takes it a second.
    """
    if colour_by == "velocity":
        colours = _loudness_colours()
        return [colours[velocity] for velocity in velocities]
    return PALETTE[number % len(PALETTE)]


@cache
def _loudness_colours() -> list[str]:
    """Return a colour for each velocity from 0 to 127, by the scale of `_loudness_bar`."""
    return sample_colorscale(list(LOUDNESS), np.linspace(-1 / 126, 1.0, 128).clip(0.0))


def _descriptions(piece: Piece, axis: Axis) -> NDArray[np.object_]:
    """Return three texts a note for the pointer: its name, where it begins, its length and loudness."""
    notes = piece.notes
    names = [pitch_name(int(pitch)) for pitch in notes["pitch"]]
    start, end = (seconds_at(piece, onset) for onset in (notes["onset"], notes["onset"] + notes["duration"]))
    if axis == "seconds":
        begins = [f"at {second:.2f} s" for second in start]
        lengths = [f"{length:.2f} s" for length in end - start]
    else:
        bars_beats = zip(bars_at(piece, notes["onset"]), beats_at(piece, notes["onset"]), strict=True)
        begins = [f"bar {bar:.0f}, beat {_number(beat)}" for bar, beat in bars_beats]
        lengths = [f"{_number(quarters)} quarter{'' if quarters == 1 else 's'}" for quarters in notes["duration"]]
    loud = [
        f"{length} long, loudness {velocity} of 127"
        for length, velocity in zip(lengths, notes["velocity"], strict=True)
    ]
    return np.array([names, begins, loud], dtype=object).T


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _title(track: Track) -> str:
    """Name a track and its instrument, once if both are the same."""
    instrument = INSTRUMENTS[track.program]
    return (
        f"{track.name}, {instrument[0].lower()}{instrument[1:]}" if track.name not in ("", instrument) else instrument
    )


def _plain(text: str) -> str:
    """Shorten a text that comes from a file, and replace what Plotly would read as markup."""
    text = text.translate(str.maketrans("<>{}", "‹›()"))
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"


def _layout(piece: Piece, axis: Axis) -> dict[str, Any]:
    lowest, highest = _range(piece)
    return {
        "height": HEIGHT,
        "barmode": "overlay",
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "modebar": {"bgcolor": _CLEAR, "color": _LINE, "activecolor": _LINE},
        "dragmode": False,  # a click moves the sound, and a finger scrolls the page; the tool bar zooms
        "showlegend": len(np.unique(piece.notes["track"])) > 1,
        "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top", "maxheight": 0.2},
        "xaxis": _time_axis(piece, axis),
        "yaxis": _pitch_axis(lowest, highest),
        "shapes": [_black_keys(lowest, highest)],
    }


def _time_axis(piece: Piece, axis: Axis) -> dict[str, Any]:
    start, end = axis_positions(piece, [0.0, piece.end], axis).tolist()
    look = {"range": [start, end], "automargin": True, "zeroline": False, "tickangle": 0, "gridcolor": _GRID}
    title = {"title": {"text": axis, "standoff": 6}}
    if axis == "seconds" or end - start > _MOST_BARS:
        return {**look, **title}
    step = 2 ** ceil(log2(max(1.0, (end - start) / _MOST_LABELS)))
    return {
        **look,
        **title,
        "tick0": 1,
        "dtick": step,
        "showgrid": True,
        "minor": {"tick0": 1, "dtick": 1, "showgrid": True},
    }


def _pitch_axis(lowest: int, highest: int) -> dict[str, Any]:
    octaves = [pitch for pitch in range(lowest, highest + 1) if pitch % 12 == 0]
    return {
        "range": [lowest - 0.5, highest + 0.5],
        "tickvals": octaves,
        "ticktext": [pitch_name(pitch) for pitch in octaves],
        "fixedrange": True,
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
    }


def _range(piece: Piece) -> tuple[int, int]:
    """Return the lowest and the highest key to show."""
    lowest, highest = int(piece.notes["pitch"].min()) - _MARGIN, int(piece.notes["pitch"].max()) + _MARGIN
    missing = max(0, _FEWEST_KEYS - (highest - lowest))
    return lowest - missing // 2, highest + missing - missing // 2


def _black_keys(lowest: int, highest: int) -> dict[str, Any]:
    """Return one shape that shades the rows of all black keys."""
    rows = [pitch for pitch in range(lowest, highest + 1) if pitch % 12 in _BLACK_KEYS]
    path = " ".join(f"M0,{row - 0.5} L1,{row - 0.5} L1,{row + 0.5} L0,{row + 0.5} Z" for row in rows)
    return {"type": "path", "path": path, "xref": "paper", "layer": "below", "fillcolor": _SHADE, "line_width": 0}


def _loudness_bar() -> go.Scatter:
    """Return a trace of no points that shows what the colours mean."""
    title = {"text": "loudness (1 to 127)", "side": "top"}
    bar = {"orientation": "h", "thickness": 8, "len": 0.5, "x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"}
    scale = {"colorscale": LOUDNESS, "cmin": 1, "cmax": 127, "showscale": True, "colorbar": {"title": title, **bar}}
    return go.Scatter(x=[None], y=[None], mode="markers", marker={"color": [1], **scale}, hoverinfo="skip")


def _draw_mark(roll: go.Figure, x: float) -> None:
    roll.add_vline(x, line={"color": _LINE, "width": 2, "dash": "dot"})
    side = "left" if x < np.mean(roll.layout.xaxis.range) else "right"
    roll.add_annotation(text="new from here", x=x, y=1, yref="paper", xanchor=side, yanchor="bottom", showarrow=False)


def _sentence(text: str) -> go.Figure:
    """Return an empty figure that says why it is empty."""
    empty = go.Figure(layout={"height": 120, "paper_bgcolor": _CLEAR, "plot_bgcolor": _CLEAR})
    empty.update_xaxes(visible=False).update_yaxes(visible=False)
    return empty.add_annotation(text=text, showarrow=False, xref="paper", yref="paper", x=0.5, y=0.5)
