"""Owns the training loop: steps under a budget, judging on held-out music, keeping the best weights.

Knows nothing about pages, files or queues: progress leaves through a callable, and another says when to stop.
Only the training process imports this module, because the learner imports TensorFlow.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.batches import Sheet, Split, split, windows
from core.config import TrainingSettings
from core.encoding import ENCODINGS, Encoding
from core.evaluation import Trial, total
from core.lstm.learner import JUDGED_ROWS, learner_for
from core.lstm.parameters import Parameters, architectures, initial
from core.model import Model, Record, StartError
from core.notes import Piece, transpose
from core.progress import Progress
from core.style import style_of

_JUDGEMENTS = 40
_WARM_UP = 0.02
_PATIENCE = 0.6
_REPORT_SECONDS = 0.4
_GENTLER = 0.5  # share of the learning rate where a model goes on: what it knows already is soon lost

Report = Callable[[Progress], None]
ShouldStop = Callable[[], bool]


def train(
    named: Sequence[tuple[str, Piece]],
    settings: TrainingSettings,
    begin: Model | None = None,
    report: Report = lambda progress: None,
    should_stop: ShouldStop = lambda: False,
) -> Model:
    """Learn a model from named pieces, from the weights of `begin` where it is given.

    When stopped, return the best so far. The budget counts from the first step. Raises StartError if `begin` differs
    in family or sizes.
    """
    parts = split(named, settings.seed)
    learned = [piece for _, piece in parts.learned]
    if begin is None:
        encoding = ENCODINGS[settings.family].learn(_transposed(learned, settings.transposition))
    else:
        encoding = begin.encoding
    gentle = settings if begin is None else replace(settings, learning_rate=_GENTLER * settings.learning_rate)
    run = _Run(encoding, parts, gentle, _first(encoding, settings, begin))
    run.go(_feed(encoding, learned, settings), report, should_stop)
    record = Record(
        pieces=tuple(name for name, _ in parts.learned),
        held_out=tuple(name for name, _ in parts.held_out),
        notes=sum(len(piece.notes) for piece in learned),
        steps=run.steps,
        seconds=round(run.seconds, 3),
        notes_per_second=round(run.notes / max(run.seconds, 1e-9), 1),
        stopped=run.stopped,
        curve=tuple(run.curve),
        bits_per_note=run.best_held.together,
        network_alone=run.best_held.alone,
    )
    return Model(settings, encoding, run.best, style_of([piece for _, piece in named]), record)


def _first(encoding: Encoding, settings: TrainingSettings, begin: Model | None) -> tuple[Parameters, ...]:
    """Return the weights to begin with: those of a model, or new ones from the settings' seed."""
    networks = architectures(encoding, settings)
    if begin is None:
        rng = np.random.default_rng(settings.seed)
        return tuple(initial(network, rng) for network in networks)
    if begin.encoding.family != settings.family or begin.architectures != networks:
        raise StartError("The model to start from has another kind or size of network. Choose the same, or start anew.")
    return begin.parameters


def _transposed(pieces: Sequence[Piece], most: int) -> Iterator[Piece]:
    return (transpose(piece, semitones) for piece in pieces for semitones in range(-most, most + 1))


def _feed(encoding: Encoding, pieces: Sequence[Piece], settings: TrainingSettings) -> Iterator[Sheet]:
    return windows(
        encoding,
        pieces,
        batch=settings.batch,
        length=settings.length,
        transposition=settings.transposition,
        rng=np.random.default_rng(settings.seed),
    )


def learning_rate(settings: TrainingSettings, done: float) -> float:
    """Return the rate when a share `done` of the budget is spent: a short rise, then half a cosine down to 0."""
    rise = min(done / _WARM_UP, 1.0)
    return settings.learning_rate * max(rise, 0.05) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


@dataclass(frozen=True)
class _Held:
    """What the held-out music costs in bits a note, network and past together and the network alone; None without."""

    together: float | None = None
    alone: float | None = None


class _Run:
    """One training from the first step to the last, with what it has seen so far."""

    def __init__(
        self, encoding: Encoding, parts: Split, settings: TrainingSettings, first: tuple[Parameters, ...]
    ) -> None:
        self.settings = settings
        self.learner = learner_for(encoding, settings, first)
        self.steps, self.notes, self.seconds, self.stopped = 0, 0.0, 0.0, False
        self.curve: list[tuple[float, float, float | None]] = []
        self.best: tuple[Parameters, ...] = self.learner.weights()
        self.best_held, self._best_bits, self._best_done = _Held(), math.inf, 0.0
        self._recent = _Costs()
        self._density = _notes_per_event(encoding, [piece for _, piece in parts.learned])
        held = [piece for _, piece in parts.held_out]
        few, many = JUDGED_ROWS
        self._trial = Trial(encoding, held, few if len(held) <= few else many) if held else None

    def go(self, feed: Iterator[Sheet], report: Report, should_stop: ShouldStop) -> None:
        """Take steps until the budget is spent, someone stops it, or the held-out music has long been getting worse."""
        self._step(next(feed), 0.0)
        held = self._held_out()
        begun, judged, reported, judging = time.monotonic(), 0.0, -math.inf, 0.0
        done = 0.0
        while done < 1 and not self.stopped and done - self._best_done < (_PATIENCE if self._trial else 1):
            self._step(next(feed), learning_rate(self.settings, done))
            self.seconds = time.monotonic() - begun
            done = self._done()
            if done - judged >= max(1 / _JUDGEMENTS, judging) or done >= 1:
                before = time.monotonic()
                held = self._judge(done)
                judging = 10 * (time.monotonic() - before) / max(self.settings.seconds, 1e-9)
                judged = done
            if self.seconds - reported >= _REPORT_SECONDS or done >= 1:
                reported = self.seconds
                self.stopped = done < 1 and should_stop()
                report(self._progress(done, held))
        if judged < done:
            report(self._progress(done, self._judge(done)))

    def _done(self) -> float:
        if self.settings.steps is not None:
            return self.steps / self.settings.steps
        return self.seconds / self.settings.seconds

    def _step(self, window: Sheet, rate: float) -> None:
        costs = self.learner.step(window, rate)
        events = (window.shape[0] - 1) * window.shape[1]
        self._recent.add(costs, events * self._density)
        if rate:
            self.steps += 1
            self.notes += events * self._density

    def _judge(self, done: float) -> _Held:
        """Add a point to the curve and keep the weights if they are the best so far."""
        held = self._held_out()
        learned = self._recent.bits_per_note(self.learner.names)
        self._recent = _Costs()
        alone = None if held.alone is None else round(held.alone, 4)
        self.curve.append((round(self.seconds, 2), round(learned, 4), alone))
        if held.together is None or held.together < self._best_bits:
            self.best, self.best_held, self._best_done = self.learner.weights(), held, done
            self._best_bits = math.inf if held.together is None else held.together
        return held

    def _held_out(self) -> _Held:
        if self._trial is None:
            return _Held()
        nats = self.learner.judge(self._trial.events, self._trial.counts, self.settings.length)
        return _Held(total(self._trial.fields(nats)), total(self._trial.apart(nats)[0]))

    def _progress(self, done: float, held: _Held) -> Progress:
        learned = self.curve[-1][1] if self.curve else None
        return Progress(
            min(done, 1.0), self.seconds, self.steps, learned, held.alone, self.notes / max(self.seconds, 1e-9)
        )


@dataclass
class _Costs:
    """Costs in nats since the last judgement, and the notes that they were paid for."""

    nats: list[np.ndarray] = field(default_factory=list)
    notes: float = 0.0

    def add(self, costs: np.ndarray, notes: float) -> None:
        self.nats.append(costs)
        self.notes += notes

    def bits_per_note(self, names: Sequence[str]) -> float:
        sums = np.sum(self.nats, axis=0) / math.log(2) / max(self.notes, 1e-9)
        return total(dict(zip(names, sums.tolist(), strict=True)))


def _notes_per_event(encoding: Encoding, pieces: Sequence[Piece]) -> float:
    events = sum(len(encoding.encode(piece)) + 1 for piece in pieces)
    return sum(len(piece.notes) for piece in pieces) / max(events, 1)
