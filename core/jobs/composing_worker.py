"""Owns what runs in the process in which takes are made: it does what it is asked, and tells how far it is.

Knows nothing about who asks. `python -m core.jobs.composing_worker` reads a `Request` at a time, as a pickle, from its
standard input, answers on its standard output, and ends with its input.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event, Thread, get_native_id
from time import monotonic
from typing import Any, BinaryIO

from core.composing.infill import InfillError, infill
from core.composing.take import ComposingError, compose, compose_after
from core.jobs.composing_process import STOP, Answer, ModelCache, Request, Task, write
from core.lstm.inference import limit_blas_threads
from core.models.model import Model

_TASKS: dict[Task, Callable[..., Any]] = {"compose": compose, "compose_after": compose_after, "infill": infill}
_PAUSE = 0.05  # seconds between two answers about progress
_NICENESS = 5  # a third of what others get, where all cores are busy


def main() -> None:
    """Answer requests until standard input ends."""
    limit_blas_threads()
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    requests: SimpleQueue[Request] = SimpleQueue()
    stopping, models = Event(), ModelCache()
    Thread(target=_listen, args=(sys.stdin.buffer, requests, stopping), daemon=True).start()
    while True:
        request = requests.get()
        model = models.add(request.digest, request.model)
        with ThreadPoolExecutor(1) as own_thread:  # one that has let others go first does not get its place back
            write(answers, own_thread.submit(_answer, request, model, answers, stopping).result())


def _listen(stream: BinaryIO, requests: SimpleQueue[Request], stopping: Event) -> None:
    """Take requests, and note that the one under way is to stop; end the process with the stream."""
    try:
        while True:
            message = pickle.load(stream)
            if message == STOP:
                stopping.set()
            else:
                stopping.clear()
                requests.put(message)
    except (EOFError, pickle.UnpicklingError):  # also in the middle of a request
        os._exit(0)


def _answer(request: Request, model: Model, answers: BinaryIO, stopping: Event) -> Answer:
    options: dict[str, Any] = {name: _teller(name, answers) for name in request.tells}
    if request.may_stop:
        options["should_stop"] = stopping.is_set
    try:
        return Answer("result", _TASKS[request.task](model, *request.arguments, **request.options, **options))
    except (ComposingError, InfillError) as error:
        return Answer("refusal", error)
    except Exception:
        return Answer("fault", traceback.format_exc())


def _teller(name: str, answers: BinaryIO) -> Callable[[Any], None]:
    """Return a function that tells its argument to the other side: each take, of progress only now and then."""
    latest = float("-inf")

    def tell(content: Any) -> None:
        nonlocal latest
        if name == "on_take":
            _let_others_go_first()
        if name != "on_progress" or monotonic() >= latest + _PAUSE:
            write(answers, Answer(name, content))
            latest = monotonic()

    return tell


def _let_others_go_first() -> None:
    """Lower the priority of this thread: the first take is there, and is to be shown and heard at once."""
    if sys.platform == "linux":  # elsewhere it is that of the whole process, which would keep it
        usual = os.getpriority(os.PRIO_PROCESS, os.getpid())
        os.setpriority(os.PRIO_PROCESS, get_native_id(), usual + _NICENESS)


if __name__ == "__main__":
    main()
