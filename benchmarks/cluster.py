"""Measure trainings on other computers: how many are done in a minute with one worker, with two and with three.

    python -m benchmarks.cluster [--workers N ...] [--trainings N] [--steps N]

A scheduler and workers run as processes of their own, each with a folder of its own, and speak TLS. A queue as that of
the app sends them so many trainings of so many steps, each on other music. Workers that share a core share its speed:
more of them than cores gain nothing here. Prints a table and last one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dask
from distributed.security import Security

from benchmarks.browser import ROOT, free_port
from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.corpus.library import music_set, open_set
from core.jobs.queue import TrainingQueue
from core.models.store import Store
from core.notes import transpose

WORKERS = (1, 2, 3)
_SLOWEST = 600.0  # seconds


def main() -> None:
    """Measure each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="*", default=WORKERS)
    parser.add_argument("--trainings", type=int, default=6)
    parser.add_argument("--steps", type=int, default=100)
    options = parser.parse_args()
    found = {str(many): measure(many, options.trainings, options.steps) for many in options.workers}
    for many, rate in found.items():
        print(f"{many} workers: {rate:.1f} trainings of {options.steps} steps a minute")
    print(json.dumps({"steps": options.steps, "a minute": found}))


def measure(workers: int, trainings: int, steps: int) -> float:
    """Return how many trainings are done in a minute, once all workers have compiled what they need."""
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder), workers) as (address, _):
        os.environ["ENCORE_SCHEDULER"] = address
        queue = TrainingQueue(Store(Path(folder) / "models"))
        try:
            _train(queue, workers, 1, steps=20)
            begun = time.monotonic()
            _train(queue, trainings, 2, steps)
            return trainings / (time.monotonic() - begun) * 60
        finally:
            queue.close()
            del os.environ["ENCORE_SCHEDULER"]


def _train(queue: TrainingQueue, trainings: int, seed: int, steps: int) -> None:
    """Do some trainings, each on a piece in a key of its own. Raises RuntimeError where one fails."""
    piece = open_set(music_set("ragtime"))[0].piece
    settings = TrainingSettings(steps=steps, seed=seed)
    keys = [
        queue.start(Corpus.of([("a rag", transpose(piece, semitones))]), settings) for semitones in range(trainings)
    ]
    until = time.monotonic() + _SLOWEST
    while any(queue.status(key).active for key in keys):
        if time.monotonic() > until:
            raise RuntimeError("the trainings did not come to an end")
        time.sleep(0.05)
    if failed := [queue.status(key).message for key in keys if queue.status(key).state != "done"]:
        raise RuntimeError(failed[0])


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Run a scheduler and workers of one thread each; yield the address and the workers' processes.

    Dask's settings in this process are those of a server that uses the cluster.
    """
    settings = certificates(folder)
    environment = {f"DASK_{name.upper().replace('.', '__').replace('-', '_')}": each for name, each in settings.items()}
    address = f"tls://127.0.0.1:{free_port()}"
    worker = ("dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--no-nanny")
    with ExitStack() as stack:
        scheduler = ("dask_scheduler", "--host", address, "--no-dashboard")
        stack.enter_context(running(*scheduler, folder=folder / "scheduler", environment=environment))
        processes = [
            stack.enter_context(
                running(*worker, "--name", str(number), folder=folder / f"worker {number}", environment=environment)
            )
            for number in range(workers)
        ]
        stack.enter_context(dask.config.set(settings))
        yield address, processes


@contextmanager
def running(*command: str, folder: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of Dask in a folder of its own, and end it by force, as a machine that fails."""
    folder.mkdir()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{command[0]}", *command[1:]],
            cwd=folder,
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def certificates(folder: Path) -> dict[str, str]:
    """Write a key and certificates for a cluster; return the settings of Dask that name them."""
    made = Security.temporary()
    settings = {"distributed.comm.require-encryption": "True"}
    roles = [f"{role}.{part}" for role in ("scheduler", "worker", "client") for part in ("key", "cert")]
    for name in ("ca-file", *roles):
        file = folder / f"{name}.pem"
        file.write_text(getattr(made, f"tls_{name.replace('-', '_').replace('.', '_')}"))
        settings[f"distributed.comm.tls.{name}"] = str(file)
    return settings


if __name__ == "__main__":
    main()
