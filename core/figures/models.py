"""Owns the picture of what the same music costs several models.

Knows nothing about how it was measured.
"""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from core.figures.look import look
from core.figures.pianoroll import PALETTE


def draw_costs(costs: Mapping[str, Mapping[str, float]]) -> go.Figure:
    """Draw bars: for each model its bits a note, by what they are for."""
    bars = [
        go.Bar(name=name, x=list(fields), y=list(fields.values()), marker_color=colour)
        for colour, (name, fields) in zip(PALETTE, costs.items(), strict=False)
    ]
    return go.Figure(bars).update_layout(
        **look(300), barmode="group", yaxis={"title": "surprise (bits per note)", "rangemode": "tozero"}
    )
