"""Owns the form of music: which bars are earlier bars come back.

Knows nothing about how notes are drawn.

A form has one number a bar: bar b plays what bar form[b] plays. Where form[b] is b, the bar is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from core.bars import bar_onsets, bars_at, first_bar
from core.notes import GRID_TICKS, Piece

_MOST_FORMS = 100
_MOST_BARS = 500

Form = tuple[int, ...]
Run = tuple[int, int, int]
"""Bars that come back together: the first of them, the bar that it is again, and how many they are."""


def form_of(piece: Piece) -> Form:
    """Return the form of the first 500 bars of a piece.

    A bar comes back if its onsets and pitches do; one note alone says too little.

    Within a run bars are compared as far back as its first, so that a run is one melody that comes back.
    """
    form: list[int] = []
    latest: dict[frozenset[tuple[int, int]], int] = {}
    back = 0
    for bar, content in enumerate(bars := bars_of(piece)):
        if len(content) < 2 or content not in latest:
            form.append(bar)
        else:
            if form[-1] == bar - 1 or bars[bar - back] != content:
                back = bar - latest[content]
            form.append(bar - back)
        latest[content] = bar
    return tuple(form)


def bars_of(piece: Piece) -> list[frozenset[tuple[int, int]]]:
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
    for bar, source in enumerate(form):
        if source == bar:
            continue
        if found and found[-1][0] + found[-1][2] == bar and found[-1][0] - found[-1][1] == bar - source:
            found[-1] = (*found[-1][:2], found[-1][2] + 1)
        else:
            found.append((bar, source, 1))
    return found


def forms_of(pieces: Sequence[Piece]) -> tuple[Form, ...]:
    """Return the forms of some pieces, at most a hundred."""
    chosen = np.unique(np.linspace(0, len(pieces) - 1, min(len(pieces), _MOST_FORMS)).round().astype(int))
    return tuple(form_of(pieces[index]) for index in chosen)


def returning(form: Form) -> float:
    """Return the share of bars that are an earlier bar come back; 0 without bars."""
    return sum(source != bar for bar, source in enumerate(form)) / max(len(form), 1)


def draw_form(forms: Iterable[Form], bars: int, rng: np.random.Generator) -> Form:
    """Borrow a form of so many bars: that of one piece, and of further ones where it is too short."""
    some = [form for form in forms if form] or [(0,)]
    drawn: list[int] = []
    while (begun := len(drawn)) < bars:
        form = some[rng.integers(len(some))]
        drawn += [begun + source for source in form[: bars - begun]]
    return tuple(drawn)
