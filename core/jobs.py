"""Owns the queue of trainings: started once for the same music and settings, watched from anywhere, stopped on request.

Knows nothing about pages. The work is done by Dask, in a process of our own or in the cluster that ENCORE_SCHEDULER
names; progress comes back as events under the training's fingerprint.
"""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from core.base import base_model
from core.cluster import Cluster
from core.config import BASE, NOTHING, TrainingSettings
from core.model import Model, StartError, dump
from core.progress import Progress
from core.store import Named, Store, fingerprint
from core.work import BEGUN, Files, learn, stop_name, warm_up

State = Literal["unknown", "starting", "waiting", "warming", "running", "failed", "done"]

_ENDED = "ended"  # said by who waits: a process that dies says nothing
_DIED = (
    "The training process ended before it was finished; it may have run out of memory. "
    "Start it again, with fewer or shorter pieces or a smaller network if it happens twice."
)


@dataclass(frozen=True)
class Status:
    """Where a training stands. `ahead` counts the trainings before it in line; `message` says what went wrong."""

    state: State
    names: tuple[str, ...] = ()
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
    named: Named | None  # given up once it is sent
    names: tuple[str, ...]
    settings: TrainingSettings
    future: Any = None
    stopping: bool = False
    failure: str = ""
    done: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """The trainings of this server. All methods return at once; a clerk in the background talks to Dask."""

    def __init__(self, store: Store) -> None:
        """Start the cluster in the background and warm it up."""
        self.store = store
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="encore-jobs")
        self._cluster: Cluster | None = None
        self._client: Any = None
        self._clerk.submit(self._connect)

    def start(self, named: Named, settings: TrainingSettings) -> str:
        """Begin a training, or join the one that is there already; return its fingerprint."""
        key = fingerprint(named, settings)
        with self._lock:
            job = self._jobs.get(key)
            if not self._finished(key) and (job is None or job.done.is_set()):
                job = _Job(key, named, tuple(name for name, _ in named), settings)
                self._jobs.pop(key, None)
                self._jobs[key] = job
                self._clerk.submit(self._send, job)
        return key

    def status(self, key: str) -> Status:
        """Tell where a training stands."""
        job = self._jobs.get(key)
        if job is None:
            return Status("done" if key in self.store else "unknown")
        if job.failure:
            return self._status(job, "failed", message=job.failure)
        if job.done.is_set():
            return self._status(job, "done" if key in self.store else "unknown")
        if job.future is None:
            return self._status(job, "starting")
        if not self._connected():
            job.failure = _DIED
            job.done.set()
            return self._status(job, "failed", message=_DIED)
        history = self._history(key)
        if history is None:
            ahead = self._ahead(job)
            return self._status(job, "waiting" if ahead else "warming", ahead=ahead)
        return self._status(job, "running" if history else "warming", history=history)

    def stop(self, key: str) -> None:
        """Ask a running training for the best it has so far; take a waiting one out of the line."""
        job = self._jobs.get(key)
        if job is not None and not job.done.is_set():
            self._clerk.submit(self._stop, job)

    def model(self, key: str) -> Model | None:
        """Return the trained model, or None where there is none (yet)."""
        return self.store.get(key)

    def close(self) -> None:
        """End the cluster with everything that runs in it."""
        self._clerk.submit(self._disconnect)
        self._clerk.shutdown(wait=True)

    def _finished(self, key: str) -> bool:
        """Tell whether a model is stored that was trained to its end; one stopped early may be trained again."""
        model = self.store.get(key)
        return model is not None and not model.record.stopped

    @staticmethod
    def _status(job: _Job, state: State, **more: Any) -> Status:
        return Status(state, job.names, job.settings, **more)

    def _ahead(self, job: _Job) -> int:
        keys = list(self._jobs)
        return sum(not self._jobs[key].done.is_set() for key in keys[: keys.index(job.key)])

    def _history(self, key: str) -> tuple[Progress, ...] | None:
        """Return what the present run has said; None before it has begun."""
        run: list[Progress] | None = None
        for _, event in self._client.get_events(key):
            if event in (BEGUN, _ENDED):
                run = [] if event == BEGUN else None
            elif run is not None:
                run.append(Progress(**event["progress"]))
        return None if run is None else tuple(run)

    def _connect(self) -> None:
        from distributed import Client, fire_and_forget

        self._disconnect()
        address = os.environ.get("ENCORE_SCHEDULER")
        if not address:
            self._cluster = Cluster()
            address = self._cluster.address
        self._client = Client(address, set_as_default=False)
        fire_and_forget(self._client.submit(warm_up, pure=False))

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def _connected(self) -> bool:
        alive = self._cluster is None or self._cluster.alive
        return alive and self._client is not None and self._client.status == "running"

    @staticmethod
    def _excuse(job: _Job, error: BaseException) -> None:
        job.failure = f"The training could not be done: {error}"
        job.done.set()

    def _send(self, job: _Job) -> None:
        try:
            if not self._connected():
                self._connect()
            data = (job.named, self._starting_point(job.settings), job.settings)
            job.future = self._client.submit(learn, job.key, *data, key=job.key, priority=-time.time())
        except Exception as error:  # the door to Dask: whatever fails there is told to the person who waits
            self._excuse(job, error)
            return
        job.named = None
        job.future.add_done_callback(lambda future: self._receive(job, future))

    def _starting_point(self, settings: TrainingSettings) -> Files | None:
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

        try:
            if future.status == "finished":
                self.store.put(job.key, *future.result())
            elif not job.stopping:
                error = future.exception() if future.status == "error" else None
                died = error is None or isinstance(error, KilledWorker)
                job.failure = _DIED if died else f"The training could not be done: {error}"
        except Exception as error:  # as in _send
            self._excuse(job, error)
        finally:
            job.done.set()
            job.future = None
            if self._connected():
                self._client.log_event(job.key, _ENDED)

    def _stop(self, job: _Job) -> None:
        from distributed import Event

        job.stopping = True
        if job.future is None:
            return
        if self._history(job.key) is None:
            job.future.cancel()
        else:
            Event(stop_name(job.key), client=self._client).set()
