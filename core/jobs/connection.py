"""Owns the connection to Dask: in a process of our own, or in the cluster that ENCORE_SCHEDULER names.

Knows nothing about who waits for a training. Every run has an id of its own, under which its reports come back.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from typing import Any

from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.jobs.cluster import Cluster, ClusterError
from core.models.model import ModelError, StartError
from core.training.loop import CorpusError

Report = dict[str, Any]
OnEnd = Callable[[bytes | None, str], None]

DIED = (
    "The training process ended before it was finished; it may have run out of memory. "
    "Start it again, with fewer or shorter pieces or a smaller network if it happens twice."
)


LOST = (
    "The training could not be done: the process that trains cannot be reached or made an error. Start it again. "
    "If it happens twice, the log of the server says more."
)
_FOR_PEOPLE = (CorpusError, StartError, ModelError, ClusterError)
_logger = logging.getLogger(__name__)


def reason(error: BaseException) -> str:
    """Say in words for a musician why a training has no result; what they do not tell goes to the log."""
    if isinstance(error, _FOR_PEOPLE):
        return f"The training could not be done. {error}"
    _logger.error("a training could not be done", exc_info=error)
    return LOST


class Connection:
    """A client of Dask, opened again when it is lost. `on_report` is told what the runs report: see `worker`."""

    def __init__(self, on_report: Callable[[Report], None]) -> None:
        self._on_report = on_report
        self._cluster: Cluster | None = None
        self._client: Any = None
        self._futures: dict[str, Any] = {}
        self._cancelled: set[str] = set()  # by us; Dask cancels too, when it loses the scheduler

    @property
    def alive(self) -> bool:
        """Tell whether trainings can be sent, and those sent still run."""
        client, cluster = self._client, self._cluster
        return client is not None and client.status == "running" and (cluster is None or cluster.alive)

    def open(self) -> None:
        """Connect, where that is not done, and compile the usual network before it is needed (some seconds).

        Raises ClusterError, and what Dask raises.
        """
        if self.alive:
            return
        self.close()
        try:
            self._open()
        except BaseException:
            self.close()  # or what is half open would pass for a connection the next time
            raise

    def _open(self) -> None:
        from distributed import Client, Security, fire_and_forget

        from core.jobs.worker import TOPIC, TrainingProcess, version, warm_up

        if address := os.environ.get("ENCORE_SCHEDULER"):
            self._client = Client(address, set_as_default=False)  # by Dask's own settings, also for TLS
            _check_versions(self._client.run(version), version())
        else:
            self._cluster = Cluster()
            security = Security(require_encryption=True, **self._cluster.credentials)
            self._client = Client(self._cluster.address, security=security, set_as_default=False)
        self._client.subscribe_topic(TOPIC, lambda event: self._on_report(event[1]))
        self._client.register_plugin(TrainingProcess())
        fire_and_forget(self._client.submit(warm_up, pure=False))

    def submit(self, run: str, corpus: Corpus, start: bytes | None, settings: TrainingSettings, on_end: OnEnd) -> None:
        """Send a training; `on_end` gets the file of the model, or None and why there are none ('' if cancelled)."""
        from core.jobs.worker import learn

        future = self._client.submit(learn, run, corpus, start, settings, key=f"train-{run}", priority=-time.time())
        self._futures[run] = future
        future.add_done_callback(lambda ended: self._receive(run, ended, on_end))

    def stop(self, run: str, begun: bool) -> None:
        """Ask a run for the best that it has so far; cancel it where it has not begun."""
        from distributed import Event

        from core.jobs.worker import stop_name

        future = self._futures.get(run)
        if future is None:
            return
        Event(stop_name(run), client=self._client).set()
        if not begun:
            self._cancelled.add(run)
            future.cancel()

    def close(self) -> None:
        """End the cluster of our own with everything that runs in it."""
        client, self._client = self._client, None
        cluster, self._cluster = self._cluster, None
        self._futures.clear()
        if client is not None:
            client.close()
        if cluster is not None:
            cluster.close()

    def _receive(self, run: str, future: Any, on_end: OnEnd) -> None:
        self._futures.pop(run, None)
        cancelled = run in self._cancelled
        self._cancelled.discard(run)
        try:
            finished = future.status == "finished"
            file, failure = (future.result(), "") if finished else (None, "" if cancelled else _failure(future))
        except Exception as error:  # whatever fails in Dask is told to the person who waits
            file, failure = None, reason(error)
        on_end(file, failure)


def _check_versions(found: dict[str, str], here: str) -> None:
    """Raise ClusterError where a worker is of another version than this server."""
    if others := [worker for worker, there in found.items() if there != here]:
        raise ClusterError(
            f"{len(others)} of the {len(found)} computers that train have another version of Encore than this server. "
            "Whoever runs it should install the same one on all of them."
        )


def _failure(future: Any) -> str:
    """Say why a training has no result."""
    from distributed import KilledWorker

    error = future.exception() if future.status == "error" else None
    return DIED if error is None or isinstance(error, KilledWorker) else reason(error)
