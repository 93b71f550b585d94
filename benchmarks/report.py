"""Run the benchmarks and write `benchmarks/RESULTS.md` from what they print: `python -m benchmarks.report [NAME ...]`.

Without names all are run, which takes about two and a half hours on two cores. Each one's last line is kept in
`benchmarks/results`, so that any of them can be run again by itself; `--only-write` runs none. The words between the
figures are those of `benchmarks/ABOUT.md`. Most benchmarks need the music in `../shared/data`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl

from benchmarks import tables as telling
from benchmarks.datasets import CHORALES
from core.models.model import ModelError, load

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
KEPT = HERE / "results"
DATA = HERE.parents[1] / "shared" / "data"
BASES = KEPT / "bases"
JSB = str(DATA / "jsb" / "jsb_quarter.json")
CORPUS = str(DATA / "base-corpus")
STEPS = ("--steps", "6000")
LEADERS = ("as it is", "windows of 32 notes", "learning rate 0.006", "dropout 0.5", "how long held notes last")


@dataclass(frozen=True)
class Benchmark:
    """One command, and how what it found is told."""

    title: str
    module: str
    arguments: tuple[str, ...]
    tell: Callable[[telling.Found], telling.Lines]


BENCHMARKS: Mapping[str, Benchmark] = {
    "reading": Benchmark("Reading MIDI files", "reading", (), telling.reading),
    "training": Benchmark("Training speed", "training", (), telling.training),
    "sampling": Benchmark("Drawing notes", "sampling", (), telling.sampling),
    "cost": Benchmark("Cost as work grows", "cost", (), telling.cost),
    "jsb": Benchmark(
        "Bach's chorales, the standard benchmark",
        "jsb",
        ("--train", JSB, "--score", JSB, "--part", "valid", "--seconds", "150"),
        telling.jsb,
    ),
    "learning": Benchmark("What a minute is worth", "learning", ("--bases", str(BASES)), telling.learning),
    "long": Benchmark(
        "What ten minutes are worth",
        "learning",
        ("--styles", CHORALES, "--ways", "nothing", "--seconds", "600", "--seeds", "1"),
        telling.long,
    ),
    "choices": Benchmark("What was tried", "choices", (), telling.choices),
    "later": Benchmark(
        "What was tried, after a minute", "choices", ("--seconds", "60", "--only", *LEADERS), telling.choices
    ),
    "listening": Benchmark("What comes out", "listening", (), telling.listening),
    "primers": Benchmark("Going on from a passage", "primers", (), telling.primers),
}
LEFT_OUT = {"no_keyboard": ("keyboard",), "keyboard_only": ("vocal", "chamber-and-ensemble", "solo-melody", "BachJS")}


def make_bases() -> None:
    """Learn the base models that have not seen a style, where they are not there yet."""
    for name, words in LEFT_OUT.items():
        try:
            load(BASES / name)
        except ModelError:
            command = ["benchmarks.base", CORPUS, *STEPS, "--without", *words, "--out", str(BASES / name)]
            subprocess.run([sys.executable, "-m", *command], check=True)


def run(name: str) -> None:
    """Run one benchmark and keep its last line, with how long it took."""
    begun = time.monotonic()
    command = [sys.executable, "-m", f"benchmarks.{BENCHMARKS[name].module}", *BENCHMARKS[name].arguments]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        last = ""
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line
    if process.returncode:
        sys.exit(f"benchmarks.{name} failed")
    keep(name, json.loads(last), time.monotonic() - begun)


def keep(name: str, found: telling.Found, seconds: float) -> None:
    """Store what a benchmark found, with where and when."""
    KEPT.mkdir(exist_ok=True)
    content = {"seconds": round(seconds), "machine": machine(), "found": found}
    (KEPT / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """Return what the figures depend on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def write() -> None:
    """Write RESULTS.md from what is kept."""
    mpl.rcParams["svg.hashsalt"] = "encore"
    about = (HERE / "ABOUT.md").read_text(encoding="utf-8")
    sections = dict(part.split("\n", 1) for part in about.split("\n## ")[1:])
    lines = [about.split("\n## ")[0].strip(), ""]
    for name, benchmark in BENCHMARKS.items():
        path = KEPT / f"{name}.json"
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            arguments = shlex.join(each.replace(str(DATA), "../shared/data") for each in benchmark.arguments)
            arguments = arguments.replace(str(BASES), "benchmarks/results/bases")
            command = f"python -m benchmarks.{benchmark.module} {arguments}".rstrip()
            minutes = max(round(kept["seconds"] / 60), 1)
            lines += [f"## {benchmark.title}", "", f"`{command}`"]
            lines += [f"({minutes} min; {kept['machine']})", "", sections[name].strip(), ""]
            lines += benchmark.tell(kept["found"])
    RESULTS.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def main() -> None:
    """Run what is asked for, then write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--only-write", action="store_true")
    options = parser.parse_args()
    if not options.only_write:
        names = options.names or list(BENCHMARKS)
        if "learning" in names:
            make_bases()
        for name in names:
            run(name)
    write()


if __name__ == "__main__":
    main()
