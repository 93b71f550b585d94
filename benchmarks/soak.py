"""Attack the app and load it: damaged files, a crowd of visitors, hundreds of visits, long pieces, little memory.

    python -m benchmarks.soak [--files N] [--models N] [--visitors N] [--rounds N] [--pieces N] [--limit GB]

`files` are damaged MIDI files, zip archives and models, see `damage`. `start` is how long the first page takes from the
start of the server. `crowd` lets so many visitors at once open the app, train (six trainings, each shared by those who
ask for the same), compose, and fetch the sound. `rounds` lets visitors come one after another, compose, listen and
leave. `long` drops so many pieces of 15 minutes in a browser and waits for the sound of each. The server and all that
it starts are held to `--limit` GB of memory, where this process may make a control group (on Linux, as root); else
`limit` is null. Prints a table, and last one line of JSON: faults, seconds of a run of a page (median and 95th
percentile), memory in MB: of the server and of all its processes, at most, and how much the server grew over the second
half of the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from typing import Any

import numpy as np
import psutil
from playwright.sync_api import Error, FilePayload, sync_playwright
from websockets import WebSocketException

from benchmarks.browser import ROOT, choose, chromium, go, served
from benchmarks.damage import damage
from benchmarks.visitor import PageError, Visitor
from core import midi
from core.lstm.inference import limit_blas_threads
from core.notes import Piece, as_notes, transpose

_TRAININGS, _SECONDS = 6, 5
_MB = 1e6
_FAULTS = (PageError, OSError, WebSocketException)
_LONGEST_TOLD = 300
_MINUTES, _PATIENCE = 15, 180_000  # of a long piece; milliseconds
_SOUND = ".st-key-sound-whole-piece audio"
_WHOLE = f"document.querySelector('{_SOUND}')?.src"


def main() -> None:
    """Do all of it, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--models", type=int, default=2_000)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--pieces", type=int, default=10)
    parser.add_argument("--limit", type=float, default=2.7)
    options = parser.parse_args()
    limit_blas_threads()
    found: dict[str, Any] = {"files": damage(options.files, options.models)}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as home, served(Path(home), Path(home) / "log") as address:
        server = server_of(address)
        with limited(server, round(options.limit * 1000 * _MB)) as limit:
            with Visitor(address) as first:
                first.open()
            found["start"] = round(time.monotonic() - begun, 2)
            found["limit"] = limit
            found["crowd"] = crowd(address, server, options.visitors)
            found["rounds"] = rounds(address, server, options.rounds)
            found["long"] = long_pieces(address, server, options.pieces)
            found["tracebacks"] = (Path(home) / "log").read_text().count("Traceback")
    for name, each in found.items():
        print(f"{name:10} {each}")
    print(json.dumps(found))


@contextmanager
def limited(server: psutil.Process, most: int) -> Iterator[int | None]:
    """Hold a server, and all that it starts from now on, to so many bytes; yield the limit, None where that cannot be.

    Beyond it the system ends a process of the server.
    """
    second = Path("/sys/fs/cgroup/cgroup.controllers").exists()  # the second version of control groups
    group = Path("/sys/fs/cgroup" if second else "/sys/fs/cgroup/memory") / f"encore-{os.getpid()}"
    try:
        group.mkdir()
        (group / ("memory.max" if second else "memory.limit_in_bytes")).write_text(str(most))
        (group / "cgroup.procs").write_text(str(server.pid))
    except OSError as error:
        print(f"the memory cannot be limited here: {error}")
        yield None
        return
    try:
        yield most
    finally:
        for process in (group / "cgroup.procs").read_text().split():
            (group.parent / "cgroup.procs").write_text(process)
        group.rmdir()


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


def long_pieces(address: str, server: psutil.Process, many: int) -> dict[str, Any]:
    """Drop pieces of some 15 minutes on the page Music, choose each, and wait until the whole of its sound is there."""
    waits, faults = [], []
    there = f"{_WHOLE} && document.querySelector('{_SOUND}').duration > {50 * _MINUTES}"
    files: list[FilePayload] = [
        {"name": f"{number}.mid", "mimeType": "audio/midi", "buffer": midi.write(long_piece(number))}
        for number in range(many)
    ]
    with _watched(server) as memory, sync_playwright() as playwright:
        browser = chromium(playwright)
        page = browser.new_page()
        page.set_default_timeout(_PATIENCE)
        try:
            go(page, f"{address}/Music")
            page.locator("input[type=file]").set_input_files(files)
            page.get_by_text(f"{many} pieces with").wait_for()
            for number in range(many):
                begun, before = time.monotonic(), page.evaluate(_WHOLE)
                if number:
                    choose(page, "piece", f"{number}.mid")
                    page.wait_for_function(f"{_WHOLE} && {_WHOLE} !== {json.dumps(before)}")
                page.wait_for_function(there)
                waits.append(time.monotonic() - begun)
        except Error as error:
            faults.append(_told(error))
        browser.close()
    return {"pieces": len(waits), "median": round(median(waits), 1) if waits else None, "faults": faults, **memory}


def long_piece(number: int) -> Piece:
    """Return a rag that is played again and again for as much of 15 minutes as it fits, each number in another key."""
    file = ROOT / "assets" / "music" / "ragtime" / "joplin-maple-leaf-rag.mid"
    rag = transpose(midi.read(file.read_bytes(), file.name).piece, number)
    times = int(60 * _MINUTES / rag.seconds)
    notes = np.tile(rag.notes, times)
    notes["onset"] += np.repeat(np.arange(times) * rag.end, len(rag.notes))
    return Piece(as_notes(notes), rag.tracks, rag.tempos, rag.metres)


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
