"""Attack the app and load it: damaged files, a crowd of visitors, hundreds of visits one after another.

    python -m benchmarks.soak [--files N] [--visitors N] [--rounds N]

`files` damages MIDI files, zip archives and models, each in many ways, and reads them: each is read or refused in
words, anything else is a fault. `crowd` lets so many visitors at once open the app, train (six trainings, each shared
by those who ask for the same), compose, and fetch the sound. `rounds` lets visitors come one after another, compose,
listen and leave. Prints a table, and last one line of JSON: faults, seconds of a run of a page (median and 95th
percentile), memory in MB: of the server and of all its processes, at most, and how much the server grew over the second
half of the rounds.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from typing import Any

import psutil
from websockets import WebSocketException

from benchmarks.browser import ROOT, served
from benchmarks.visitor import PageError, Visitor
from core import midi
from core.composing.take import ComposingError, compose
from core.config import ComposingSettings
from core.corpus.uploads import unpack
from core.models.base import BASE_MODEL
from core.models.file import read_file
from core.models.model import ModelError

_TRAININGS, _SECONDS = 6, 5
_MB = 1e6
_FAULTS = (PageError, OSError, WebSocketException)
_LONGEST_TOLD = 300


def main() -> None:
    """Do all three, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    found: dict[str, Any] = {"files": damage(options.files)}
    with tempfile.TemporaryDirectory() as home, served(Path(home), Path(home) / "log") as address:
        server = server_of(address)
        found["crowd"] = crowd(address, server, options.visitors)
        found["rounds"] = rounds(address, server, options.rounds)
        found["tracebacks"] = (Path(home) / "log").read_text().count("Traceback")
    for name, each in found.items():
        print(f"{name:8} {each}")
    print(json.dumps(found))


def damage(many: int) -> dict[str, Any]:
    """Damage files of three kinds, and count what becomes of them."""
    song = (ROOT / "assets" / "music" / "ragtime" / "joplin-maple-leaf-rag.mid").read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for number in range(3):
            zipped.writestr(f"{number}.mid", song[: 4000 + number])
    model = next(BASE_MODEL.parent.glob("*.encore")).read_bytes()
    kinds: dict[str, tuple[bytes, int, Callable[[bytes], str]]] = {
        "midi": (song, many, _read_song),
        "zip": (archive.getvalue(), many, _read_archive),
        "model": (model, many // 20, _read_model),
    }
    return {kind: _damaged(*each) for kind, each in kinds.items()}


def _damaged(data: bytes, many: int, read: Callable[[bytes], str]) -> dict[str, Any]:
    rng, outcomes, longest = random.Random(1), Counter[str](), 0.0
    for _ in range(many):
        changed, begun = _changed(data, rng), time.process_time()
        try:
            outcomes[read(changed)] += 1
        except Exception as error:
            outcomes[f"fault: {type(error).__name__}"] += 1
        longest = max(longest, time.process_time() - begun)
    return {**outcomes, "longest": round(longest, 2)}


def _changed(data: bytes, rng: random.Random) -> bytes:
    """Flip bytes, mostly near the beginning; sometimes cut the end off or repeat a part."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 64))):
        changed[min(int(len(data) * rng.random() ** rng.choice((1, 8))), len(data) - 1)] = rng.randrange(256)
    if rng.random() < 0.2:
        del changed[rng.randrange(1, len(changed)) :]
    if rng.random() < 0.1:
        at = rng.randrange(len(changed))
        changed[at:at] = changed[at : at + rng.randrange(1, 1000)]
    return bytes(changed)


def _read_song(data: bytes) -> str:
    try:
        midi.read(data, "song.mid")
    except midi.MidiError:
        return "refused"
    return "read"


def _read_archive(data: bytes) -> str:
    songs = sum(isinstance(each, tuple) for each in unpack([("songs.zip", data)]))
    return "read" if songs else "refused"


def _read_model(data: bytes) -> str:
    try:
        model, _ = read_file(data)
    except ModelError:
        return "refused"
    try:
        compose(model, ComposingSettings(bars=2))
    except ComposingError:
        return "composes nothing"
    return "composes"


def crowd(address: str, server: psutil.Process, visitors: int, seconds: int = _SECONDS) -> dict[str, Any]:
    """Let visitors come at once: each trains, composes and listens."""

    def visit(number: int) -> tuple[list[float], str]:
        with Visitor(address) as visitor:
            try:
                _train(visitor, seconds, number % _TRAININGS)
                _compose_and_listen(visitor)
            except _FAULTS as error:
                return visitor.seconds, _told(error)
        return visitor.seconds, ""

    with _watched(server) as memory, ThreadPoolExecutor(visitors) as threads:
        results = list(threads.map(visit, range(visitors)))
    return _waits([seconds for each, _ in results for seconds in each]) | {
        "visitors": visitors,
        "faults": [fault for _, fault in results if fault],
        **memory,
    }


def rounds(address: str, server: psutil.Process, many: int, seconds: int = _SECONDS) -> dict[str, Any]:
    """Let visitors come one after another; each composes, listens and leaves."""
    waits, faults, sizes = [], [], []
    with _watched(server) as memory:
        with Visitor(address) as first:
            _train(first, seconds, 0)
            query = first.query
        for _ in range(many):
            with Visitor(address) as visitor:
                try:
                    visitor.open("", query)
                    _compose_and_listen(visitor)
                except _FAULTS as error:
                    faults.append(_told(error))
            waits += visitor.seconds
            sizes.append(server.memory_info().rss / _MB)
    half = sizes[len(sizes) // 2 :]
    grown = median(half[-10:]) - median(half[:10]) if half else 0.0
    return _waits(waits) | {"rounds": many, "faults": faults, "grown": round(grown), **memory}


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_LONGEST_TOLD]


def _train(visitor: Visitor, seconds: int, seed: int) -> None:
    """Open a lesson and train; who asks for the same as another shares its training."""
    visitor.open("", f"lesson=ragtime&page=train&seconds={seconds}&seed={seed}")
    visitor.press("train")
    visitor.wait_for(lambda: "The training is finished" in visitor.texts())


def _compose_and_listen(visitor: Visitor) -> None:
    visitor.open("Compose", visitor.query)
    visitor.press("again")
    visitor.wait_for(lambda: visitor.count("open-") >= 4 and not visitor.has("stop-composing"))
    visitor.wait_for(visitor.sounds)


def _waits(seconds: list[float]) -> dict[str, float]:
    return {"median": round(median(seconds), 2), "95 %": round(quantiles(seconds, n=20)[-1], 2)}


def server_of(address: str) -> psutil.Process:
    """Return the server that this process started at an address."""
    port = address.rpartition(":")[2]
    (server,) = [process for process in psutil.Process().children() if port in process.cmdline()]
    return server


@contextmanager
def _watched(server: psutil.Process) -> Iterator[dict[str, int]]:
    """Fill in how much memory the server and all its processes take at most, in MB."""
    most, over = {"server MB": 0, "all MB": 0}, Event()

    def watch() -> None:
        while not over.wait(0.5):
            try:
                own, others = server.memory_info().rss, 0
                for process in server.children(recursive=True):
                    others += process.memory_info().rss
            except psutil.Error:  # one that has just ended
                continue
            most["server MB"] = max(most["server MB"], round(own / _MB))
            most["all MB"] = max(most["all MB"], round((own + others) / _MB))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


if __name__ == "__main__":
    main()
