"""Owns the drawing of events: several lanes side by side, column by column, until each has reached the end.

Knows nothing about pieces, metres or files. The order of a draw, from the logits of the network to the id:

    blend (with PPM, after a primer) -> pull towards the key -> what keeps a loop going is discouraged -> constraints
    -> repetition narrows them -> density -> temperature, at least 1 on the way out of a loop -> top-p -> draw
    -> repetition replaces what was drawn

So a repeated bar has the last word, before it the constraints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from core.composing.blend import Blend
from core.composing.constraints import Constraints
from core.composing.density import Density
from core.composing.ending import Ending, Ways
from core.composing.key_memory import KeyMemory, freedom
from core.composing.loops import LoopGuard
from core.composing.repetition import Repetition
from core.composing.sampling import Chance, Logits, draw, forbid, keep_nucleus, sharpen, weigh
from core.config import ComposingSettings
from core.encoding.joint import DURATION, PITCH, JointEncoding
from core.encoding.time_grid import SPANS, TICKS_PER_QUARTER
from core.lstm.inference import Lstm
from core.models.model import Model

_EVENTS_BETWEEN_REPORTS = 50
_RHYTHM = ("gap", "duration")
_TONES = ("pitch", "chord")
_MOST_LANES = 0.75
_LOOSER = 0.4  # the power of top-p for what may be rare: rhythms and lengths, and pitches of music that is free in key

Ids = NDArray[np.int64]


class Generator:
    """Lanes that are drawn; lane k has the seed `settings.seed + k`."""

    def __init__(
        self,
        model: Model,
        settings: ComposingSettings,
        constraints: Constraints,
        blend: Blend | None,
        repetition: Repetition | None,
        guard: LoopGuard | None,
        ending: Ending | None = None,
        density: Density | None = None,
        chances: Sequence[int | Sequence[int]] | None = None,
    ) -> None:
        """Begin; `chances` are what each lane's numbers follow from, by default its seed."""
        chances = range(settings.seed, settings.seed + settings.variations) if chances is None else chances
        self._settings, self._constraints, self._blend = settings, constraints, blend
        self._repetition, self._guard, self._ending = repetition, guard, ending
        self._lanes, self._columns = len(chances), model.encoding.columns
        rhythm = settings.temperature if settings.rhythm_temperature is None else settings.rhythm_temperature
        tones = 1.0 + (_LOOSER - 1.0) * freedom(model.style.outside_key) ** 2
        self._top_p = [settings.top_p ** (tones if each.name in _TONES else _LOOSER) for each in self._columns]
        self._temperatures = [rhythm if each.name in _RHYTHM else settings.temperature for each in self._columns]
        self._networks = [
            (Lstm(architecture, parameters, self._lanes), list(columns))
            for architecture, parameters, columns in zip(
                model.architectures, model.parameters, model.encoding.networks, strict=True
            )
        ]
        joint = isinstance(model.encoding, JointEncoding)
        self._key_memory = KeyMemory(model.style.outside_key, self._lanes) if joint else None
        self._density = density
        self._chance = Chance(chances)

    def read(self, events: Ids, stay_in_key: bool = False) -> None:
        """Let the networks read events, (events, columns), the same in every lane; then stay in their key, if asked."""
        for event in np.repeat(events[:, None], self._lanes, axis=1):
            self._update_networks(event)
            if event[0, 0] != self._columns[0].boundary:
                self._remember(event)
        if stay_in_key and self._key_memory:
            self._key_memory.stay()

    def draw(
        self,
        stop: int,
        on_progress: Callable[[float], None] = lambda onset: None,
        should_stop: Callable[[], bool] = lambda: False,
        begun: Sequence[Ids] = (),
    ) -> Iterator[tuple[int, Ids, int]]:
        """Draw until every lane has reached `stop` (ticks) or ended, or `should_stop` says so.

        `begun` are the events that each lane has had since the take began, if there are any.

        Yields each lane as soon as it ends: its number, its events, and the onset in ticks up to which it is complete.
        Where `ending` is given, a lane that comes near its end is closed by it, while the others wait. `on_progress` is
        told the onset of the lane that is furthest behind.
        """
        onset = self._constraints.onset
        going = np.ones(len(onset), dtype=bool)
        kept: list[list[Ids]] = [list(events) for events in begun] or [[] for _ in going]
        count = 0
        while going.any():
            event = self._next()
            onset = self._constraints.onset
            stopped = should_stop()
            over = (event[:, 0] == self._columns[0].boundary) | (onset >= stop)
            for lane in np.flatnonzero(going & (over | stopped)).tolist():
                events = np.array(kept[lane], dtype=np.int64).reshape(-1, len(self._columns))
                yield lane, events, stop if over[lane] else int(onset[lane])
            going &= ~(over | stopped)
            for lane in np.flatnonzero(going).tolist():
                kept[lane].append(event[lane])
            if going.any() and count % _EVENTS_BETWEEN_REPORTS == 0:
                on_progress(float(onset[going].min()))
            self._update(event)
            count += 1
            if self._ending:
                for lane in np.flatnonzero(going & (onset >= self._ending.turn)).tolist():
                    going[lane] = False
                    yield lane, *self._closed(self._ending, lane, kept[lane], should_stop)

    def _closed(
        self, ending: Ending, lane: int, kept: Sequence[Ids], should_stop: Callable[[], bool]
    ) -> tuple[Ids, int]:
        """Return the events of a lane that has come near its end with an ending, and where it ends; see `draw`."""
        events, onset = np.array(kept), int(self._constraints.onset[lane])
        ways = self._branch(lane, ending.candidates).ways(ending.latest, should_stop)
        rng = np.random.default_rng([self._settings.seed + lane, 2])
        return (events, onset) if ways is None else ending.choose(events, ways, rng)

    def scout(
        self, until: int, on_progress: Callable[[float], None], should_stop: Callable[[], bool]
    ) -> list[Ids | None]:
        """Draw until every lane has reached a tick, or `should_stop` says so.

        Returns the events of each lane so far, None for one that has ended. `on_progress` is told as in `draw`.
        """
        drawn: list[Ids] = []
        ended = np.zeros(self._lanes, dtype=bool)
        while not drawn or not ((ended | (self._constraints.onset >= until)).all() or should_stop()):
            if len(drawn) % _EVENTS_BETWEEN_REPORTS == 0:
                on_progress(float(self._constraints.onset.min()))
            drawn.append(self._next())
            self._update(drawn[-1])
            ended |= drawn[-1][:, 0] == self._columns[0].boundary
        events = np.stack(drawn)
        return [None if over else events[:, lane] for lane, over in enumerate(ended)]

    @property
    def onset(self) -> Ids:
        """Where each lane stands, in ticks."""
        return self._constraints.onset

    def select(self, lanes: Ids, ending: Ending | None) -> Generator:
        """Return a generator that goes on with some lanes, each of which may come once, and closes them by `ending`.

        Not for lanes that go on from a primer.
        """
        chosen = self._with_lanes(lanes)
        chosen._ending = ending
        chosen._repetition = self._repetition and self._repetition.select(lanes)
        chosen._chance = self._chance.select(lanes)
        return chosen

    def _branch(self, lane: int, many: int) -> Generator:
        """Return a generator with many copies of one lane, which does not end.

        Half of the copies repeat bars, as the lane would.
        """
        chosen = self._with_lanes(np.full(many, lane))
        chosen._repetition = self._repetition and self._repetition.branch(lane, many)
        chosen._ending = None
        chosen._constraints = chosen._constraints.without_end()
        chosen._chance = Chance([self._settings.seed + lane, 3, copy] for copy in range(many))
        return chosen

    def _with_lanes(self, lanes: Ids) -> Generator:
        """Return what both kinds of lanes have of these."""
        chosen = copy(self)
        chosen._lanes, chosen._blend = len(lanes), None
        chosen._networks = [(network.select(lanes), columns) for network, columns in self._networks]
        chosen._constraints = self._constraints.select(lanes)
        chosen._key_memory = self._key_memory and self._key_memory.select(lanes)
        chosen._density = self._density and self._density.select(lanes)
        chosen._guard = self._guard and self._guard.select(lanes)
        return chosen

    def ways(self, stop: int, should_stop: Callable[[], bool]) -> Ways | None:
        """Draw until most lanes have reached a tick; tell after each event how likely the end is; None if stopped.

        The others, which have many more notes, would cost as much time as all the rest.
        """
        events, onsets, ends = [], [], []
        (network, _), boundary = self._networks[0], self._columns[0].boundary
        over = np.zeros(self._lanes, dtype=bool)
        while (over | (self._constraints.onset >= stop)).mean() < _MOST_LANES:
            if should_stop():
                return None
            event = self._next()
            self._update(event)
            over |= event[:, 0] == boundary
            logits = network.logits(0, event).astype(np.float64)
            events.append(event)
            onsets.append(self._constraints.onset)
            ends.append(np.where(over, -np.inf, logits[:, boundary] - np.logaddexp.reduce(logits, axis=1)))
        return Ways(np.stack(events), np.stack(onsets), np.stack(ends))

    def _update(self, event: Ids) -> None:
        self._update_networks(event)
        self._remember(event)
        if self._density:
            self._density.update(event[:, 0])
        if self._blend:
            self._blend.update(event)
        if self._repetition:
            self._repetition.update(event)
        if self._guard:
            self._guard.update(event)
            if self._repetition and (looping := self._guard.looping) is not None:
                self._repetition.give_up(looping)

    def _remember(self, event: Ids) -> None:
        if self._key_memory:
            self._key_memory.update(event[:, PITCH], SPANS[event[:, DURATION]] / TICKS_PER_QUARTER)

    def _update_networks(self, event: Ids) -> None:
        for network, columns in self._networks:
            network.update(event[:, columns])

    def _next(self) -> Ids:
        """Draw one event in each lane and move on past it."""
        event = np.zeros((self._lanes, len(self._columns)), dtype=np.int64)
        for network, columns in self._networks:
            for index, column in enumerate(columns):
                if column in self._constraints.derived:
                    event[:, column] = self._constraints.derived[column](event)
                else:
                    seen = event if len(columns) == len(self._columns) else event[:, columns]
                    event[:, column] = self._draw(network.logits(index, seen), column, event)
                if index == 0 and self._constraints.context:  # the gap says when the event is, and what sounds then
                    network.set_context(self._constraints.context(event))
        self._constraints.advance(event)
        return event

    def _draw(self, logits: Logits, column: int, event: Ids) -> Ids:
        if self._blend:
            logits = self._blend.blend(logits, column, event)
        if self._key_memory and column == PITCH:
            logits = self._key_memory.pull(logits)
        if self._guard:
            logits = self._guard.discourage(logits, column, event)
        if column in self._constraints.forbidden:
            logits = logits + self._constraints.forbidden[column]
        else:
            allowed = self._constraints.allowed(column, event)
            if self._repetition and column == 0:
                allowed = self._repetition.narrow(allowed)
            logits = forbid(logits, allowed)
            if self._density and column == 0:
                logits = self._density.bend(logits)
        logits = self._sharpen(logits, self._temperatures[column])
        ids = draw(keep_nucleus(weigh(logits), self._top_p[column]), self._chance.draw())
        return self._repetition.replace(column, ids) if self._repetition else ids

    def _sharpen(self, logits: Logits, temperature: float) -> Logits:
        sharpened = sharpen(logits, temperature)
        return self._guard.warm(logits, sharpened) if self._guard and 0 < temperature < 1 else sharpened
