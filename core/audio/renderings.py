"""Owns the sounds that are made in the background, each once for all visitors: `Piece` -> `Coming`.

Knows nothing about pages. Sounds are made as FLAC, which is written 20 times as fast as MP3, plays in every browser
while the rest of it is still under way, and can be entered at any frame.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
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

BEGINNING = 8.0
"""Seconds of the beginning that is made before the whole of a long sound."""

PATIENCE = 4.0
"""Seconds for which a sound that nobody waits for lets others go first."""

_WORTH_A_BEGINNING = 2.5  # times as long at least is a long one
_WORKERS = 2
_LOOK = 0.1  # seconds between two looks at whether others are still busy
_MOST_FAILURES, _FAILURE_SECONDS = 256, 60.0
_TOO_MANY = "So many sounds are being made that this one could not be. Try again in a moment."
_CLOSED = "No more sounds are made: the app is closing."


@dataclass(frozen=True)
class Rendering:
    """A sound as a browser plays it: the bytes of a file, its MIME type, and its length in seconds."""

    data: bytes
    mime: str
    seconds: float


@dataclass(eq=False)
class Coming:
    """A sound that is made, or will be: the whole, and before that its beginning, None where none is made apart.

    One that is needed soon is `hurried`: if it is long, its beginning is made first. `since` is when it began to wait.
    """

    piece: Piece
    since: float
    whole: Future[Rendering] = field(default_factory=Future)
    beginning: Future[Rendering | None] = field(default_factory=Future)
    hurried: bool = False


def make(piece: Piece) -> Rendering:
    """Play a piece into a file for the browser. Raises AudioError as `core.audio.render` does."""
    return _as_rendering(rendering.render(piece, "FLAC"))


def make_beginning(piece: Piece) -> Rendering | None:
    """Play the beginning of a piece likewise; None if it is so short that the whole is there as soon."""
    if piece.seconds < _WORTH_A_BEGINNING * BEGINNING:
        return None
    return _as_rendering(rendering.render_beginning(piece, BEGINNING, "FLAC"))


def _as_rendering(flac: bytes) -> Rendering:
    return Rendering(flac, "audio/flac", compression.seconds(flac))


class Renderings:
    """The sounds that are waited for, being made, or made already.

    Pieces of the same content share one, which nobody can cancel; it ends with a `Rendering` or an `AudioError`. Two
    sounds are made at a time, in the order of asking, but first those that are wanted now: their beginnings, and then
    the whole of each. While `is_busy` says that something else is, only what is wanted is made, and the beginning only;
    all the rest waits, for four seconds at most. When too many wait, the one that nobody has asked about for longest
    ends with an `AudioError`. So does one that cannot be made; after a minute it may be tried again.
    """

    def __init__(
        self,
        make: Callable[[Piece], Rendering] = make,
        make_beginning: Callable[[Piece], Rendering | None] = make_beginning,
        most_bytes: int = MOST_BYTES,
        most_waiting: int = MOST_WAITING,
        clock: Callable[[], float] = time.monotonic,
        is_busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self._make, self._make_beginning = make, make_beginning
        self._most_waiting, self._clock, self._is_busy = most_waiting, clock, is_busy
        self._order: deque[str] = deque()  # what is made next
        self._waiting: OrderedDict[str, Coming] = OrderedDict()  # the one asked about last at the end
        self._running: dict[str, Coming] = {}
        self._sounds: LRUCache[str, Coming] = LRUCache(most_bytes, lambda sound: _size(sound.whole, most_bytes))
        self._failures: TTLCache[str, Coming] = TTLCache(_MOST_FAILURES, _FAILURE_SECONDS, clock)
        self._closed = False
        self._changed = Condition()
        for _ in range(_WORKERS):
            Thread(target=self._work, name="sound", daemon=True).start()

    def start(self, piece: Piece) -> Coming:
        """Return the sound of a piece, made or still to be made. Raises AudioError when closed."""
        key = content_hash(piece)
        with self._changed:
            return self._find(key) or self._add(key, Coming(piece, self._clock()))

    def want(self, piece: Piece) -> Coming:
        """Do as `start` does, for one who waits: it passes all others, and its beginning is made before the whole."""
        key = content_hash(piece)
        with self._changed:
            coming = self._find(key) or self._add(key, Coming(piece, self._clock()))
            if key in self._waiting and not coming.beginning.done():
                coming.hurried = True
                self._order.remove(key)
                self._order.appendleft(key)
                self._changed.notify()
        return coming

    def get(self, piece: Piece) -> Coming | None:
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

    def _find(self, key: str) -> Coming | None:
        if key in self._waiting:
            self._waiting.move_to_end(key)
            return self._waiting[key]
        return self._running.get(key) or self._sounds.get(key) or self._failures.get(key)

    def _add(self, key: str, coming: Coming) -> Coming:
        if self._closed:
            raise AudioError(_CLOSED)
        for future in (coming.whole, coming.beginning):
            future.set_running_or_notify_cancel()  # from here on nobody can cancel what others wait for too
        if len(self._waiting) >= self._most_waiting:
            self._drop(_TOO_MANY)
        self._waiting[key] = coming
        self._order.append(key)
        self._changed.notify()
        return coming

    def _drop(self, why: str) -> None:
        """Give up the waiting sound that has not been asked about for the longest time."""
        key, coming = self._waiting.popitem(last=False)
        self._order.remove(key)
        if not coming.beginning.done():
            coming.beginning.set_result(None)
        coming.whole.set_exception(AudioError(why))

    def _work(self) -> None:
        while found := self._next():
            self._run(*found)

    def _next(self) -> tuple[str, Coming] | None:
        """Wait for something to do; None when closed."""
        with self._changed:
            while not self._closed:
                if (key := self._due()) is not None:
                    self._order.remove(key)
                    self._running[key] = self._waiting.pop(key)
                    return key, self._running[key]
                self._changed.wait(_LOOK if self._order else None)
        return None

    def _due(self) -> str | None:
        """Return the first sound that lets nothing else go first."""
        if not self._order or not self._is_busy():
            return next(iter(self._order), None)
        begun = self._clock() - PATIENCE
        return next(
            (key for key in self._order if self._waiting[key].hurried or self._waiting[key].since <= begun), None
        )

    def _run(self, key: str, coming: Coming) -> None:
        """Make a sound, or its beginning where that is wanted; whatever goes wrong goes to those who wait for it."""
        kept: Cache[str, Coming]
        if self._has_begun(key, coming):
            return
        try:
            settle, kept = partial(coming.whole.set_result, self._make(coming.piece)), self._sounds
        except Exception as error:
            settle, kept = partial(coming.whole.set_exception, error), self._failures
        with self._changed:
            del self._running[key]
            settle()
            coming.beginning = Future()  # who was shown it has it; here it would only take room
            coming.beginning.set_result(None)
            kept[key] = coming

    def _has_begun(self, key: str, coming: Coming) -> bool:
        """Make the beginning if it is wanted, and let the whole wait then; what goes wrong is told by the whole."""
        if coming.beginning.done():
            return False
        found = None
        if coming.hurried:
            with suppress(AudioError):
                found = self._make_beginning(coming.piece)
        with self._changed:
            coming.beginning.set_result(found)
            if found is None or self._closed:
                return False
            coming.hurried, coming.since = False, self._clock()
            self._waiting[key] = self._running.pop(key)
            self._order.appendleft(key)
            self._changed.notify()
        return True


def _size(sound: Future[Rendering], most: int) -> int:
    """Return the bytes of a sound, but not more than there is room for: the largest is kept too, alone."""
    return min(len(sound.result().data), most)
