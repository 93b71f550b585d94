"""Owns the pictures of a comparison: a take's features beside the spread of the music's, and the curve of likeness.

Knows nothing about how they are measured.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.look import look

_TAKE, _BAND = "#c2703d", "rgba(42, 140, 149, 0.25)"
_GRID = "rgba(128, 128, 128, 0.25)"
_FARTHEST = 3.0  # half widths of the spread; what lies beyond stands at the edge

Spread = tuple[str, float, float, float, float]
"""A name, the value of the take, and the 10th percentile, the median and the 90th of the music."""


def draw_features(rows: Sequence[Spread]) -> go.Figure:
    """Draw a row for each feature: a band from the 10th to the 90th percentile of the music, and the take as a dot.

    All bands are as wide; where the dot lies in its own says how the take lies within the music.
    """
    names = [name for name, *_ in rows]
    places = [_place(value, low, usual, high) for _, value, low, usual, high in rows]
    words = [f"{value:.3g} (the music: {low:.3g} to {high:.3g})" for _, value, low, _, high in rows]
    chart = go.Figure(
        [
            go.Bar(
                y=names, x=[2.0] * len(rows), base=[-1.0] * len(rows), orientation="h", name="most of the music",
                marker_color=_BAND, width=0.7, hoverinfo="skip",
            ),
            go.Scatter(
                y=names, x=places, mode="markers", name="this take", customdata=words,
                marker={"color": _TAKE, "size": 13}, hovertemplate="%{y}: %{customdata}<extra></extra>",
            ),
        ]
    )  # fmt: skip
    chart.update_layout(**look(80 + 36 * len(rows)))
    axis = {"range": [-_FARTHEST - 0.2, _FARTHEST + 0.2], "tickvals": [-2, 0, 2]}
    chart.update_xaxes(**axis, ticktext=["less", "as in the music", "more"], gridcolor=_GRID, zeroline=False)
    return chart.update_yaxes(autorange="reversed", automargin=True)


def _place(value: float, low: float, usual: float, high: float) -> float:
    """Return where a value lies: -1 at the 10th percentile, 0 at the median, 1 at the 90th, and on at that rate."""
    width = (high - usual) if value >= usual else (usual - low)
    if value == usual:
        return 0.0
    return float(np.clip((value - usual) / max(width, 1e-9), -_FARTHEST, _FARTHEST))


def draw_likeness(
    lags: Sequence[int], take: Sequence[float | None], low: Sequence[float | None], high: Sequence[float | None]
) -> go.Figure:
    """Draw how alike bars are by their distance: the take's curve over the band of the music."""
    known = [at for at, each in enumerate(low) if each is not None]
    bars = [lags[at] for at in known]
    chart = go.Figure(
        [
            go.Scatter(x=bars, y=[high[at] for at in known], mode="lines", line_width=0, showlegend=False),
            go.Scatter(
                x=bars, y=[low[at] for at in known], mode="lines", line_width=0, fill="tonexty", fillcolor=_BAND,
                name="most of the music",
            ),
            go.Scatter(
                x=list(lags), y=list(take), mode="lines+markers", name="this take", line={"color": _TAKE, "width": 3}
            ),
        ]
    )  # fmt: skip
    chart.update_layout(**look(300))
    far = max([lag for lag, each in zip(lags, take, strict=True) if each is not None], default=lags[-1])
    chart.update_xaxes(title="distance in bars", dtick=4, range=[0, far + 0.5], gridcolor=_GRID, zeroline=False)
    return chart.update_yaxes(title="share of notes in common", range=[0, 1.02], gridcolor=_GRID, zeroline=False)
