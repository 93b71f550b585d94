"""Owns the process beside the server in which takes are made, as the server sees it, and what they say to each other.

Knows nothing about visitors; `composing_worker` is what runs there.

A process of its own, as the threads of one process take turns: drawing calls NumPy some ten thousand times a second,
waits for its turn after many of these calls, and beside one busy thread is slower by a factor of twenty and more.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, cast
from weakref import finalize

from core.models.model import Model

Task = Literal["compose", "compose_after", "infill"]

STOP = "stop"
"""What asks a request to end early."""

_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-m", "core.jobs.composing_worker")
_MODELS = 4  # that a process keeps
_END_SECONDS = 10.0


class ProcessEndedError(RuntimeError):
    """The process ended before the answer was there."""


class Request(NamedTuple):
    """What is to be made. `model` is None where the process has it already, by its digest."""

    task: Task
    digest: str
    model: Model | None
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    tells: frozenset[str]
    may_stop: bool


class Answer(NamedTuple):
    """What comes of a request: `name` is "result", "refusal", "fault", or what is told on the way."""

    name: str
    content: Any


class ComposingProcess:
    """A running process; one request at a time. It ends with the process that started it."""

    def __init__(self) -> None:
        """Start it; it is ready in a second, and what is asked before then waits."""
        path = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])
        self._process = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT, env=os.environ | {"PYTHONPATH": path}
        )
        self._end = finalize(self, _end, self._process)
        self._models = ModelCache()

    def run(
        self,
        task: Task,
        model: Model,
        *arguments: Any,
        tell: dict[str, Callable[[Any], None]] | None = None,
        should_stop: Callable[[], bool] | None = None,
        **options: Any,
    ) -> Any:
        """Return what a function of `core.composing` returns for a model and more arguments.

        `tell` are functions of one argument that it calls, by the names of its parameters. Raises ComposingError or
        InfillError where it does, ProcessEndedError if the process ends meanwhile, and RuntimeError with the traceback
        where something else went wrong. What a function of `tell` raises ends the work too.
        """
        tell = tell or {}
        known = model.digest in self._models
        self._models.add(model.digest, model)
        sent = None if known else model
        may_stop = should_stop is not None
        self._send(Request(task, model.digest, sent, arguments, options, frozenset(tell), may_stop))
        answer = self._answer(tell, should_stop or (lambda: False))
        if answer.name == "refusal":
            raise answer.content
        if answer.name == "fault":
            raise RuntimeError(answer.content)
        return answer.content

    def close(self) -> None:
        """End the process, whatever it does."""
        self._end()

    def _answer(self, tell: dict[str, Callable[[Any], None]], should_stop: Callable[[], bool]) -> Answer:
        """Return the last answer to a request, and tell those before it."""
        stopping = False
        while (answer := self._receive()).name in tell:
            try:
                tell[answer.name](answer.content)
            except BaseException:
                self._send(STOP)
                while self._receive().name in tell:
                    pass  # or the next request would have these answers
                raise
            if not stopping and should_stop():
                self._send(STOP)
                stopping = True
        return answer

    def _send(self, message: Request | str) -> None:
        try:
            write(cast(BinaryIO, self._process.stdin), message)
        except BrokenPipeError as error:
            raise ProcessEndedError from error

    def _receive(self) -> Answer:
        try:
            return cast(Answer, pickle.load(cast(BinaryIO, self._process.stdout)))
        except (EOFError, pickle.UnpicklingError) as error:
            raise ProcessEndedError from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, by force if it does not end by itself."""
    assert process.stdin is not None and process.stdout is not None
    with suppress(BrokenPipeError):  # where it has ended already
        process.stdin.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


class ModelCache:
    """The models used last, by digest; kept alike on both sides."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Model] = OrderedDict()

    def __contains__(self, digest: str) -> bool:
        return digest in self._kept

    def add(self, digest: str, model: Model | None) -> Model:
        """Return the model of a digest, the new one if there is one; the one that was used longest ago goes."""
        found = self._kept.pop(digest, None) or model
        assert found is not None
        self._kept[digest] = found
        while len(self._kept) > _MODELS:
            self._kept.popitem(last=False)
        return found


def write(stream: BinaryIO, message: object) -> None:
    """Send a message."""
    pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()
