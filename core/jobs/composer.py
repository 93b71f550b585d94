"""Owns composing in the background: how far it is, how it is stopped, why nothing came of it.

Knows nothing about pages, nor about how a take is made or where it goes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from core.composing.infill import InfillError
from core.composing.take import ComposingError
from core.takes.desk import DeskFullError

_THREADS = 2


class Composition:
    """Takes that are being made by a thread, while pages look on."""

    def __init__(self) -> None:
        self.done = 0.0
        self._stopping = threading.Event()
        self._future: Future[None] = Future()
        self._news = threading.Condition()

    def report(self, done: float) -> None:
        """Say which share is done, 0..1."""
        self.done = done

    def is_stopping(self) -> bool:
        """Tell whether the maker is asked to end."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Ask the maker to end with what is there."""
        self._stopping.set()

    @property
    def finished(self) -> bool:
        """Tell whether no more takes will come."""
        return self._future.done()

    @property
    def refusal(self) -> str:
        """Return why there are no takes, or no more, in the person's words; raise what went wrong otherwise."""
        try:
            self._future.result(timeout=0)
        except (ComposingError, InfillError, DeskFullError) as error:
            return str(error)
        return ""

    def tell(self) -> None:
        """Let those look who wait for something."""
        with self._news:
            self._news.notify_all()

    def wait_until(self, there: Callable[[], bool], seconds: float) -> bool:
        """Wait until `there` says so, at most so long; return what it says. It is asked after each `tell`."""
        with self._news:
            return self._news.wait_for(there, seconds)

    def run(self, make: Callable[[Composition], object]) -> None:
        """Let `make` do its work, in the thread of the caller."""
        try:
            make(self)
        except BaseException as error:
            self._future.set_exception(error)
        else:
            self._future.set_result(None)
        self.tell()


class Composer:
    """The threads of a server in which takes are made; who comes later waits."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="encore-composer")

    def start(self, make: Callable[[Composition], object]) -> Composition:
        """Begin: `make` is given the composition, to report how far it is and to end when it is asked to."""
        composition = Composition()
        self._executor.submit(composition.run, make)
        return composition

    def close(self) -> None:
        """End when what was begun is made."""
        self._executor.shutdown()
