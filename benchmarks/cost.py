"""Measure how the cost grows with the work: `python -m benchmarks.cost [DIR]`.

Four questions; the answers to the first three are lists of (amount, figure):

    notes a second learned, against cells, rows side by side (batch) and notes a window (length), all else as usual
    seconds to read, to learn once from all of it (an epoch), and to store, against pieces: 1, 10, 100, 1,000
    seconds to compose, against the length of the take
    seconds from the press of the button to the first step of a training, and how often it is heard of, in the process
    where trainings run

The pieces are the MIDI files of DIR, over and over. Prints a table and last one JSON object.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.datasets import DATA
from benchmarks.training import joint_step
from core.composing.take import compose
from core.config import NOTHING, ComposingSettings, TrainingSettings
from core.encoding import JointEncoding
from core.jobs.queue import Jobs
from core.lstm.learner import configure_threads, learner_for
from core.lstm.parameters import architectures, initial
from core.midi import read
from core.models.base import base_model
from core.models.model import dump
from core.models.store import Store, fingerprint
from core.notes import Piece
from core.training.batches import windows
from core.training.progress import Progress

USUAL = TrainingSettings(start=NOTHING)
SIZES = {"units": (64, 128, 256, 512), "batch": (4, 8, 16, 32, 64), "length": (16, 32, 64, 128, 256)}
PIECES = (1, 10, 100, 1000)
BARS = (16, 64, 256, 1024)
ROUNDS = 5

Curve = list[tuple[float, float]]


def seconds(task: Callable[[], object]) -> float:
    begun = time.perf_counter()
    task()
    return time.perf_counter() - begun


def learning_speed(settings: TrainingSettings) -> float:
    """Return the notes a second that a network learns from."""
    step = joint_step(settings)
    step()
    steps = max(4096 // (settings.length * settings.batch), 2)
    taken = [seconds(lambda: [step() for _ in range(steps)]) for _ in range(ROUNDS)]
    return steps * settings.length * settings.batch / median(taken)


def pieces_cost(files: list[tuple[str, bytes]], many: int) -> dict[str, float]:
    """Return the seconds that some pieces take to be read, learned once and stored."""
    named = []

    def read_all() -> None:
        for number in range(many):
            name, data = files[number % len(files)]
            named.append((f"{number} {name}", read(data, name).piece))

    found = {"read": seconds(read_all), "epoch": epoch([piece for _, piece in named])}
    model = base_model()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        found["store"] = seconds(lambda: store.put(fingerprint(named, USUAL), *dump(model)))
    return found


def epoch(pieces: list[Piece]) -> float:
    """Return the seconds that it takes to learn once from pieces."""
    encoding, rng = JointEncoding(), np.random.default_rng(0)
    learner = learner_for(encoding, USUAL, [initial(each, rng) for each in architectures(encoding, USUAL)])
    feed = windows(encoding, pieces, batch=USUAL.batch, length=USUAL.length, transposition=USUAL.transposition, rng=rng)
    learner.step(next(feed), 1e-3)
    notes = sum(len(piece.notes) for piece in pieces)
    steps = max(round(notes / (USUAL.batch * USUAL.length)), 1)
    taken = seconds(lambda: [learner.step(next(feed), 1e-3) for _ in range(steps)])
    return taken * notes / (steps * USUAL.batch * USUAL.length)


def composing_cost(bars: int) -> tuple[float, float]:
    """Return the notes of a take and the seconds it took."""
    settings, notes = ComposingSettings(bars=bars, seed=1), []
    taken = [seconds(lambda: notes.append(len(compose(base_model(), settings)[0].piece.notes))) for _ in range(3)]
    return notes[0], median(taken)


def starting(files: list[tuple[str, bytes]]) -> dict[str, float]:
    """Return the seconds to the first step of trainings one after another, and how many reports a second they made."""
    named = [(name, read(data, name).piece) for name, data in files[:20]]
    first, often = [], []
    with tempfile.TemporaryDirectory() as folder:
        jobs = Jobs(Store(Path(folder)))
        for seed in range(ROUNDS):
            begun = time.perf_counter()
            key = jobs.start(named, TrainingSettings(seconds=3.0, seed=seed))
            while (status := jobs.status(key)).active and not any(now.steps for now in status.history):
                time.sleep(0.01)
            first.append(time.perf_counter() - begun)
            history: tuple[Progress, ...] = ()
            while (status := jobs.status(key)).active:
                history = status.history or history
                time.sleep(0.05)
            often.append(len(history) / history[-1].seconds)
        jobs.close()
    cold, *warm = first
    return {"cold": round(cold, 2), "warm": round(median(warm), 2), "reports": round(median(often), 2)}


def main() -> None:
    """Measure all curves."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "nottingham"
    files = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.mid"))]
    if not files:
        sys.exit(f"There are no MIDI files in {folder}. Name a folder with some: python -m benchmarks.cost DIR")
    configure_threads()
    found: dict[str, Curve] = {}
    for name, values in SIZES.items():
        found[name] = [(value, round(learning_speed(replace(USUAL, **{name: value})))) for value in values]
    costs = {many: pieces_cost(files, many) for many in PIECES}
    for name in ("read", "epoch", "store"):
        found[name] = [(many, round(cost[name], 4)) for many, cost in costs.items()]
    found["compose"] = [(notes, round(taken, 4)) for notes, taken in map(composing_cost, BARS)]
    begin = starting(files)
    for name, curve in found.items():
        print(f"{name:8} " + "  ".join(f"{amount:,.0f}: {figure:,.4g}" for amount, figure in curve))
    print(f"first step after {begin['cold']} s, later {begin['warm']} s; {begin['reports']} reports a second")
    print(json.dumps(found | {"start": begin}))


if __name__ == "__main__":
    main()
