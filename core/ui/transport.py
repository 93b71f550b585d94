"""Owns the transport of a player: what the bar below a picture is told, and what comes back from it.

Knows nothing about how the sound is made. Times go to and fro as seconds of the sound.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from core.bars import bar_onsets, beat_lines, count_bars, first_bar
from core.figures.box import Box, box_between
from core.figures.time_axis import Axis, timetable
from core.midi import written_end
from core.notes import Piece, content_hash, is_performed, seconds_at
from core.ui.component import component
from core.ui.sound import State

OnBox = Callable[[Box | None], None]

_MOST_TIMES = 64  # kept for all visitors together
_DIGITS = 4  # of a second


def transport(
    piece: Piece, key: str, state: State, axis: Axis | None, box: Box | None = None, on_box: OnBox | None = None
) -> bool:
    """Show the bar; `axis` is that of the roll above it, None without one. Tell whether the box has changed."""
    data = {
        **_times(content_hash(piece), piece),
        "timetable": timetable(piece, axis) if axis is not None and len(piece.notes) else [],
        "state": state,
        "boxes": on_box is not None,
        "box": None if box is None else _in_seconds(piece, box),
    }

    def take() -> None:
        if on_box is not None and (sent := st.session_state[mount_key]["box"]) is not None:
            on_box(_as_box(piece, sent["box"]))

    mount_key = f"transport-{key}"
    shown = component("transport", "sounds", "roll", "passage", "deck", "bar")(
        key=mount_key, data=data, on_box_change=take, on_wanted_change=lambda: None
    )
    return shown.box is not None


def _in_seconds(piece: Piece, box: Box) -> dict[str, float]:
    start, stop = np.round(seconds_at(piece, [box.start, box.stop]), _DIGITS).tolist()
    return {"start": start, "stop": stop, "low": box.low, "high": box.high}


def _as_box(piece: Piece, sent: dict[str, float] | None) -> Box | None:
    if sent is None:
        return None
    return box_between(piece, (sent["start"], sent["stop"]), round(sent["low"]), round(sent["high"]))


@st.cache_data(max_entries=_MOST_TIMES, show_spinner=False)
def _times(content: str, _piece: Piece) -> dict[str, Any]:
    """Return bar lines and beats, which free music has not, and the end of the music, in seconds."""
    end = float(seconds_at(_piece, written_end(_piece)))
    if not len(_piece.notes) or is_performed(_piece):
        return {"seconds": end, "firstBar": 1, "bars": [], "beats": []}
    first = first_bar(_piece)
    bars = _seconds(_piece, bar_onsets(_piece, np.arange(first, first + count_bars(_piece) + 1)))
    beats = _seconds(_piece, beat_lines(_piece))
    return {"seconds": max(end, bars[-1]), "firstBar": first, "bars": bars, "beats": beats}


def _seconds(piece: Piece, onsets: Any) -> list[float]:
    return list(np.round(seconds_at(piece, onsets), _DIGITS).tolist())
