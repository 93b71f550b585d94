"""Owns the pictures of what a model expects: chances of pitches, surprise, the share of the piece's own past.

Knows nothing about models.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from numpy.typing import NDArray

from core.figures.look import look
from core.figures.pianoroll import PALETTE
from core.notes import pitch_name

_BEFORE, _AFTER, _MARK = "rgba(128, 128, 128, 0.45)", PALETTE[0], PALETTE[5]
_LIKELY = 0.005  # chances that are drawn


def draw_chances(before: NDArray, after: NDArray, came: int | None = None) -> go.Figure:
    """Draw the chance of each pitch, (128,), as it is and as it is bent; `came` is the pitch that really came."""
    shown = [pitch for pitch in range(128) if max(before[pitch], after[pitch]) >= _LIKELY or pitch == came]
    names = [pitch_name(pitch) for pitch in shown]
    chart = go.Figure(
        [
            go.Bar(x=names, y=before[shown] * 100, name="as the network thinks", marker_color=_BEFORE),
            go.Bar(x=names, y=after[shown] * 100, name="as it is drawn from", marker_color=_AFTER),
        ]
    )
    if came is not None:
        chart.add_annotation(x=pitch_name(came), y=0, text="came", showarrow=True, arrowcolor=_MARK, ay=-30, ax=0)
    return _plain(chart, "", "chance (%)")


def draw_surprise(times: NDArray, surprise: NDArray, marked: Sequence[int], unit: str) -> go.Figure:
    """Draw the surprise of each note, (notes,) in bits, over its time, with some notes marked."""
    marks = list(marked)
    line = go.Scatter(x=times, y=surprise, mode="lines", line={"color": _AFTER, "width": 1}, name="each note")
    most = go.Scatter(
        x=times[marks],
        y=surprise[marks],
        mode="markers+text",
        text=[str(number) for number in range(1, len(marks) + 1)],
        textposition="top center",
        marker={"color": _MARK, "size": 9},
        name="most surprising",
    )
    return _plain(go.Figure([line, most]), unit, "surprise (bits)")


def draw_past(times: NDArray, past: NDArray, unit: str) -> go.Figure:
    """Draw the share that the piece's own past has, (notes,), 0..1, over the time of the notes."""
    area = go.Scatter(x=times, y=past * 100, mode="lines", fill="tozeroy", line={"color": _AFTER, "width": 1})
    chart = _plain(go.Figure(area), unit, "from its own past (%)")
    return chart.update_layout(showlegend=False, yaxis_range=[0, 100])


def _plain(chart: go.Figure, across: str, up: str) -> go.Figure:
    return chart.update_layout(**look(260), xaxis_title=across, yaxis={"title": up, "rangemode": "tozero"})
