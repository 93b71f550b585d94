"""Owns the queue of trainings: started once for the same music and settings, watched from anywhere, stopped on request.

Knows nothing about pages, nor about Dask, which `connection` talks to.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from core.config import BASE, NOTHING, TrainingSettings
from core.corpus.corpus import Corpus
from core.jobs.connection import DIED, Connection, reason
from core.jobs.history import History
from core.jobs.ledger import Begun, Ledger
from core.models.base import base_model
from core.models.file import write_file
from core.models.model import Model, Sketch, StartError
from core.models.store import Store, fingerprint
from core.training.progress import Progress

State = Literal["unknown", "starting", "waiting", "warming", "running", "failed", "done", "outdated", "lost"]

_MONITOR_SECONDS = 0.5
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """Where a training stands.

    `ahead` counts the trainings before it in line, which need about `wait` seconds more, None where their budget is in
    steps; `message` says what went wrong. 'outdated' is a model that was made by another version of the program; 'lost'
    is a training that ran when the server ended, on the built-in `sets` of music, if on such.
    """

    state: State
    settings: TrainingSettings | None = None
    ahead: int = 0
    wait: float | None = None
    history: tuple[Progress, ...] = ()
    message: str = ""
    sketches: tuple[Sketch, ...] = ()
    sets: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Tell whether something is still to come."""
        return self.state in ("starting", "waiting", "warming", "running")


@dataclass
class _Job:
    key: str
    corpus: Corpus | None  # given up once it is sent
    settings: TrainingSettings
    sets: tuple[str, ...]
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    visitors: set[str] = field(default_factory=set)
    sent: bool = False
    begun: bool = False
    history: History = field(default_factory=History)
    sketches: list[Sketch] = field(default_factory=list)
    failure: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def waits(self) -> bool:
        """Whether it is still in line."""
        return not self.begun and not self.done.is_set()

    @property
    def left(self) -> float | None:
        """About how many seconds it still needs; None where its budget is in steps and it has not begun."""
        now = self.history.reports()[-1:]
        if now and now[0].done:
            return now[0].seconds / now[0].done - now[0].seconds
        return None if self.settings.steps is not None else self.settings.seconds


class TrainingQueue:
    """The trainings of this server. No method waits for Dask, save `close`: a thread in the background talks to it.

    A visitor is any text that tells people apart; `is_present` tells whether one is still there to wait.
    """

    def __init__(
        self,
        store: Store,
        is_present: Callable[[str], bool] = lambda visitor: True,
        connect: Callable[[Callable[[dict[str, Any]], None]], Connection] = Connection,
    ) -> None:
        """Open the connection in the background."""
        self.store = store
        self._ledger = Ledger(store.folder / "begun")
        self._is_present = is_present
        self._jobs: dict[str, _Job] = {}
        self._runs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="encore-queue")
        self._connection = connect(self._take_report)
        self._closed = threading.Event()
        self._executor.submit(self._open_early)
        threading.Thread(target=self._monitor, name="encore-monitor", daemon=True).start()

    def start(self, corpus: Corpus, settings: TrainingSettings, visitor: str = "", sets: tuple[str, ...] = ()) -> str:
        """Begin a training, or join the one that is there already; return its fingerprint.

        A visitor who is known has one place in line: another training that still waits there is left for this one.
        `sets` are the built-in sets that the corpus is made of, if it is.
        """
        key = fingerprint(corpus, settings)
        finished = self._is_finished(key)
        if visitor:
            for other in list(self._jobs.values()):
                if other.key != key and other.waits and visitor in other.visitors:
                    self.leave(other.key, visitor)
        with self._lock:
            job = self._jobs.get(key)
            if not finished and (job is None or job.done.is_set()):
                job = _Job(key, corpus.anonymous(), settings, sets)
                self._jobs.pop(key, None)
                self._jobs[key] = job
                self._executor.submit(self._send, job)
            if job is not None:
                job.visitors.add(visitor)
        return key

    def join(self, key: str, visitor: str) -> None:
        """Wait for a training that someone has started."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None:
                job.visitors.add(visitor)

    def others(self, key: str, visitor: str) -> int:
        """Count the other visitors who are there and wait for a training."""
        job = self._jobs.get(key)
        return 0 if job is None else sum(other != visitor and self._is_present(other) for other in list(job.visitors))

    def leave(self, key: str, visitor: str) -> bool:
        """Wait no longer; return whether the training ends by that, as it does when nobody else waits.

        A running one ends with the best that it has so far; a waiting one is taken out of the line.
        """
        job = self._jobs.get(key)
        if job is None or job.done.is_set():
            return False
        with self._lock:
            job.visitors.discard(visitor)
            if self.others(key, visitor):
                return False
        self._executor.submit(lambda: self._connection.stop(job.run, job.begun))
        return True

    def status(self, key: str) -> Status:
        """Tell where a training stands. Changes nothing and waits for nothing but the disk."""
        job = self._jobs.get(key)
        if job is None:
            state = self._stored_state(key)
            begun = self._ledger.find(key) if state == "unknown" else None
            return Status("lost", begun.settings, sets=begun.sets) if begun else Status(state)
        if job.failure:
            return Status("failed", job.settings, message=job.failure)
        if job.done.is_set():
            return Status(self._stored_state(key), job.settings)
        if not job.sent:
            return Status("starting", job.settings)
        if not job.begun:
            ahead = self._ahead(job)
            return Status("waiting" if ahead else "warming", job.settings, len(ahead), self._wait(ahead))
        history = job.history.reports()
        sketches = tuple(job.sketches)
        return Status("running" if history else "warming", job.settings, history=history, sketches=sketches)

    def model(self, key: str) -> Model | None:
        """Return the trained model, or None where there is none (yet)."""
        return self.store.get(key)

    def close(self) -> None:
        """End the cluster with everything that runs in it."""
        self._closed.set()
        self._executor.submit(self._connection.close)
        self._executor.shutdown(wait=True)

    def _is_finished(self, key: str) -> bool:
        """Tell whether a model is stored that was trained to its end; one stopped early may be trained again."""
        model = self.store.get(key)
        return model is not None and not model.record.stopped

    def _stored_state(self, key: str) -> State:
        entry = self.store.entry(key)
        if entry is None:
            return "unknown"
        return "outdated" if entry.outdated else "done"

    def _ahead(self, job: _Job) -> list[_Job]:
        before = []
        for other in list(self._jobs.values()):
            if other is job:
                break
            before.append(other)
        return [other for other in before if not other.done.is_set()]

    def _wait(self, ahead: list[_Job]) -> float | None:
        """Return about how long some trainings take that go on as many at once as run now."""
        left = [job.left for job in ahead]
        at_once = max(sum(job.begun for job in ahead), 1)
        return None if None in left else sum(seconds for seconds in left if seconds is not None) / at_once

    def _open_early(self) -> None:
        try:
            self._connection.open()
        except Exception as error:  # the next training tries again, and shows why if it fails
            _logger.warning("the training process could not be reached yet: %s", error)

    def _monitor(self) -> None:
        """Notice a training process that is gone: nothing else reports that."""
        while not self._closed.wait(_MONITOR_SECONDS):
            sent = [job for job in list(self._jobs.values()) if job.sent and not job.done.is_set()]
            if sent and not self._connection.alive:
                for job in sent:
                    self._end(job, DIED)

    def _take_report(self, report: dict[str, Any]) -> None:
        """Take in a report; those of runs that are over, or of another server, are passed over."""
        job = self._runs.get(report["run"])
        if job is None:
            return
        if "progress" in report:
            job.history.add(Progress(**report["progress"]))
        if "sketch" in report:
            job.sketches.append(Sketch(**report["sketch"]))
        job.begun = True

    def _send(self, job: _Job) -> None:
        corpus, job.corpus = job.corpus, None
        assert corpus is not None
        self._ledger.note(job.key, Begun(job.settings, job.sets))
        try:
            start = self._starting_point(job.settings)
            self._connection.open()
            self._runs[job.run] = job
            on_end = lambda file, failure: self._receive(job, file, failure)  # noqa: E731
            self._connection.submit(job.run, corpus, start, job.settings, on_end)
        except Exception as error:  # whatever fails in Dask is told to the person who waits
            self._end(job, reason(error))
        else:
            job.sent = True

    def _starting_point(self, settings: TrainingSettings) -> bytes | None:
        """Return the file of the model to start from, or None to start from nothing."""
        if settings.start == NOTHING:
            return None
        model = base_model() if settings.start == BASE else self.store.get(settings.start)
        if model is None:
            raise StartError("The model to start from is not kept here any more. Start from another one.")
        return write_file(model)

    def _receive(self, job: _Job, file: bytes | None, failure: str) -> None:
        """Keep the result of a training, or why there is none."""
        try:
            if file is not None:
                self.store.put(job.key, file)
        except ValueError:
            _logger.exception("a model could not be kept")
            failure = "The training went astray: its weights are no numbers to count with. Train again."
        self._end(job, failure)

    def _end(self, job: _Job, failure: str = "") -> None:
        """Let a run be over; only the first word on it counts."""
        with self._lock:
            if job.done.is_set():
                return
            job.failure = failure
            self._runs.pop(job.run, None)
            self._ledger.forget(job.key)
            job.done.set()
