"""Measure how fast MIDI files are read, beside `music21.converter.parse`.

    python -m benchmarks.reading [DIR] [--data DIR]

DIR is any folder of MIDI files, with folders in it or without; by default `midi` in the data folder. Both read the same
bytes in turns, in one run (from bytes, music21 has no cache to answer from). The last line is JSON: medians over the
rounds, in notes a second.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

import music21

from benchmarks.datasets import MIDI, NO_STYLE, add_data_option, data_path
from core.midi import MidiError, read

ROUNDS = 3
FILES_A_FOLDER = 2
LARGEST = 60_000
"""Bytes; music21 takes ten seconds and more for files beyond that."""

Sample = list[tuple[bytes, int]]
"""Files with their numbers of notes."""


def ours(data: bytes) -> None:
    """Read by this project."""
    read(data, "sample.mid")


def theirs(data: bytes) -> None:
    """Read by music21."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # music21 warns about the names of tracks
        music21.converter.parse(data, format="midi")


READERS: dict[str, Callable[[bytes], None]] = {"ours": ours, "music21": theirs}


def sample(folder: Path) -> Sample:
    """Pick a few files of middling size from each folder that can be read."""
    found: Sample = []
    for inner in sorted({path.parent for path in folder.rglob("*.mid")} - {folder / NO_STYLE}):
        paths = sorted(path for path in inner.glob("*.mid") if path.stat().st_size <= LARGEST)
        for path in paths[len(paths) // 3 :: max(len(paths) // 3, 1)][:FILES_A_FOLDER]:
            found += _counted(path)
    return found


def _counted(path: Path) -> Sample:
    data = path.read_bytes()
    try:
        reading = read(data, path.name)
    except MidiError:
        return []
    return [(data, reading.notes + reading.drum_hits)]


def seconds(task: Callable[[bytes], None], data: bytes) -> float:
    """Return how long a task takes."""
    begin = time.perf_counter()
    task(data)
    return time.perf_counter() - begin


def measure(files: Sample) -> dict[str, float]:
    """Return the notes a second of both readers."""
    notes = sum(count for _, count in files)
    rates: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(ROUNDS):
        taken = dict.fromkeys(READERS, 0.0)
        for data, _ in files:
            for name, reader in READERS.items():
                taken[name] += seconds(reader, data)
        for name, total in taken.items():
            rates[name].append(notes / total)
            print(f"{name:10} {notes / total:12,.0f} notes/s", flush=True)
    return {name: median(each) for name, each in rates.items()}


def main() -> None:
    """Measure both readers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    add_data_option(parser)
    options = parser.parse_args()
    folder = options.folder or data_path(options.data, MIDI)
    files = sample(folder)
    if not files:
        raise SystemExit(f"There are no MIDI files in {folder}. Name another folder: python -m benchmarks.reading DIR")
    print(f"{len(files)} files, {sum(count for _, count in files):,} notes, {ROUNDS} rounds")
    found = measure(files)
    ratio = round(found["ours"] / found["music21"], 1)
    print(json.dumps({name: round(rate) for name, rate in found.items()} | {"ratio": ratio}))


if __name__ == "__main__":
    main()
