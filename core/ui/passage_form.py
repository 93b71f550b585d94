"""Owns the passage that is marked in the open take, by a box on the roll or by numbers, and what of it is to change.

Knows nothing about how a passage is done anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import streamlit as st

from core.bars import bar_onsets, bar_range, bars_at
from core.composing.infill import Passage
from core.figures.box import Box
from core.notes import Piece, onsets_at, pitch_name, seconds_at
from core.takes.desk import KeptTake
from core.ui.session import session

Keep = Literal["nothing", "rhythm", "pitches"]
_INSIDE = 1e-3  # quarters: what ends at a bar line does not touch the bar behind it
_KEEP: dict[Keep, str] = {
    "nothing": "New notes",
    "rhythm": "Same rhythm, new pitches",
    "pitches": "Same pitches, new rhythm",
}


def marked(kept: KeptTake) -> Box:
    """Return the passage that is marked in a take: two bars near its beginning until the person marks another."""
    if (box := session().boxes.get(kept.number)) is not None:
        return box
    piece = kept.take.piece
    if not kept.take.grid:
        start, stop = onsets_at(piece, [min(4.0, piece.seconds / 2), min(8.0, piece.seconds)]).tolist()
        return Box(start, stop)
    first, last = bar_range(piece)
    begin = min(first + 4, max(last - 1, first))
    return Box(*bar_onsets(piece, [begin, min(begin + 2, last + 1)]).tolist())


def mark(kept: KeptTake, box: Box | None) -> None:
    """Mark a passage, or None: the one that was marked by itself."""
    if box is None:
        session().boxes.pop(kept.number, None)
    else:
        session().boxes[kept.number] = box


def passage_form(kept: KeptTake) -> tuple[Passage, str]:
    """Ask for the passage and for what of it stays; return it, and what is done in words."""
    box = marked(kept)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        asked = _pitches(kept, (_bars if kept.take.grid else _seconds)(kept, box))
    if asked != box:
        mark(kept, asked)
        st.rerun()
    keep: Keep = st.segmented_control(
        "What changes",
        list(_KEEP),
        format_func=_KEEP.__getitem__,
        default="nothing",
        required=True,
        key="anew-keep",
        wrap=True,
    )
    words = f"{_where(kept, box)} of take {kept.number} done anew"
    if keep != "nothing":
        words += f" ({_KEEP[keep].lower()})"
    return Passage(box.start, box.stop, box.low, box.high, keep), words


def _bars(kept: KeptTake, box: Box) -> Box:
    """Offer the bars that the box touches as two numbers; a change of them marks whole bars."""
    piece = kept.take.piece
    first, last = bar_range(piece)
    begin, end = _bars_of(piece, box)
    key = f"{kept.number}-{box.start}-{box.stop}"
    new_begin = st.number_input("From bar", first, last, begin, key=f"anew-from-{key}", width=110)
    new_end = st.number_input("to bar", first, last, max(end, begin), key=f"anew-to-{key}", width=110)
    if (new_begin, new_end) == (begin, end):
        return box
    new_end = max(new_begin, new_end)
    start, stop = bar_onsets(piece, [new_begin, new_end + 1]).tolist()
    return replace(box, start=start, stop=stop)


def _seconds(kept: KeptTake, box: Box) -> Box:
    piece = kept.take.piece
    begin, end = np.round(seconds_at(piece, [box.start, box.stop]), 1).tolist()
    key, longest = f"{kept.number}-{box.start}-{box.stop}", round(piece.seconds, 1)
    new_begin = st.number_input("From (seconds)", 0.0, longest, begin, 0.5, "%.1f", key=f"anew-from-{key}", width=130)
    new_end = st.number_input("to (seconds)", 0.0, longest, end, 0.5, "%.1f", key=f"anew-to-{key}", width=130)
    if (new_begin, new_end) == (begin, end):
        return box
    start, stop = onsets_at(piece, [new_begin, max(new_end, new_begin + 0.5)]).tolist()
    return replace(box, start=start, stop=stop)


def _pitches(kept: KeptTake, box: Box) -> Box:
    """Offer the lowest and the highest note of the box."""
    key = f"{kept.number}-{box.low}-{box.high}"
    with st.container(horizontal=True, width=290):
        low = _pitch("Lowest note", box.low, f"anew-low-{key}")
        high = _pitch("Highest note", box.high, f"anew-high-{key}")
    return replace(box, low=min(low, high), high=max(low, high))


def _pitch(label: str, pitch: int, key: str) -> int:
    return int(st.selectbox(label, range(128), pitch, format_func=pitch_name, key=key) or 0)


def _bars_of(piece: Piece, box: Box) -> tuple[int, int]:
    """Return the first and the last bar that a box touches."""
    first, last = bar_range(piece)
    begin = int(bars_at(piece, box.start))
    end = int(bars_at(piece, box.stop - _INSIDE))
    return min(max(begin, first), last), min(max(end, first), last)


def _where(kept: KeptTake, box: Box) -> str:
    if not kept.take.grid:
        begin, end = seconds_at(kept.take.piece, [box.start, box.stop]).tolist()
        where = f"seconds {begin:.1f} to {end:.1f}"
    else:
        begin, end = _bars_of(kept.take.piece, box)
        where = f"bar {begin}" if begin == end else f"bars {begin} to {end}"
    if (box.low, box.high) != (0, 127):
        where += f", {pitch_name(box.low)} to {pitch_name(box.high)}"
    return where
