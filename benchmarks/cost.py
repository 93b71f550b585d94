"""Measure how the cost grows with the work.

    python -m benchmarks.cost [DIR] [--data DIR] [--only SECTION ...]

Four sections; the results of the first three are lists of (amount, result):

    sizes      notes learned a second, against cells (units), rows side by side (batch) and notes a window (length)
    pieces     seconds to read, to learn once from all (an epoch) and to store, against pieces: 1, 10, 100, 1,000
    composing  seconds to compose, against the notes of the take
    start      seconds from the press of the button to the first step of a training, and its reports a second, in the
               process where trainings run

The pieces are the MIDI files of DIR, any folder of them, again and again; by default `midi/nottingham` in the data
folder. Prints a table and last one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.datasets import MIDI, add_data_option, data_path
from benchmarks.training import joint_step
from benchmarks.trainings import learners
from core.composing.take import compose
from core.config import NOTHING, ComposingSettings, TrainingSettings
from core.corpus.corpus import Corpus
from core.encoding import JointEncoding
from core.jobs.queue import TrainingQueue
from core.lstm.inference import limit_blas_threads
from core.lstm.parameters import architectures, initial
from core.midi import read
from core.models.base import base_model
from core.models.file import write_file
from core.models.store import Store, fingerprint
from core.notes import Piece
from core.training.batches import windows
from core.training.progress import Progress

USUAL = TrainingSettings(start=NOTHING)
SIZES = {"units": (64, 128, 256, 512), "batch": (4, 8, 16, 32, 64), "length": (16, 32, 64, 128, 256)}
PIECES = (1, 10, 100, 1000)
BARS = (16, 64, 256, 1024)
ROUNDS = 5

_EVENTS_A_ROUND = 4096
_RATE = 1e-3

Curve = list[tuple[int, float]]
Files = Sequence[tuple[str, bytes]]


def seconds(task: Callable[[], object]) -> float:
    """Return how long a task takes."""
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def sizes(files: Files) -> dict[str, Curve]:
    """Return the notes learned a second by each size."""
    found: dict[str, Curve] = {name: [] for name in SIZES}
    for name, value in ((name, value) for name, values in SIZES.items() for value in values):
        change: dict[str, Any] = {name: value}
        found[name].append((value, round(learning_speed(replace(USUAL, **change)))))
    return found


def learning_speed(settings: TrainingSettings) -> float:
    """Return the notes a second that a network learns from."""
    step = joint_step(settings)
    step()
    steps = max(_EVENTS_A_ROUND // (settings.length * settings.batch), 2)
    taken = [seconds(lambda: [step() for _ in range(steps)]) for _ in range(ROUNDS)]
    return steps * settings.length * settings.batch / median(taken)


def pieces(files: Files) -> dict[str, Curve]:
    """Return the seconds that pieces take to be read, learned once and stored."""
    costs = {many: pieces_cost([files[number % len(files)] for number in range(many)]) for many in PIECES}
    return {name: [(many, round(cost[name], 4)) for many, cost in costs.items()] for name in costs[PIECES[0]]}


def pieces_cost(files: Files) -> dict[str, float]:
    """Return the seconds that the pieces of some files take."""
    named: list[tuple[str, Piece]] = []
    found = {"read": seconds(lambda: named.extend((name, read(data, name).piece) for name, data in files))}
    found["epoch"] = epoch([piece for _, piece in named])
    model, corpus = base_model(), Corpus.of(named)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        found["store"] = seconds(lambda: store.put(fingerprint(corpus, USUAL), write_file(model)))
    return found


def epoch(music: Sequence[Piece]) -> float:
    """Return the seconds that it takes to learn once from pieces."""
    encoding, rng = JointEncoding(), np.random.default_rng(0)
    learner = learners()(encoding, USUAL, [initial(each, rng) for each in architectures(encoding, USUAL)])
    feed = windows(encoding, music, batch=USUAL.batch, length=USUAL.length, transposition=USUAL.transposition, rng=rng)
    learner.step(next(feed), _RATE)
    notes = sum(len(piece.notes) for piece in music)
    steps = max(round(notes / (USUAL.batch * USUAL.length)), 1)
    taken = seconds(lambda: [learner.step(next(feed), _RATE) for _ in range(steps)])
    return taken * notes / (steps * USUAL.batch * USUAL.length)


def composing(files: Files) -> dict[str, Curve]:
    """Return the seconds that takes of some lengths in notes take."""
    return {"compose": [(notes, round(taken, 4)) for notes, taken in map(composing_cost, BARS)]}


def composing_cost(bars: int) -> tuple[int, float]:
    """Return the notes of a take and the seconds that it takes."""
    settings = ComposingSettings(bars=bars, seed=1)
    notes: list[int] = []
    taken = [seconds(lambda: notes.append(len(compose(base_model(), settings)[0].piece.notes))) for _ in range(3)]
    return notes[0], median(taken)


def start(files: Files) -> dict[str, dict[str, float]]:
    """Return the seconds to the first step of trainings one after another, and the reports a second that they make."""
    corpus = Corpus.of((name, read(data, name).piece) for name, data in files[:20])
    waits, reports = [], []
    with tempfile.TemporaryDirectory() as folder:
        queue = TrainingQueue(Store(Path(folder)))
        try:
            for seed in range(ROUNDS):
                wait, history = watched(queue, corpus, TrainingSettings(seconds=3.0, seed=seed))
                waits.append(wait)
                reports.append(len(history) / history[-1].seconds)
        finally:
            queue.close()
    cold, *warm = waits
    return {"start": {"cold": round(cold, 2), "warm": round(median(warm), 2), "reports": round(median(reports), 2)}}


def watched(queue: TrainingQueue, corpus: Corpus, settings: TrainingSettings) -> tuple[float, Sequence[Progress]]:
    """Train, and return the seconds to the first step and all reports."""
    begun = time.perf_counter()
    key = queue.start(corpus, settings)
    while (status := queue.status(key)).active and not any(progress.steps for progress in status.history):
        time.sleep(0.01)
    wait, history = time.perf_counter() - begun, status.history
    while (status := queue.status(key)).active:
        history = status.history or history
        time.sleep(0.05)
    if not history:
        raise SystemExit(f"The training came to nothing: {status.message}")
    return wait, history


SECTIONS: dict[str, Callable[[Files], dict[str, Any]]] = {
    "sizes": sizes,
    "pieces": pieces,
    "composing": composing,
    "start": start,
}


def main() -> None:
    """Measure the sections that are named, by default all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    add_data_option(parser)
    parser.add_argument("--only", nargs="*", default=list(SECTIONS), choices=SECTIONS, metavar="SECTION")
    options = parser.parse_args()
    folder = options.folder or data_path(options.data, f"{MIDI}/nottingham")
    files = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.mid"))]
    if not files:
        raise SystemExit(f"There are no MIDI files in {folder}. Name another folder: python -m benchmarks.cost DIR")
    limit_blas_threads()
    found: dict[str, Any] = {}
    for section in options.only:
        for name, result in SECTIONS[section](files).items():
            print(f"{name:8} {result}", flush=True)
            found[name] = result
    print(json.dumps(found))


if __name__ == "__main__":
    main()
