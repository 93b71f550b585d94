"""Owns the look that all charts share: clear of what is behind them, the legend above.

Knows nothing about what they show.
"""

from __future__ import annotations

CLEAR = "rgba(0,0,0,0)"


def look(height: int) -> dict[str, object]:
    """Return the layout of a chart so many pixels high."""
    return {
        "height": height,
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},  # above, in one row or in two
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
    }
