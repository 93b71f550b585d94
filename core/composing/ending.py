"""Owns the ending of a take: of many ways to go on to its end, the choice of one that closes as the music learned does.

Knows nothing about how the ways are drawn.

A network that is asked for the next event, and the next, seldom comes to an end by itself: it knows how pieces close,
but not that this one should. So the last bars are drawn many times. After each event of each way stands the probability
that the piece is over, and the place where a take ends is drawn in proportion to it, among those near the length asked
for. As many takes as pieces of the style must have the tonic in the bass there, and the last notes are held as long as
those of one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low

import numpy as np
from numpy.typing import NDArray

from core.composing.plan import Plan
from core.config import KEYS
from core.corpus.endings import bass_at_end
from core.corpus.keys import tonic_of
from core.encoding import Encoding, JointEncoding
from core.encoding.time_grid import to_ticks

_BARS = 2  # before the end, from where on ways are drawn
_CANDIDATES = 12
_ANOTHER_BAR = np.log(0.25)  # for an end that is a bar early or late
_MOST_LOOKED_AT = 400

Ids = NDArray[np.int64]
Notes = NDArray[np.void]


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways to go on, one a lane. `ends` are the log probabilities that the piece is over after an event.

    events : (steps, lanes, columns); onsets : ticks, (steps, lanes); ends : (steps, lanes)
    """

    events: Ids
    onsets: Ids
    ends: NDArray[np.float64]


class Ending:
    """How takes of a plan are closed."""

    candidates = _CANDIDATES

    def __init__(self, encoding: Encoding, plan: Plan, primer: Notes, last_onset: int, by_chance: bool = True) -> None:
        """Take the notes before the take, and their last onset in ticks; not `by_chance`, the likeliest is chosen."""
        self._encoding, self._primer, self._last_onset = encoding, primer, last_onset
        self._by_chance = by_chance
        self._plan = plan
        self.turn = max(plan.stop - _BARS * plan.bar, plan.start)
        """The tick from which on a lane is closed."""
        self.latest = plan.stop + plan.bar
        """The tick up to which ways are drawn, and before which the last note of every take begins."""

    def choose(self, events: Ids, ways: Ways, rng: np.random.Generator) -> tuple[Ids, int]:
        """Return the events of a take with one of the ways to its end, and the tick where it ends."""
        head = self._notes(events, self._last_onset)
        last = self._last_onset if not len(head) else int(to_ticks(head["onset"].max()))
        weights = ways.ends + self._preference(ways.onsets)
        chance, noise = (rng.random(), rng.gumbel(size=weights.shape)) if self._by_chance else (0.5, 0.0)
        drawn = np.argsort(-(weights + noise), axis=None, kind="stable")[:_MOST_LOOKED_AT]
        wants_tonic = chance < self._plan.style.tonic_endings
        found: tuple[Ids, Notes] | None = None
        for step, lane in zip(*np.unravel_index(drawn, weights.shape), strict=True):
            if not np.isfinite(weights[step, lane]):
                break
            way = ways.events[: step + 1, lane]
            notes = np.concatenate([head, self._notes(way, last)])
            closes = not wants_tonic or self._closes(notes)
            if found is None or closes:
                found = way, notes
            if closes:
                break
        if found is None:
            return events, self._plan.stop
        way, notes = found
        return self._held(np.concatenate([events, way]), notes, rng)

    def _held(self, events: Ids, notes: Notes, rng: np.random.Generator) -> tuple[Ids, int]:
        """Let the last notes sound as long as at the end of a piece of the style, and no shorter than they were drawn.

        Where there are bars, no further than the bar line. Only events of the joint family are changed. Returns the
        events, and the tick where they end.
        """
        lengths, end = self._plan.style.last_notes, self._end_of(notes)
        if not lengths or not isinstance(self._encoding, JointEncoding):
            return events, end
        ticks = int(to_ticks(rng.choice(lengths) if self._by_chance else median_low(lengths)))
        if self._plan.style.grid:
            ticks = min(ticks, end - int(to_ticks(notes["onset"].max())))
        events = self._encoding.held(events, ticks)
        return events, self._end_of(self._notes(events, self._last_onset))

    def _notes(self, events: Ids, onset: int) -> Notes:
        """Return the notes of events that follow an onset, none longer than any that was learned."""
        notes = self._encoding.decode(events, onset).copy()
        notes["duration"] = np.minimum(notes["duration"], self._plan.style.longest_note)
        return notes

    def _preference(self, onsets: Ids) -> NDArray[np.float64]:
        """Return log weights for a last onset: best in the last bar asked for, or in the one before or after."""
        bars = (onsets - self._plan.stop) // self._plan.bar + 1
        return np.select([bars == 0, np.abs(bars) == 1], [0.0, _ANOTHER_BAR], -np.inf)

    def _closes(self, notes: Notes) -> bool:
        """Tell whether the tonic is in the bass at the end."""
        key = self._plan.key
        tonic = tonic_of(np.concatenate([self._primer, notes])) if key is None else KEYS.index(key) % 12
        return bass_at_end(notes) % 12 == tonic

    def _end_of(self, notes: Notes) -> int:
        """Return the tick where the last note ends; of music with bars the next bar line, at most a bar late."""
        end = int(to_ticks((notes["onset"] + notes["duration"]).max()))
        if not self._plan.style.grid:
            return end
        return min(end + (self._plan.stop - end) % self._plan.bar, self.latest)
