"""Owns composing for all visitors: the processes that compose, and what goes on in the background.

Knows nothing about pages, nor where a take goes. In the background: how far it is, how it is stopped, why nothing came
of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import LifoQueue
from time import monotonic
from typing import Any

from core.composing.infill import InfillError, Passage
from core.composing.take import ComposingError, Take
from core.config import ComposingSettings
from core.jobs.composing_process import ComposingProcess, ProcessEndedError, Task
from core.models.model import Model
from core.notes import Piece
from core.takes.desk import DeskFullError

_PROCESSES = 2
_SHOWN = 1.0  # seconds until a page shows what was composed


class Composition:
    """Takes that are being made by a thread, while pages look on."""

    def __init__(self) -> None:
        self.done = 0.0
        self.told = 0
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
        """Let those look who wait for something; count how often there was something."""
        self.told += 1
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
    """The processes of a server in which takes are made, the first of which is there from the start.

    Who comes while all of them compose waits.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(_PROCESSES, thread_name_prefix="encore-composer")
        self._free: LifoQueue[ComposingProcess | None] = LifoQueue()  # the one that was used last is warm
        self._ended = float("-inf")  # when something was composed last
        for process in (*[None] * (_PROCESSES - 1), ComposingProcess()):
            self._free.put(process)

    def start(self, make: Callable[[Composition], object]) -> Composition:
        """Begin in the background: `make` is given the composition, to report how far it is and to end when asked to.

        What it composes, it lets the functions below compose.
        """
        composition = Composition()
        self._executor.submit(composition.run, make)
        return composition

    def compose(
        self,
        model: Model,
        settings: ComposingSettings,
        primer: Piece | None = None,
        *,
        on_progress: Callable[[float], None] = lambda done: None,
        on_take: Callable[[Take], None] = lambda take: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> list[Take]:
        """Return takes as `core.composing.take.compose` does, and raise what it raises."""
        tell = {"on_progress": on_progress, "on_take": on_take}
        found: list[Take] = self._run("compose", model, settings, primer, tell=tell, should_stop=should_stop)
        return found

    def compose_after(self, model: Model, piece: Piece, settings: ComposingSettings, bars: int) -> Take:
        """Return a take as `core.composing.take.compose_after` does, and raise what it raises."""
        found: Take = self._run("compose_after", model, piece, settings, bars)
        return found

    def infill(
        self,
        model: Model,
        piece: Piece,
        passage: Passage,
        *,
        choices: int,
        seed: int,
        on_progress: Callable[[float], None] = lambda done: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> list[Piece]:
        """Return versions of a piece as `core.composing.infill` does, and raise what it raises."""
        tell = {"on_progress": on_progress}
        options = {"choices": choices, "seed": seed}
        found: list[Piece] = self._run("infill", model, piece, passage, tell=tell, should_stop=should_stop, **options)
        return found

    def is_busy(self) -> bool:
        """Tell whether something is being composed, or was a moment ago, so that a page is about to show it."""
        return self._free.qsize() < _PROCESSES or monotonic() < self._ended + _SHOWN

    def close(self) -> None:
        """End when what was begun is made."""
        self._executor.shutdown()
        for _ in range(_PROCESSES):
            if (process := self._free.get()) is not None:
                process.close()

    def _run(self, task: Task, *arguments: Any, **options: Any) -> Any:
        """Let a free process do a task; one that ends meanwhile is followed by a new one."""
        process = self._free.get() or ComposingProcess()
        try:
            return process.run(task, *arguments, **options)
        except ProcessEndedError as error:
            process.close()
            process = ComposingProcess()
            raise ComposingError("Composing was broken off, perhaps for want of memory. Press once more.") from error
        finally:
            self._ended = monotonic()
            self._free.put(process)
