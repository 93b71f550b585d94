"""Owns the guard against loops: a lane that plays the same few bars on and on is led out of them.

Knows nothing about networks. Lanes that do not loop are left alone.

Conventions
-----------
cell    : the notes that come round, at most 128 notes and 4 bars
stretch : for how long the lane has repeated a cell, gaps and pitches alike, in ticks; another note takes a bar away
run     : the same with one pitch, whatever the gaps; each time counts for a quarter of a bar, another pitch ends it

A lane loops where a cell comes for the third time at least, and its stretch is over the limit: 4 bars, or the longest
such stretch in the music learned. So does one whose run is over the limit, with 16 notes as a rule. Then

- the gap and the pitch that would keep the loop going lose logits, the more the longer it lasts, so that the lane
  leaves where the network minds least; all other ids keep their ratios;
- until two bars after it, a temperature below 1 is raised to 1: the lane is drawn as the network learned.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

import numpy as np
from numpy.typing import NDArray

from core.corpus.form import Form
from core.encoding.columns import Column
from core.encoding.time_grid import TICKS_PER_QUARTER

_LONGEST_CELL = 128  # notes
_MOST_BARS = 4
_FEWEST_TIMES = 3  # that a cell comes
_LOST_A_BAR = 8.0  # nats
_RUN_LOSES = 2  # times as much
_BARS_AFTER = 2
_RUN_NOTES = 4  # of one pitch count for a bar
_SHORTEST_BAR = 2 * TICKS_PER_QUARTER  # a shorter one counts as this long
_COMPARED = ("gap", "pitch", "chord")
_ROOM = 1024  # notes before the past is moved

Ids = NDArray[np.int64]
Logits = NDArray[np.floating]


def longest_stretch(forms: Iterable[Form]) -> int:
    """Return for how many bars at most a form repeats a cell that comes for the third time at least; 4 or more.

    One bar more than the form says, as the gap before the first note counts too.
    """
    found = [_MOST_BARS]
    for form in map(_contents, forms):
        for cell in range(1, _MOST_BARS + 1):
            stretch = 0
            for bar, earlier in zip(form[cell:], form, strict=False):
                stretch = stretch + 1 if bar == earlier else 0
                if stretch >= (_FEWEST_TIMES - 1) * cell:
                    found.append(stretch + 1)
    return max(found)


def _contents(form: Form) -> list[int]:
    """Return for each bar the first one with its notes; a varied bar has notes of its own."""
    found: list[int] = []
    for bar, number in enumerate(form):
        found.append(found[number] if 0 <= number < bar else bar)
    return found


class LoopGuard:
    """The stretches of all lanes; column c of an array of shape (lanes, 128) is about cells of c + 1 notes."""

    def __init__(self, columns: tuple[Column, ...], gap_ticks: Ids, bar: int, limit: int, lanes: int) -> None:
        """Begin with bars of `bar` ticks; a stretch of `limit` bars is no loop yet."""
        self._gap_ticks, self._bar = gap_ticks, max(bar, _SHORTEST_BAR)
        self._limit = limit * self._bar
        self._gap, self._tone = (index for index, column in enumerate(columns) if column.name in _COMPARED)
        self._tones = columns[self._tone].size
        self._played = np.full((lanes, _LONGEST_CELL + _ROOM), -1, dtype=np.int32)
        self._latest = _ROOM
        self._onset = np.zeros(lanes, dtype=np.int64)
        self._stretches, self._at_most = np.zeros((lanes, _LONGEST_CELL), dtype=np.int64), 0
        self._runs, self._latest_tone = np.zeros(lanes, dtype=np.int64), np.full(lanes, -1)
        self._loops: NDArray[np.bool_] | None = None  # where no lane loops
        self._warm_until: Ids | None = None  # where no lane has looped

    @property
    def looping(self) -> NDArray[np.bool_] | None:
        """Which lanes repeat a cell or a pitch too long, (lanes,); None where none does."""
        return None if self._loops is None else self._loops.any(axis=1) | (self._runs > self._limit)

    @property
    def _past(self) -> NDArray[np.int32]:
        """Gap and pitch of the last notes as one number, the latest first, (lanes, 128); -1 where there are none."""
        return self._played[:, self._latest : self._latest + _LONGEST_CELL]

    def discourage(self, logits: Logits, column: int, events: Ids) -> Logits:
        """Return the logits of a column of the next event, less for the ids that would keep a loop going."""
        if self._loops is None or column not in (self._gap, self._tone):
            return logits
        gaps, tones = np.divmod(self._past, self._tones)
        going_on = self._loops if column == self._gap else self._loops & (gaps == events[:, [self._gap]])
        lanes, cells = np.nonzero(going_on)
        ids = (gaps if column == self._gap else tones)[lanes, cells]
        over = np.zeros(logits.shape, dtype=np.int64)
        np.maximum.at(over, (lanes, ids), self._stretches[lanes, cells] - self._limit)
        if column == self._tone:
            every = np.arange(len(logits))
            runs = _RUN_LOSES * (self._runs - self._limit)
            over[every, self._latest_tone] = np.maximum(over[every, self._latest_tone], runs)
        return logits - (_LOST_A_BAR / self._bar * over).astype(logits.dtype)

    def warm(self, logits: Logits, sharpened: Logits) -> Logits:
        """Return the sharpened logits; in lanes that loop or have just left a loop, as they were before."""
        if self._warm_until is None:
            return sharpened
        return np.where((self._onset < self._warm_until)[:, None], logits, sharpened)

    def update(self, events: Ids) -> None:
        """Take in an event of each lane."""
        gaps = self._gap_ticks[events[:, self._gap]]
        self._onset += gaps
        played = events[:, self._gap] * self._tones + events[:, self._tone]
        self._stretches += np.where(self._past == played[:, None], gaps[:, None], -self._bar)
        np.maximum(self._stretches, 0, out=self._stretches)
        self._runs += self._bar // _RUN_NOTES
        self._runs *= events[:, self._tone] == self._latest_tone
        self._latest_tone = events[:, self._tone]
        self._remember(played)
        self._at_most += max(gaps.tolist())
        if self._at_most > self._limit:
            self._at_most = int(self._stretches.max())
        longest = max(self._at_most, *self._runs.tolist())
        self._loops = self._found() if longest > self._limit else None

    def select(self, lanes: Ids) -> LoopGuard:
        """Return that of some lanes, in their order; one may come more than once."""
        chosen = copy(self)
        for name in ("_played", "_onset", "_stretches", "_runs", "_latest_tone"):
            setattr(chosen, name, getattr(self, name)[lanes])
        for name in ("_warm_until", "_loops"):
            state = getattr(self, name)
            setattr(chosen, name, None if state is None else state[lanes])
        return chosen

    def _remember(self, played: Ids) -> None:
        if self._latest == 0:
            self._played[:, _ROOM:] = self._past
            self._latest = _ROOM
        self._latest -= 1
        self._played[:, self._latest] = played

    def _found(self) -> NDArray[np.bool_] | None:
        """Return which cells make a loop, (lanes, 128), if a lane loops at all; such lanes are warm from now on."""
        cells = self._gap_ticks[self._past // self._tones].cumsum(axis=1)
        loops = (self._stretches > self._limit) & (self._stretches >= (_FEWEST_TIMES - 1) * cells)
        loops &= cells <= _MOST_BARS * self._bar
        looping = loops.any(axis=1) | (self._runs > self._limit)
        if not looping.any():
            return None
        until = np.full(len(looping), -1) if self._warm_until is None else self._warm_until
        self._warm_until = np.where(looping, self._onset + _BARS_AFTER * self._bar, until)
        return loops
