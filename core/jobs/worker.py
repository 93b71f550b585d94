"""Owns what runs in the training process: one training at a time, with the network that is compiled already.

Knows nothing about who waits for it. It reports by Dask events on `TOPIC`: {"run": id} when it begins, and then
{"run": id, "progress": ...} again and again, {"run": id, "sketch": ...} now and then.
"""

from __future__ import annotations

import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from distributed import Event, WorkerPlugin, get_worker

from core.composing.sketch import draw_sketch
from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.encoding import ENCODINGS
from core.lstm.inference import limit_blas_threads
from core.models.base import base_version
from core.models.file import read_file, write_file
from core.models.model import FORMAT, Sketch
from core.training.loop import train
from core.training.progress import Progress

if TYPE_CHECKING:
    from core.lstm.learner import Learners

TOPIC = "encore-training"
NAME = "encore"


class TrainingProcess(WorkerPlugin):
    """What the training process keeps between trainings. TensorFlow is loaded by the first one."""

    name = NAME

    def setup(self, worker: Any) -> None:
        """Begin in a worker that has just started."""
        limit_blas_threads()  # sketches are composed here
        self.one_at_a_time = threading.Lock()  # trainings of one process share the network that is compiled
        self._learners: Learners | None = None

    @property
    def learners(self) -> Learners:
        """The learners of this process."""
        if self._learners is None:
            from core.lstm.learner import Learners, configure_threads

            configure_threads()
            self._learners = Learners()
        return self._learners


def stop_name(run: str) -> str:
    """Return the name of the Dask event that asks a run to stop."""
    return f"encore-stop-{run}"


def version() -> str:
    """Return what processes must have in common: how models are stored, and what trainings begin from."""
    return f"{FORMAT} {base_version()}"


def warm_up() -> None:
    """Compile the usual network before it is needed."""
    process, settings = _process(), TrainingSettings()
    with process.one_at_a_time:
        process.learners.warm_up(ENCODINGS[settings.family].learn([]), settings)


def learn(run: str, corpus: Corpus, start: bytes | None, settings: TrainingSettings) -> bytes:
    """Train, from the model whose file is `start` or from nothing; return the file of the new model."""
    worker, process, stop = get_worker(), _process(), Event(stop_name(run))
    worker.log_event(TOPIC, {"run": run})

    def report(progress: Progress) -> None:
        worker.log_event(TOPIC, {"run": run, "progress": progress.to_json()})

    def show(sketch: Sketch) -> None:
        worker.log_event(TOPIC, {"run": run, "sketch": asdict(sketch)})

    with process.one_at_a_time:
        begin = read_file(start)[0] if start else None
        model = train(
            corpus, settings, process.learners, begin,
            on_progress=report, should_stop=stop.is_set, draw_sketch=draw_sketch, on_sketch=show,
        )  # fmt: skip
    stop.clear()
    return write_file(model)


def _process() -> TrainingProcess:
    return cast(TrainingProcess, get_worker().plugins[NAME])
