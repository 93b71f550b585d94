"""Measure how fast MIDI files are read, beside `music21.converter.parse`: `python -m benchmarks.reading [DIR]`.

Both read the same bytes in turns, in one run (from bytes, music21 has no cache to answer from); figures are medians
over the rounds, in notes a second.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import music21

from core.midi import MidiError, read

ROUNDS = 3
FILES_A_FOLDER = 2
LARGEST = 60_000
"""Bytes; music21 takes ten seconds and more for files beyond that."""

DEFAULT = Path(__file__).parents[2] / "shared" / "data" / "midi"

Sample = list[tuple[Path, bytes, int]]


def ours(data: bytes) -> None:
    read(data, "sample.mid")


def theirs(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # music21 wonders aloud about track names
        music21.converter.parse(data, format="midi")


def sample(folder: Path) -> Sample:
    """Pick a few files of middling size from each folder that can be read, with their numbers of notes."""
    found: Sample = []
    for place in sorted({path.parent for path in folder.rglob("*.mid")} - {folder / "odd"}):
        paths = sorted(path for path in place.glob("*.mid") if path.stat().st_size <= LARGEST)
        for path in paths[len(paths) // 3 :: max(len(paths) // 3, 1)][:FILES_A_FOLDER]:
            found += _counted(path)
    return found


def _counted(path: Path) -> Sample:
    data = path.read_bytes()
    try:
        reading = read(data, path.name)
    except MidiError:
        return []
    return [(path, data, reading.notes + reading.drum_hits)]


def seconds(task: Callable[[bytes], None], data: bytes) -> float:
    begin = time.perf_counter()
    task(data)
    return time.perf_counter() - begin


def measure(files: Sample) -> tuple[float, float]:
    """Return notes a second, ours and music21's."""
    notes = sum(count for _, _, count in files)
    rates: dict[str, list[float]] = {"ours": [], "music21": []}
    for _ in range(ROUNDS):
        taken = {"ours": 0.0, "music21": 0.0}
        for _, data, _ in files:
            taken["ours"] += seconds(ours, data)
            taken["music21"] += seconds(theirs, data)
        for name, total in taken.items():
            rates[name].append(notes / total)
            print(f"{name:10} {notes / total:12,.0f} notes/s", flush=True)
    return statistics.median(rates["ours"]), statistics.median(rates["music21"])


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else DEFAULT
    files = sample(folder) if folder.is_dir() else []
    if not files:
        print(f"There are no MIDI files in {folder}. Name a folder with some: python -m benchmarks.reading DIR")
        return 1
    print(f"{len(files)} files, {sum(count for _, _, count in files):,} notes, {ROUNDS} rounds")
    mine, peer = measure(files)
    print(json.dumps({"ours": round(mine), "music21": round(peer), "ratio": round(mine / peer, 1)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
