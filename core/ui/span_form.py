"""Owns the choice of a span of a piece, and of how much to go on by: in bars, or in seconds where music has none.

Knows nothing about what is done with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import streamlit as st

from core.bars import bar_onsets, bar_range
from core.notes import Piece, onsets_at

MORE_BARS, MORE_SECONDS = (4, 8, 16), (10, 20, 30)
"""By how much one may go on with one press."""

_STEP = 0.5  # seconds


@dataclass(frozen=True)
class Span:
    """A span between two onsets. `words` say what it holds, `last` with what it ends, `whole` whether it is all."""

    start: float
    stop: float
    words: str
    last: str
    whole: bool


def span_form(piece: Piece, barred: bool, what: str, key: str, at_first: int | None = None, most: int = 10**6) -> Span:
    """Ask for a span of at most so many bars or seconds; `at_first` as many are chosen, or all.

    `what` follows the unit in the label.
    """
    return (_bars if barred else _seconds)(piece, what, key, at_first, most)


def _bars(piece: Piece, what: str, key: str, at_first: int | None, most: int) -> Span:
    first, last = bar_range(piece)
    until = last if at_first is None else min(first + at_first - 1, last)
    begin, end = st.slider(f"Bars {what}", first, last, (first, until), key=key)
    if end - begin >= most:
        st.caption(f"The first {most} of these bars are taken.")
        end = begin + most - 1
    start, stop = bar_onsets(piece, [begin, end + 1]).tolist()
    words = f"bar {begin}" if begin == end else f"bars {begin} to {end}"
    return Span(start, stop, words, f"bar {end}", (begin, end) == (first, last))


def _seconds(piece: Piece, what: str, key: str, at_first: int | None, most: int) -> Span:
    longest = max(ceil(piece.seconds / _STEP), 2) * _STEP
    until = longest if at_first is None else min(float(at_first), longest)
    begin, end = st.slider(f"Seconds {what}", 0.0, longest, (0.0, until), _STEP, format="%.1f", key=key)
    if end - begin > most:
        st.caption(f"The first {most} of these seconds are taken.")
        end = begin + most
    end = max(end, begin + _STEP)
    start, stop = onsets_at(piece, [begin, end]).tolist()
    words, whole = f"seconds {begin:.1f} to {end:.1f}", begin == 0 and end >= piece.seconds
    return Span(start, stop, words, f"second {end:.1f}", whole)


def more_form(barred: bool) -> int:
    """Ask by how much to go on, in bars or in seconds."""
    label, options = ("Go on by (bars)", MORE_BARS) if barred else ("Go on by (seconds)", MORE_SECONDS)
    return st.segmented_control(label, options, default=options[1], required=True, key=f"more-{barred}")
