"""Owns the picture of a training: how the surprise falls, for the music learned and for the music held out.

Knows nothing about where the training runs.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.figures.look import look

Point = tuple[float, float | None, float | None]

_LEARNED, _HELD_OUT, _MARK = "#c2703d", "#2a8c95", "rgba(128, 128, 128, 0.6)"


def draw_curves(points: Sequence[Point], budget: float | None, marks: Sequence[float] = ()) -> go.Figure:
    """Draw (seconds, bits a note learned, bits a note held out), and `marks`, seconds that are marked on the axis.

    `budget` is the end of the time axis in seconds.
    """
    chart = go.Figure()
    chart.add_trace(_line(points, 1, "music it learns from", _LEARNED))
    chart.add_trace(_line(points, 2, "music kept aside to test it", _HELD_OUT))
    chart.update_layout(
        **look(320),
        xaxis={"title": "seconds of training", "range": [0, budget] if budget else None, "rangemode": "tozero"},
        yaxis={"title": "surprise (bits per note)", "rangemode": "tozero"},
        hovermode="x unified",
    )
    for seconds in marks:
        chart.add_vline(seconds, line={"color": _MARK, "width": 1, "dash": "dot"})
    return chart


def _line(points: Sequence[Point], column: int, name: str, colour: str) -> go.Scatter:
    kept = [(point[0], point[column]) for point in points if point[column] is not None]
    return go.Scatter(
        x=[seconds for seconds, _ in kept],
        y=[bits for _, bits in kept],
        name=name,
        mode="lines",
        line={"color": colour, "width": 3},
        hovertemplate="%{y:.2f} bits per note",
    )
