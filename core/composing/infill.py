"""Owns doing a passage anew: other notes between two onsets, so that what stands before and after stays as it is.

Knows nothing about pages. For models of the joint family.

Many candidates are drawn side by side from the state before the passage, each until its next onset would lie behind
it. A candidate is weighted by how likely the music after the passage is to go on from there,

    log w = log p(the next notes after the passage | candidate) - log p(the candidate stops where it does),

and some are drawn without replacement in proportion to w (importance sampling with resampling; for musical constraints
Koneputugodage et al. 2019, with resampling without replacement Lew et al. 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

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
from core.notes import Piece, as_notes

_CANDIDATES = 256
_MOST_EVENTS = 600  # of a candidate; one that has more is given up
_WEIGHED_NOTES = 16
_COLUMNS = JointEncoding.columns
_END = _COLUMNS[GAP].boundary

Ids = NDArray[np.int64]
Array = NDArray[np.float64]


class InfillError(ValueError):
    """A passage cannot be done anew; the message says why."""


@dataclass(frozen=True)
class Passage:
    """From the onset `start` up to `stop`, in quarter lengths; notes that begin in between are replaced."""

    start: float
    stop: float


def infill(
    model: Model,
    piece: Piece,
    passage: Passage,
    *,
    choices: int = 3,
    seed: int = 0,
    candidates: int = _CANDIDATES,
    on_progress: Callable[[float], None] = lambda done: None,
) -> list[Piece]:
    """Return some versions of a piece with another passage each; all other notes stay as they are.

    New notes belong to the track that has most notes of the passage, or of the piece. `on_progress` is told the share
    of the passage that the slowest candidate has reached, 0..1. Raises InfillError for models of the classic family,
    for a passage without length, and where every candidate is given up.
    """
    if not isinstance(model.encoding, JointEncoding):
        raise InfillError("Only models of the joint family can do a passage anew.")
    if passage.stop <= passage.start:
        raise InfillError("The passage has no length. Choose at least one bar.")
    rng = np.random.default_rng(seed)
    onsets = piece.notes["onset"]
    before, after = piece.notes[onsets < passage.start], piece.notes[onsets >= passage.stop]
    frame = _Frame.of(piece, passage, model.style)
    prefix = replace(piece, notes=as_notes(before))
    drawn = _Candidates(model, model.encoding, prefix, frame, candidates)
    drawn.draw(rng, on_progress)
    if not drawn.events:
        raise InfillError("The model found no way through this passage. Choose another one, or another seed.")
    weights = drawn.weigh(after) if len(after) else np.zeros(len(drawn.events))
    order = np.argsort(-(weights + rng.gumbel(size=len(weights))), kind="stable")
    chosen = drawn.different(order.tolist())[:choices]
    inside = piece.notes[(onsets >= passage.start) & (onsets < passage.stop)]
    counts = np.bincount((inside if len(inside) else piece.notes)["track"], minlength=1)
    track = int(counts.argmax())
    return [_with_notes(piece, before, drawn.notes(lane), after, track, passage.stop) for lane in chosen]


def _with_notes(
    piece: Piece, before: NDArray[np.void], new: NDArray[np.void], after: NDArray[np.void], track: int, stop: float
) -> Piece:
    new = new.copy()
    new["track"] = track
    new["duration"] = np.minimum(new["duration"], stop - new["onset"])
    return replace(piece, notes=as_notes(np.concatenate([before, new[new["duration"] > 0], after])))


@dataclass(frozen=True)
class _Frame:
    """The passage in ticks, with the bar line and the bar that positions count from, and the limits of the style."""

    start: int
    stop: int
    line: int
    bar: int
    style: Style
    lowest: int
    highest: int

    @classmethod
    def of(cls, piece: Piece, passage: Passage, style: Style) -> _Frame:
        line = float(bar_onsets(piece, bars_at(piece, passage.start)))
        bar = max(int(to_ticks(metre_at(piece, passage.start).bar)), 1)
        pitches = piece.notes["pitch"]
        lowest = min(style.lowest, int(pitches.min(initial=127)))
        highest = max(style.highest, int(pitches.max(initial=0)))
        start, stop, line_tick = (int(to_ticks(onset)) for onset in (passage.start, passage.stop, line))
        return cls(start, stop, line_tick, bar, style, lowest, highest)

    def positions(self, onsets: Ids) -> Ids:
        """Return the position in the bar of onsets, in ticks."""
        if not self.style.grid:
            return np.full(len(onsets), FREE_POSITION)
        return bar_positions(onsets - self.line, self.bar)


@dataclass
class _Lanes:
    """Candidates on their way: the state of each, and what it has drawn."""

    network: Lstm
    active: ActiveNotes
    onset: Ids
    last_pitch: Ids
    chord: Ids
    numbers: Ids

    def select(self, lanes: NDArray[np.integer]) -> _Lanes:
        return _Lanes(
            self.network.select(lanes),
            self.active.select(lanes),
            *(each[lanes] for each in (self.onset, self.last_pitch, self.chord, self.numbers)),
        )

    def advance(self, events: Ids) -> None:
        same = events[:, GAP] == 0
        self.onset = self.onset + SPANS[events[:, GAP]]
        self.chord = np.where(same, self.chord + 1, 1)
        self.last_pitch = events[:, PITCH]
        self.active.strike(self.onset, self.last_pitch, SPANS[events[:, DURATION]])
        self.network.update(events)


class _Candidates:
    """All candidates of a passage; `events` holds those of each that reached its end."""

    def __init__(self, model: Model, encoding: JointEncoding, prefix: Piece, frame: _Frame, lanes: int) -> None:
        primer = read_primer(encoding, prefix if len(prefix.notes) else None)
        (architecture,), (parameters,) = model.architectures, model.parameters
        network, active = Lstm(architecture, parameters, 1), ActiveNotes(1)
        for event in primer.events:
            network.update(event[None])
        for onset, event in zip(primer.onsets, primer.events[1:], strict=True):
            active.strike(np.array([onset]), event[None, PITCH], SPANS[event[None, DURATION]])
        every = np.zeros(lanes, dtype=np.int64)
        self._lanes = _Lanes(
            network.select(every),
            active.select(every),
            every + primer.last_onset,
            every + max(primer.chord, default=-1),
            every + len(primer.chord),
            np.arange(lanes),
        )
        self._encoding, self._frame, self._first = encoding, frame, primer.last_onset
        self._finished: list[_Lanes] = []
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

    def _gaps(self, lanes: _Lanes, rng: np.random.Generator) -> tuple[Ids, NDArray[np.bool_], Array]:
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

    def _step(self, lanes: _Lanes, gaps: Ids, rng: np.random.Generator) -> None:
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
