"""Owns the sounds that are made in the background, each once for all visitors: `Piece` -> a future `Rendering`.

Knows nothing about pages. Sounds are made as FLAC, which is written 20 times as fast as MP3, plays in every browser
while the rest of it is still under way, and can be entered at any frame.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from threading import Condition, Thread

from cachetools import Cache, LRUCache, TTLCache

from core.audio import compression, rendering
from core.audio.rendering import AudioError
from core.notes import Piece, content_hash

MOST_BYTES = 64 << 20
"""Bytes of sound that are kept: about 12 minutes."""
MOST_WAITING = 64
"""Sounds that wait to be made."""

_WORKERS = 2
_MOST_FAILURES, _FAILURE_SECONDS = 256, 60.0
_TOO_MANY = "So many sounds are being made that this one could not be. Try again in a moment."
_CLOSED = "No more sounds are made: the app is closing."


@dataclass(frozen=True)
class Rendering:
    """A sound as a browser plays it: the bytes of a file, its MIME type, and its length in seconds."""

    data: bytes
    mime: str
    seconds: float


@dataclass(frozen=True)
class _Job:
    key: str
    piece: Piece
    future: Future[Rendering]


def make(piece: Piece) -> Rendering:
    """Play a piece into a file for the browser. Raises AudioError as `core.audio.render` does."""
    flac = compression.write_flac(rendering.render(piece))
    return Rendering(flac, "audio/flac", compression.seconds(flac))


class Renderings:
    """The sounds that are waited for, being made, or made already.

    Pieces of the same content share one future, which nobody can cancel. It ends with a `Rendering` or an `AudioError`.
    Two sounds are made at a time, in the order of asking. When too many wait, the one that nobody has asked about for
    the longest time ends with an `AudioError`. So does one that cannot be made; after a minute it may be tried again.
    """

    def __init__(
        self,
        make: Callable[[Piece], Rendering] = make,
        most_bytes: int = MOST_BYTES,
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._most_waiting = most_waiting
        self._order: deque[str] = deque()  # what is made next
        self._waiting: OrderedDict[str, _Job] = OrderedDict()  # the one asked about last at the end
        self._running: dict[str, Future[Rendering]] = {}
        self._sounds: LRUCache[str, Future[Rendering]] = LRUCache(most_bytes, lambda sound: _size(sound, most_bytes))
        self._failures: TTLCache[str, Future[Rendering]] = TTLCache(_MOST_FAILURES, _FAILURE_SECONDS, clock)
        self._closed = False
        self._changed = Condition()
        for _ in range(_WORKERS):
            Thread(target=self._work, name="sound", daemon=True).start()

    def start(self, piece: Piece) -> Future[Rendering]:
        """Return the sound of a piece, made or still to be made. Raises AudioError when closed."""
        key = content_hash(piece)
        with self._changed:
            return self._find(key) or self._add(_Job(key, piece, Future()))

    def start_first(self, piece: Piece) -> Future[Rendering]:
        """Do as `start` does; if the sound has to wait, let it pass all others."""
        future, key = self.start(piece), content_hash(piece)
        with self._changed:
            if key in self._waiting:
                self._order.remove(key)
                self._order.appendleft(key)
        return future

    def get(self, piece: Piece) -> Future[Rendering] | None:
        """Return the sound of a piece if it was asked for and is not forgotten."""
        with self._changed:
            return self._find(content_hash(piece))

    def close(self) -> None:
        """Make no more sounds. Those being made are still finished."""
        with self._changed:
            self._closed = True
            while self._waiting:
                self._drop(_CLOSED)
            self._changed.notify_all()

    def _find(self, key: str) -> Future[Rendering] | None:
        if key in self._waiting:
            self._waiting.move_to_end(key)
            return self._waiting[key].future
        return self._running.get(key) or self._sounds.get(key) or self._failures.get(key)

    def _add(self, job: _Job) -> Future[Rendering]:
        if self._closed:
            raise AudioError(_CLOSED)
        job.future.set_running_or_notify_cancel()  # from here on nobody can cancel what others wait for too
        if len(self._waiting) >= self._most_waiting:
            self._drop(_TOO_MANY)
        self._waiting[job.key] = job
        self._order.append(job.key)
        self._changed.notify()
        return job.future

    def _drop(self, why: str) -> None:
        """Give up the waiting sound that has not been asked about for the longest time."""
        key, job = self._waiting.popitem(last=False)
        self._order.remove(key)
        job.future.set_exception(AudioError(why))

    def _work(self) -> None:
        while job := self._next():
            self._run(job)

    def _next(self) -> _Job | None:
        """Wait for something to do; None when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._order or self._closed)
            if self._closed:
                return None
            job = self._waiting.pop(self._order.popleft())
            self._running[job.key] = job.future
            return job

    def _run(self, job: _Job) -> None:
        """Make a sound; whatever goes wrong goes to those who wait for it."""
        kept: Cache[str, Future[Rendering]]
        try:
            settle, kept = partial(job.future.set_result, self._make(job.piece)), self._sounds
        except Exception as error:
            settle, kept = partial(job.future.set_exception, error), self._failures
        with self._changed:
            del self._running[job.key]
            settle()
            kept[job.key] = job.future


def _size(sound: Future[Rendering], most: int) -> int:
    """Return the bytes of a sound, but not more than there is room for: the largest is kept too, alone."""
    return min(len(sound.result().data), most)
