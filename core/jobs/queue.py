"""Owns the queue of trainings: started once for the same music and settings, watched from anywhere, stopped on request.

Knows nothing about pages. The work is done by Dask, in a process of our own or in the cluster that ENCORE_SCHEDULER
names. Every run has an id of its own, under which its reports come back.
"""

from __future__ import annotations

import logging
import os
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from core.config import BASE, NOTHING, TrainingSettings
from core.corpus.corpus import Corpus
from core.jobs.cluster import Cluster
from core.jobs.history import History
from core.models.base import base_model
from core.models.model import Model, StartError, dump
from core.models.store import Store, fingerprint
from core.training.progress import Progress

State = Literal["unknown", "starting", "waiting", "warming", "running", "failed", "done", "outdated"]

_MONITOR_SECONDS = 0.5
_DIED = (
    "The training process ended before it was finished; it may have run out of memory. "
    "Start it again, with fewer or shorter pieces or a smaller network if it happens twice."
)
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """Where a training stands.

    `ahead` counts the trainings before it in line; `message` says what went wrong. 'outdated' is a model that was made
    by another version of the program.
    """

    state: State
    settings: TrainingSettings | None = None
    ahead: int = 0
    history: tuple[Progress, ...] = ()
    message: str = ""

    @property
    def active(self) -> bool:
        """Tell whether something is still to come."""
        return self.state in ("starting", "waiting", "warming", "running")


@dataclass
class _Job:
    key: str
    corpus: Corpus | None  # given up once it is sent
    settings: TrainingSettings
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    visitors: set[str] = field(default_factory=set)
    future: Any = None
    begun: bool = False
    history: History = field(default_factory=History)
    stopping: bool = False
    failure: str = ""
    done: threading.Event = field(default_factory=threading.Event)


class TrainingQueue:
    """The trainings of this server. All methods return at once; a thread in the background talks to Dask.

    A visitor is any text that tells people apart; `is_present` tells whether one is still there to wait.
    """

    def __init__(self, store: Store, is_present: Callable[[str], bool] = lambda visitor: True) -> None:
        """Start the cluster in the background and warm it up."""
        self.store = store
        self._is_present = is_present
        self._jobs: dict[str, _Job] = {}
        self._runs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="encore-queue")
        self._cluster: Cluster | None = None
        self._client: Any = None
        self._closed = threading.Event()
        self._executor.submit(self._connect_early)
        threading.Thread(target=self._monitor, name="encore-monitor", daemon=True).start()

    def start(self, corpus: Corpus, settings: TrainingSettings, visitor: str = "") -> str:
        """Begin a training, or join the one that is there already; return its fingerprint."""
        key = fingerprint(corpus, settings)
        finished = self._is_finished(key)
        with self._lock:
            job = self._jobs.get(key)
            if not finished and (job is None or job.done.is_set()):
                job = _Job(key, corpus.anonymous(), settings)
                self._jobs.pop(key, None)
                self._jobs[key] = job
                self._executor.submit(self._send, job)
            if job is not None:
                job.visitors.add(visitor)
        return key

    def join(self, key: str, visitor: str) -> None:
        """Wait for a training that someone has started."""
        job = self._jobs.get(key)
        if job is not None:
            job.visitors.add(visitor)

    def others(self, key: str, visitor: str) -> int:
        """Count the other visitors who are there and wait for a training."""
        job = self._jobs.get(key)
        return 0 if job is None else sum(other != visitor and self._is_present(other) for other in set(job.visitors))

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
            job.stopping = True
        self._executor.submit(self._stop, job)
        return True

    def status(self, key: str) -> Status:
        """Tell where a training stands. Changes nothing and waits for nothing."""
        job = self._jobs.get(key)
        if job is None:
            return Status(self._stored_state(key))
        if job.failure:
            return Status("failed", job.settings, message=job.failure)
        if job.done.is_set():
            return Status(self._stored_state(key), job.settings)
        if job.future is None:
            return Status("starting", job.settings)
        if not job.begun:
            ahead = self._ahead(job)
            return Status("waiting" if ahead else "warming", job.settings, ahead)
        history = job.history.reports()
        return Status("running" if history else "warming", job.settings, history=history)

    def model(self, key: str) -> Model | None:
        """Return the trained model, or None where there is none (yet)."""
        return self.store.get(key)

    def close(self) -> None:
        """End the cluster with everything that runs in it."""
        self._closed.set()
        self._executor.submit(self._disconnect)
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

    def _ahead(self, job: _Job) -> int:
        before = []
        for other in list(self._jobs.values()):
            if other is job:
                break
            before.append(other)
        return sum(not other.done.is_set() for other in before)

    def _connect_early(self) -> None:
        try:
            self._connect()
        except Exception as error:  # the next training tries again, and shows why if it fails
            _logger.warning("the training process could not be reached yet: %s", error)

    def _connect(self) -> None:
        from distributed import Client, fire_and_forget

        from core.jobs.worker import TOPIC, TrainingProcess, warm_up

        self._disconnect()
        address = os.environ.get("ENCORE_SCHEDULER")
        if not address:
            self._cluster = Cluster()
            address = self._cluster.address
        self._client = Client(address, set_as_default=False)
        self._client.subscribe_topic(TOPIC, self._take_report)
        self._client.register_plugin(TrainingProcess())
        fire_and_forget(self._client.submit(warm_up, pure=False))

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        cluster, self._cluster = self._cluster, None
        if client is not None:
            client.close()
        if cluster is not None:
            cluster.close()

    def _connected(self) -> bool:
        client, cluster = self._client, self._cluster
        alive = cluster is None or cluster.alive
        return alive and client is not None and client.status == "running"

    def _monitor(self) -> None:
        """Notice a training process that is gone: nothing else reports that."""
        while not self._closed.wait(_MONITOR_SECONDS):
            sent = [job for job in list(self._jobs.values()) if job.future is not None]
            if sent and not self._connected():
                for job in sent:
                    self._end(job, _DIED)

    def _take_report(self, event: tuple[float, dict[str, Any]]) -> None:
        """Take in a report; those of runs that are over, or of another server, are passed over."""
        _, message = event
        job = self._runs.get(message["run"])
        if job is None:
            return
        if "progress" in message:
            job.history.add(Progress(**message["progress"]))
        job.begun = True

    def _send(self, job: _Job) -> None:
        from core.jobs.worker import learn

        try:
            if not self._connected():
                self._connect()
            self._runs[job.run] = job
            data = (job.run, job.corpus, self._starting_point(job.settings), job.settings)
            future = self._client.submit(learn, *data, key=f"{job.key}-{job.run}", priority=-time.time())
        except Exception as error:  # whatever fails in Dask is shown to the person who waits
            self._end(job, f"The training could not be done: {error}")
            return
        finally:
            job.corpus = None
        job.future = future
        future.add_done_callback(lambda ended: self._receive(job, ended))

    def _starting_point(self, settings: TrainingSettings) -> tuple[bytes, str] | None:
        """Return the files of the model to start from, or None to start from nothing."""
        if settings.start == NOTHING:
            return None
        model = base_model() if settings.start == BASE else self.store.get(settings.start)
        if model is None:
            raise StartError("The model to start from is not kept here any more. Start from another one.")
        return dump(model)

    def _receive(self, job: _Job, future: Any) -> None:
        """Keep the result of a training, or say why there is none."""
        from distributed import KilledWorker

        failure = ""
        try:
            if future.status == "finished":
                self.store.put(job.key, *future.result())
            elif not job.stopping:
                error = future.exception() if future.status == "error" else None
                died = error is None or isinstance(error, KilledWorker)
                failure = _DIED if died else f"The training could not be done: {error}"
        except Exception as error:  # as in _send
            failure = f"The training could not be done: {error}"
        self._end(job, failure)

    def _end(self, job: _Job, failure: str = "") -> None:
        """Let a run be over; only the first word on it counts."""
        with self._lock:
            if job.done.is_set():
                return
            job.failure, job.future, job.corpus = failure, None, None
            self._runs.pop(job.run, None)
            job.done.set()

    def _stop(self, job: _Job) -> None:
        from distributed import Event

        from core.jobs.worker import stop_name

        future = job.future
        if future is None:
            return
        Event(stop_name(job.run), client=self._client).set()
        if not job.begun:
            future.cancel()
