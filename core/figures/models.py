"""Owns the picture of what the same music costs several models.

Knows nothing about how it was measured.
"""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

_COLOURS = ("#2B5ADC", "#E46E00", "#0F7348")


def draw_costs(costs: Mapping[str, Mapping[str, float]]) -> go.Figure:
    """Draw bars: for each model its bits a note, by what they are for."""
    bars = [
        go.Bar(name=name, x=list(fields), y=list(fields.values()), marker_color=colour)
        for colour, (name, fields) in zip(_COLOURS, costs.items(), strict=False)
    ]
    return go.Figure(bars).update_layout(
        height=300,
        barmode="group",
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        yaxis={"title": "surprise (bits per note)", "rangemode": "tozero"},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
