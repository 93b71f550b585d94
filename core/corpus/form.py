"""Owns the form of music: which bars are earlier bars come back, note by note or varied.

Knows nothing about how notes are drawn.

A form has one number a bar: bar b plays what bar form[b] plays. Where form[b] is b, the bar is new. Where form[b] is
negative, it plays what bar ~form[b] = -form[b] - 1 plays, with some other notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.bars import bar_onsets, bars_at, first_bar
from core.corpus.corpus import evenly
from core.notes import GRID_TICKS, Piece

_MOST_BARS = 500
_FARTHEST = 32  # bars back, of one that comes back varied
_ALIKE = 0.5  # the share of notes in common of two bars of which one is the other varied
_USUALLY_KEPT = 0.75

Form = tuple[int, ...]
Bar = frozenset[tuple[int, int]]
"""The (ticks since the bar line, pitch) of the notes that begin in a bar."""


@dataclass(frozen=True)
class Run:
    """Bars that come back together: the first of them, the bar that it is again, how many they are, whether varied."""

    first: int
    source: int
    bars: int
    varied: bool = False


def form_of(piece: Piece) -> Form:
    """Return the form of the first 500 bars of a piece.

    A bar comes back if its onsets and pitches do, varied if at least half of both bars' notes are in both; one note
    alone says too little.

    Within a run bars are compared as far back as its first, so that a run is one melody that comes back.
    """
    form: list[int] = []
    latest: dict[Bar, int] = {}
    back = 0
    for bar, content in enumerate(bars := bars_of(piece)):
        if len(content) < 2:
            form.append(bar)
        elif content not in latest:
            alike = _most_alike(bars, bar, back if form and form[-1] != bar - 1 else 0)
            form.append(bar if alike is None else ~alike)
            back = 0 if alike is None else bar - alike
        else:
            if form[-1] == bar - 1 or bars[bar - back] != content:
                back = bar - latest[content]
            form.append(bar - back)
        latest[content] = bar
    return tuple(form)


def _most_alike(bars: Sequence[Bar], bar: int, back: int) -> int | None:
    """Return the bar that another one is, varied: the one `back` bars before or the most alike; None without any."""
    sources = [bar - back] if back else []
    sources += range(bar - 1, max(bar - _FARTHEST, 0) - 1, -1)
    shares = [likeness(bars[bar], bars[source]) if len(bars[source]) > 1 else 0.0 for source in sources]
    if back and shares[0] >= _ALIKE:
        return sources[0]
    best = max(shares, default=0.0)
    return sources[shares.index(best)] if best >= _ALIKE else None


def likeness(bar: Bar, other: Bar) -> float:
    """Return the share of the notes of two bars that are in both (Jaccard), 0 where there are none."""
    return len(bar & other) / max(len(bar | other), 1)


def kept_notes(pieces: Iterable[Piece]) -> float:
    """Return the share of the notes of a bar that are still there where it comes back varied."""
    shares = []
    for piece in pieces:
        bars = bars_of(piece)
        shares += [
            len(bars[bar] & bars[~source]) / len(bars[~source])
            for bar, source in enumerate(form_of(piece))
            if source < 0
        ]
    return float(np.mean(shares)) if shares else _USUALLY_KEPT


def bars_of(piece: Piece) -> list[Bar]:
    """Return the (ticks since the bar line, pitch) of each of the first bars."""
    onsets = np.round(piece.notes["onset"] * GRID_TICKS) / GRID_TICKS
    numbers = bars_at(piece, onsets)
    ticks = np.round((onsets - bar_onsets(piece, numbers)) * GRID_TICKS).astype(int)
    rows = numbers - first_bar(piece)
    bars: list[set[tuple[int, int]]] = [set() for _ in range(min(rows.max(initial=-1) + 1, _MOST_BARS))]
    for row, tick, pitch in zip(rows.tolist(), ticks.tolist(), piece.notes["pitch"].tolist(), strict=True):
        if row < _MOST_BARS:
            bars[row].add((tick, pitch))
    return [frozenset(content) for content in bars]


def runs(form: Form) -> list[Run]:
    """Return the bars that come back, those together that come back from equally far."""
    found: list[Run] = []
    for bar, number in enumerate(form):
        if number == bar:
            continue
        new = Run(bar, max(number, ~number), 1, number < 0)
        last = found[-1] if found else new
        if last.first + last.bars == bar and (last.first - last.source, last.varied) == (bar - new.source, new.varied):
            found[-1] = replace(last, bars=last.bars + 1)
        else:
            found.append(new)
    return found


def forms_of(pieces: Sequence[Piece]) -> tuple[Form, ...]:
    """Return the forms of some pieces, at most a hundred."""
    return tuple(map(form_of, evenly(pieces)))


def returning(form: Form) -> float:
    """Return the share of bars that are an earlier bar come back, varied or not; 0 without bars."""
    return sum(number != bar for bar, number in enumerate(form)) / max(len(form), 1)


def draw_form(forms: Iterable[Form], bars: int, rng: np.random.Generator) -> Form:
    """Borrow a form of so many bars: that of one piece, and of further ones where it is too short."""
    some = [form for form in forms if form] or [(0,)]
    drawn: list[int] = []
    while (begun := len(drawn)) < bars:
        form = some[rng.integers(len(some))]
        drawn += [begun + number if number >= 0 else number - begun for number in form[: bars - begun]]
    return tuple(drawn)
