"""Owns the candidates for a passage: drawn side by side from the state before it, weighted by what follows it.

Knows nothing about the piece that comes out. For events of the joint family.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.bars import bar_onsets, bars_at, metre_at
from core.composing.primer import read_primer
from core.composing.sampling import draw
from core.corpus.style import Style
from core.encoding import JointEncoding
from core.encoding.active_notes import ActiveNotes
from core.encoding.joint import DURATION, GAP, PITCH, POSITION, VELOCITY
from core.encoding.time_grid import FREE_POSITION, SPANS, bar_positions, span_ids, to_ticks
from core.lstm.inference import Lstm
from core.models.model import Model
from core.notes import Piece

_MOST_EVENTS = 600  # of a candidate; one that has more is given up
_WEIGHED_NOTES = 16
_COLUMNS = JointEncoding.columns

Ids = NDArray[np.int64]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """The passage in ticks, with the bar line and the bar that positions count from, and the limits of the style."""

    start: int
    stop: int
    line: int
    bar: int
    style: Style
    lowest: int
    highest: int

    @classmethod
    def of(cls, piece: Piece, start: float, stop: float, style: Style) -> Frame:
        """Frame the passage between two onsets in quarter lengths."""
        line = float(bar_onsets(piece, bars_at(piece, start)))
        bar = max(int(to_ticks(metre_at(piece, start).bar)), 1)
        pitches = piece.notes["pitch"]
        lowest = min(style.lowest, int(pitches.min(initial=127)))
        highest = max(style.highest, int(pitches.max(initial=0)))
        first, last, line_tick = (int(to_ticks(onset)) for onset in (start, stop, line))
        return cls(first, last, line_tick, bar, style, lowest, highest)

    def positions(self, onsets: Ids) -> Ids:
        """Return the position in the bar of onsets, in ticks."""
        if not self.style.grid:
            return np.full(len(onsets), FREE_POSITION)
        return bar_positions(onsets - self.line, self.bar)


@dataclass
class Lanes:
    """Candidates on their way: the state of each, and what it has drawn."""

    network: Lstm
    active: ActiveNotes
    onset: Ids
    last_pitch: Ids
    chord: Ids
    numbers: Ids

    def select(self, lanes: NDArray[np.integer]) -> Lanes:
        """Return some of them."""
        return Lanes(
            self.network.select(lanes),
            self.active.select(lanes),
            *(each[lanes] for each in (self.onset, self.last_pitch, self.chord, self.numbers)),
        )

    def advance(self, events: Ids) -> None:
        """Move on past an event of each."""
        same = events[:, GAP] == 0
        self.onset = self.onset + SPANS[events[:, GAP]]
        self.chord = np.where(same, self.chord + 1, 1)
        self.last_pitch = events[:, PITCH]
        self.active.strike(self.onset, self.last_pitch, SPANS[events[:, DURATION]])
        self.network.update(events)


class Candidates:
    """All candidates of a passage; `events` holds those of each that reached its end."""

    def __init__(self, model: Model, encoding: JointEncoding, prefix: Piece, frame: Frame, lanes: int) -> None:
        primer = read_primer(encoding, prefix if len(prefix.notes) else None)
        (architecture,), (parameters,) = model.architectures, model.parameters
        network, active = Lstm(architecture, parameters, 1), ActiveNotes(1)
        for event in primer.events:
            network.update(event[None])
        for onset, event in zip(primer.onsets, primer.events[1:], strict=True):
            active.strike(np.array([onset]), event[None, PITCH], SPANS[event[None, DURATION]])
        every = np.zeros(lanes, dtype=np.int64)
        self._lanes = Lanes(
            network.select(every),
            active.select(every),
            every + primer.last_onset,
            every + max(primer.chord, default=-1),
            every + len(primer.chord),
            np.arange(lanes),
        )
        self._encoding, self._frame, self._first = encoding, frame, primer.last_onset
        self._finished: list[Lanes] = []
        self._stopped: list[Array] = []
        self._drawn: dict[int, list[Ids]] = {lane: [] for lane in range(lanes)}
        self.events: list[list[Ids]] = []

    def draw(self, rng: np.random.Generator, on_progress: Callable[[float], None]) -> None:
        """Draw until every candidate has reached the end of the passage or is given up."""
        lanes, frame = self._lanes, self._frame
        for _ in range(_MOST_EVENTS):
            gaps, stops, stopping = self._gaps(lanes, rng)
            done = np.flatnonzero(stops)
            if len(done):
                self._finished.append(lanes.select(done))
                self._stopped.append(stopping[done])
            going = np.flatnonzero(~stops)
            if not len(going):
                break
            lanes = lanes.select(going)
            self._step(lanes, gaps[going], rng)
            reached = (float(lanes.onset.min()) - frame.start) / (frame.stop - frame.start)
            on_progress(min(max(reached, 0.0), 1.0))
        self.events = [self._drawn[int(lane)] for each in self._finished for lane in each.numbers]

    def weigh(self, after: NDArray[np.void]) -> Array:
        """Return the log weight of each candidate by the notes after the passage."""
        network = Lstm.join([lanes.network for lanes in self._finished])
        active = ActiveNotes.join([lanes.active for lanes in self._finished])
        onset = np.concatenate([lanes.onset for lanes in self._finished])
        weights = -np.concatenate(self._stopped)
        for note in after[:_WEIGHED_NOTES]:
            tick = int(to_ticks(note["onset"]))
            event = np.zeros((len(onset), len(_COLUMNS)), dtype=np.int64)
            event[:, GAP] = span_ids(tick - onset)
            onset = np.full(len(onset), tick)
            event[:, POSITION] = self._frame.positions(onset)
            event[:, PITCH] = note["pitch"]
            event[:, DURATION] = max(int(span_ids(to_ticks(note["duration"]))), 1)
            event[:, VELOCITY] = self._encoding.velocity_ids(note["velocity"])
            for column in (GAP, PITCH, DURATION):
                logits = network.logits(column, event).astype(np.float64)
                weights += _log_softmax(logits)[np.arange(len(event)), event[:, column]]
                if column == GAP:
                    network.set_context(active.codes(onset))
            active.strike(onset, event[:, PITCH], SPANS[event[:, DURATION]])
            network.update(event)
        return weights

    def different(self, order: list[int]) -> list[int]:
        """Return the candidates in an order, of those with equal events only the first."""
        events = {lane: b"".join(event.tobytes() for event in self.events[lane]) for lane in reversed(order)}
        first = {content: lane for lane, content in events.items()}
        return [lane for lane in order if first[events[lane]] == lane]

    def notes(self, lane: int) -> NDArray[np.void]:
        """Return the notes of a candidate."""
        events = np.array(self.events[lane], dtype=np.int64).reshape(-1, len(_COLUMNS))
        return self._encoding.decode(events, self._first)

    def _gaps(self, lanes: Lanes, rng: np.random.Generator) -> tuple[Ids, NDArray[np.bool_], Array]:
        """Draw the next gap of each lane; return it, whether it leads behind the passage, and log p that one does."""
        frame, events = self._frame, np.zeros((len(lanes.onset), len(_COLUMNS)), dtype=np.int64)
        logits = lanes.network.logits(GAP, events).astype(np.float64)
        reached = lanes.onset[:, None] + np.append(SPANS, frame.stop)
        full = (lanes.chord >= frame.style.largest_chord) | (lanes.last_pitch >= frame.highest)
        logits[full, 0] = -np.inf
        logits[reached < frame.start] = -np.inf
        behind = reached >= frame.stop  # the end of the piece, too, is behind the passage
        chances = np.exp(_log_softmax(logits))
        gaps = draw(np.log(np.maximum(chances, 1e-300)), rng.random(len(logits)))
        with np.errstate(divide="ignore"):
            stopping = np.log((chances * behind).sum(axis=1))
        return gaps, behind[np.arange(len(gaps)), gaps], stopping

    def _step(self, lanes: Lanes, gaps: Ids, rng: np.random.Generator) -> None:
        """Draw the other columns of the next event of each lane, and move on past it."""
        frame, event = self._frame, np.zeros((len(gaps), len(_COLUMNS)), dtype=np.int64)
        event[:, GAP] = gaps
        onset = lanes.onset + SPANS[gaps]
        event[:, POSITION] = frame.positions(onset)
        lanes.network.set_context(lanes.active.codes(onset))
        for column in (PITCH, DURATION, VELOCITY):
            logits = lanes.network.logits(column, event)
            if column == PITCH:
                pitches = np.arange(logits.shape[1])
                floor = np.where(gaps == 0, lanes.last_pitch + 1, 0)
                allowed = (pitches >= np.maximum(floor, frame.lowest)[:, None]) & (pitches <= frame.highest)
                logits = np.where(allowed, logits, -np.inf)
            elif column == DURATION:
                logits[:, 0] = -np.inf
            event[:, column] = draw(logits, rng.random(len(event)))
        lanes.advance(event)
        for number, each in zip(lanes.numbers.tolist(), event, strict=True):
            self._drawn[number].append(each)


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
