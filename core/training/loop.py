"""Owns the training loop: steps under a budget, validation on held-out music, keeping the best weights.

Knows nothing about pages, files, queues or TensorFlow: what learns is handed in, progress leaves through a callable,
and another says when to stop.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.corpus.style import style_of
from core.encoding import Encoding, Inputs
from core.lstm.parameters import Parameters, architectures, initial
from core.models.model import Model, Record, Sketch, StartError
from core.notes import Piece, transpose
from core.training.batches import Split, split, windows
from core.training.evaluation import HeldOutSet, total
from core.training.learner import Learner, Learners
from core.training.progress import Progress
from core.training.recipe import RECIPE, Recipe
from core.training.sketches import DrawSketch, Sketches

_VALIDATIONS = 40
_VALIDATION_SHARE = 0.05  # of the budget, at most, that goes into validation
_REPORT_SECONDS = 0.4

OnProgress = Callable[[Progress], None]
ShouldStop = Callable[[], bool]
Clock = Callable[[], float]


class CorpusError(ValueError):
    """Nothing can be learned from this music; the message says why."""


def train(
    corpus: Corpus,
    settings: TrainingSettings,
    learners: Learners,
    start: Model | None = None,
    *,
    recipe: Recipe = RECIPE,
    on_progress: OnProgress = lambda progress: None,
    should_stop: ShouldStop = lambda: False,
    draw_sketch: DrawSketch | None = None,
    on_sketch: Callable[[Sketch], None] = lambda sketch: None,
    clock: Clock = time.monotonic,
) -> Model:
    """Learn a model from a corpus, from the weights of `start` where it is given.

    The pieces are put in the order of their digests: the same music is the same training. When stopped, return the
    best so far. The budget counts from the first step. `draw_sketch` is asked at the beginning, after a tenth, a
    quarter, a half and three quarters, and at the end, as long as it costs little; `on_sketch` is told each.
    Raises CorpusError if there are too few notes, and StartError if `start` differs in family or sizes.
    """
    corpus = _with_notes(corpus).ordered()
    parts = split(corpus, settings.seed)
    if start is None:
        encoding = recipe.encodings[settings.family].learn(_transposed(parts.learned.pieces, settings.transposition))
        rate = settings.learning_rate
    else:
        encoding = start.encoding
        rate = settings.learning_rate * recipe.continued_rate
    first = _first(encoding, settings, start)
    learner = learners(encoding, settings, first, recipe.hyperparameters)
    style = style_of(corpus.pieces)
    sketches = Sketches(
        draw_sketch, on_sketch, clock, lambda weights: Model(settings, encoding, weights, style), recipe.sketches
    )
    run = _Run(learner, encoding, parts, settings, rate, recipe, clock, None if start is None else first, sketches)
    run.go(_windows(encoding, parts.learned.pieces, settings, recipe), on_progress, should_stop)
    sketches.end(run.best, run.seconds)
    return Model(settings, encoding, run.best, style, replace(run.record(), sketches=tuple(sketches.found)))


def _with_notes(corpus: Corpus) -> Corpus:
    found = corpus.select([index for index, piece in enumerate(corpus.pieces) if len(piece.notes)])
    if found.lack:
        raise CorpusError(found.lack)
    return found


def _first(encoding: Encoding, settings: TrainingSettings, start: Model | None) -> tuple[Parameters, ...]:
    """Return the weights to begin with: those of a model, or new ones from the settings' seed."""
    networks = architectures(encoding, settings)
    if start is None:
        rng = np.random.default_rng(settings.seed)
        return tuple(initial(network, rng) for network in networks)
    if start.encoding.family != settings.family or start.architectures != networks:
        raise StartError("The model to start from has another kind or size of network. Choose the same, or start anew.")
    return start.parameters


def _transposed(pieces: Sequence[Piece], most: int) -> Iterator[Piece]:
    return (transpose(piece, semitones) for piece in pieces for semitones in range(-most, most + 1))


def _windows(
    encoding: Encoding, pieces: Sequence[Piece], settings: TrainingSettings, recipe: Recipe
) -> Iterator[Inputs]:
    return windows(
        encoding,
        recipe.augment(pieces),
        batch=settings.batch,
        length=settings.length,
        transposition=settings.transposition,
        rng=np.random.default_rng(settings.seed),
    )


@dataclass(frozen=True)
class _Validation:
    """What the held-out music costs in bits a note, the mixture and the network only; None without held-out music."""

    mixture: float | None = None
    network_only: float | None = None


class _Run:
    """One training from the first step to the last, with what was measured so far."""

    def __init__(
        self,
        learner: Learner,
        encoding: Encoding,
        parts: Split,
        settings: TrainingSettings,
        rate: float,
        recipe: Recipe,
        clock: Clock,
        start: tuple[Parameters, ...] | None,
        sketches: Sketches,
    ) -> None:
        self._sketches = sketches
        self.best: tuple[Parameters, ...] = learner.weights()
        self._start, self._trained_share = start, 1.0
        self._learner, self._parts, self._settings, self._rate = learner, parts, settings, rate
        self._recipe, self._clock = recipe, clock
        self._steps, self._notes, self._seconds, self._stopped = 0, 0.0, 0.0, False
        self._curve: list[tuple[float, float, float | None]] = []
        self._best_validation, self._best_bits, self._best_done = _Validation(), math.inf, 0.0
        self._recent = _Costs()
        self._density = _notes_per_event(encoding, parts.learned.pieces)
        self._held_out = self._prepare(encoding, parts.held_out.pieces)

    def _prepare(self, encoding: Encoding, pieces: Sequence[Piece]) -> HeldOutSet | None:
        if not pieces:
            return None
        few, many = self._learner.validation_rows
        return HeldOutSet(encoding, pieces, few if len(pieces) <= few else many, self._recipe.use_ppm)

    def go(self, feed: Iterator[Inputs], on_progress: OnProgress, should_stop: ShouldStop) -> None:
        """Take steps until the budget is spent, someone stops it, or the held-out music has long been getting worse.

        What validation may cost in all grows as the square root of what is done: it is dense at first, when most is
        learned.
        """
        self._step(next(feed), 0.0)  # compiles what is not compiled yet
        latest = self._validate()
        if self._start is not None:
            self._curve.append(self._point(latest))
        begun, reported = self._clock(), -math.inf
        self._sketches.come_to(0.0, 0.0, self._learner.weights)
        done, validated, spent, cost = 0.0, 0.0, 0.0, 0.0
        while (
            done < 1 and not self._stopped and done - self._best_done < (self._recipe.patience if self._held_out else 1)
        ):
            self._step(next(feed), self._rate * self._recipe.schedule(done))
            self._seconds = self._clock() - begun
            done = self._done()
            if done < 1:
                self._sketches.come_to(done, self._seconds, self._learner.weights)
            affordable = spent + cost <= _VALIDATION_SHARE * self._seconds / math.sqrt(done)
            if (done - validated >= 1 / _VALIDATIONS and affordable) or done >= 1:
                before = self._clock()
                latest = self._add_point(done)
                validated, cost = done, self._clock() - before
                spent += cost
            if self._seconds - reported >= _REPORT_SECONDS or done >= 1:
                reported = self._seconds
                self._stopped = done < 1 and should_stop()
                on_progress(self._progress(done, latest))
        if validated < done:
            on_progress(self._progress(done, self._add_point(done)))
        self._average_with_start()

    def _average_with_start(self) -> None:
        """Keep the start, or a mean of it and of the best weights, where the held-out music is likeliest under that.

        The weights of one network before and after fine-tuning can be averaged, and the mean often does better than
        either (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
        """
        if self._start is None or self._held_out is None or not self._best_done:
            return
        trained = self.best
        for share in self._recipe.averages:
            self._learner.begin(_averaged(self._start, trained, share), self._settings.seed)
            if self._keep_if_best(self._validate(), self._best_done):
                self._trained_share = share

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return self._seconds

    def record(self) -> Record:
        """Return how the training went."""
        return Record(
            learned=self._parts.learned.digests,
            held_out=self._parts.held_out.digests,
            notes=self._parts.learned.notes,
            steps=self._steps,
            seconds=round(self._seconds, 3),
            notes_per_second=round(self._notes / max(self._seconds, 1e-9), 1),
            stopped=self._stopped,
            curve=tuple(self._curve),
            bits_per_note=self._best_validation.mixture,
            network_only=self._best_validation.network_only,
            trained_share=self._trained_share,
        )

    def _done(self) -> float:
        if self._settings.steps is not None:
            return self._steps / self._settings.steps
        return self._seconds / self._settings.seconds

    def _step(self, window: Inputs, rate: float) -> None:
        costs = self._learner.step(window, rate)
        events = (window.shape[0] - 1) * window.shape[1]
        self._recent.add(costs, events * self._density)
        if rate:
            self._steps += 1
            self._notes += events * self._density

    def _add_point(self, done: float) -> _Validation:
        """Add a point to the curve and keep the weights if they are the best so far."""
        latest = self._validate()
        self._curve.append(self._point(latest))
        self._keep_if_best(latest, done)
        return latest

    def _point(self, latest: _Validation) -> tuple[float, float, float | None]:
        learned = self._recent.bits_per_note(self._learner.names)
        self._recent = _Costs()
        network_only = None if latest.network_only is None else round(latest.network_only, 4)
        return round(self._seconds, 2), round(learned, 4), network_only

    def _keep_if_best(self, latest: _Validation, done: float) -> bool:
        """Keep the weights of the learner if they are the best so far; without held-out music, each time."""
        if latest.mixture is not None and latest.mixture >= self._best_bits:
            return False
        self.best, self._best_validation, self._best_done = self._learner.weights(), latest, done
        self._best_bits = math.inf if latest.mixture is None else latest.mixture
        return True

    def _validate(self) -> _Validation:
        if self._held_out is None:
            return _Validation()
        nats = self._learner.validate(self._held_out.inputs, self._held_out.counts, self._settings.length)
        return _Validation(total(self._held_out.fields(nats)), total(self._held_out.network_only(nats)))

    def _progress(self, done: float, latest: _Validation) -> Progress:
        learned = self._curve[-1][1] if self._curve else None
        speed = self._notes / max(self._seconds, 1e-9)
        return Progress(min(done, 1.0), self._seconds, self._steps, learned, latest.network_only, speed)


@dataclass
class _Costs:
    """Costs in nats since the last point of the curve, and the notes that they were paid for."""

    nats: list[NDArray[np.float32]] = field(default_factory=list)
    notes: float = 0.0

    def add(self, costs: NDArray[np.float32], notes: float) -> None:
        self.nats.append(costs)
        self.notes += notes

    def bits_per_note(self, names: Sequence[str]) -> float:
        sums = np.sum(self.nats, axis=0) / math.log(2) / max(self.notes, 1e-9)
        return total(dict(zip(names, sums.tolist(), strict=True)))


def _averaged(start: Sequence[Parameters], trained: Sequence[Parameters], share: float) -> tuple[Parameters, ...]:
    """Return start + share * (trained - start), weight by weight."""
    return tuple(
        {name: values + np.float32(share) * (after[name] - values) for name, values in before.items()}
        for before, after in zip(start, trained, strict=True)
    )


def _notes_per_event(encoding: Encoding, pieces: Sequence[Piece]) -> float:
    events = sum(len(encoding.encode(piece)) + 1 for piece in pieces)
    return sum(len(piece.notes) for piece in pieces) / max(events, 1)
