"""Run the benchmarks and write `benchmarks/RESULTS.md` from what they print.

    python -m benchmarks.report [NAME ...] [--data DIR] [--only-write]

Without names all are run, which takes about three hours on two cores. The last line of each is kept in
`benchmarks/results`, so that any of them can be run again by itself; `--only-write` runs none. The text around the
results is that of `benchmarks/ABOUT.md`. Most benchmarks need the data folder, see `benchmarks/datasets.py`.
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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl

from benchmarks import tables
from benchmarks.datasets import CHORALES, MIDI, add_data_option, data_path

HERE = Path(__file__).parent
ROOT = HERE.parent
RESULTS = HERE / "RESULTS.md"
ABOUT = HERE / "ABOUT.md"
KEPT = HERE / "results"
LEADERS = ("as it is", "windows of 32 notes", "learning rate 0.006", "dropout 0.5", "how long held notes last")


@dataclass(frozen=True)
class Benchmark:
    """One command, and how its results are shown. `data` is whether it needs the data folder."""

    title: str
    module: str
    arguments: tuple[str, ...]
    show: Callable[[tables.Found], tables.Lines]
    data: bool = True

    def command(self, data: str | None) -> list[str]:
        """Return the command, for a data folder where it needs one."""
        named = ["--data", data] if self.data and data else []
        return ["python", "-m", f"benchmarks.{self.module}", *named, *self.arguments]


BENCHMARKS: Mapping[str, Benchmark] = {
    "reading": Benchmark("Reading MIDI files", "reading", (), tables.reading),
    "training": Benchmark("Training speed", "training", (), tables.training, data=False),
    "sampling": Benchmark("Sampling speed", "sampling", (), tables.sampling, data=False),
    "cost": Benchmark("Cost as work grows", "cost", (), tables.cost),
    "jsb": Benchmark(
        "Bach's chorales, the standard benchmark", "jsb", ("--part", "valid", "--seconds", "150"), tables.jsb
    ),
    "learning": Benchmark("What a minute is worth", "learning", (), tables.learning),
    "long": Benchmark(
        "What ten minutes are worth",
        "learning",
        ("--styles", CHORALES, "--ways", "nothing", "--seconds", "600", "--seeds", "0"),
        tables.long,
        data=False,
    ),
    "ablation": Benchmark("Ablations", "ablation", (), tables.ablation),
    "ablation_minute": Benchmark(
        "Ablations, after a minute", "ablation", ("--seconds", "60", "--only", *LEADERS), tables.ablation
    ),
    "generation": Benchmark("What comes out", "generation", (), tables.generation),
    "listening": Benchmark("What a musician hears, in ten styles", "listening", (), tables.listening),
    "copying": Benchmark("What is copied from one piece, from three and from 300", "copying", (), tables.copying),
    "primers": Benchmark("Going on from a primer", "primers", (), tables.primers),
    "infilling": Benchmark("A passage done anew", "infilling", (), tables.infilling),
    "guards": Benchmark("Guards of composing", "guards", ("--takes", "8"), tables.guards),
    "studio": Benchmark("Waiting on the page Compose", "studio", (), tables.studio, data=False),
    "soak": Benchmark("Attack and load", "soak", (), tables.soak, data=False),
    "cluster": Benchmark("Trainings on other computers", "cluster", (), tables.cluster, data=False),
    "mutants": Benchmark("Mutation testing", "mutants", (), tables.mutants, data=False),
}


def needed_data(names: Sequence[str], named: Path | None) -> str | None:
    """Return the data folder if one of some benchmarks needs it. Ends the program where it is not named."""
    if not any(BENCHMARKS[name].data for name in names):
        return None
    return str(data_path(named, MIDI).parent.resolve())


def run(name: str, data: str | None) -> bool:
    """Run one benchmark and keep its last line, with how long it took; return whether it ended well."""
    begun, last = time.monotonic(), ""
    command = [sys.executable, *BENCHMARKS[name].command(data)[1:]]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line
    if process.returncode == 0:
        keep(name, json.loads(last), time.monotonic() - begun)
    return process.returncode == 0


def keep(name: str, found: tables.Found, seconds: float) -> None:
    """Store what a benchmark found, with where and in how many seconds."""
    KEPT.mkdir(exist_ok=True)
    content = {"seconds": round(seconds), "machine": machine(), "found": found}
    (KEPT / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """Return what the results depend on: processor, cores, Python."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def write() -> None:
    """Write RESULTS.md from what is kept; a benchmark without a result is left out."""
    mpl.rcParams["svg.hashsalt"] = "encore"
    opening, *parts = ABOUT.read_text(encoding="utf-8").split("\n## ")
    sections = dict(part.split("\n", 1) for part in parts)
    lines = [opening.strip(), ""]
    for name, benchmark in BENCHMARKS.items():
        path = KEPT / f"{name}.json"
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            minutes = max(round(kept["seconds"] / 60), 1)
            lines += [f"## {benchmark.title}", "", f"`{shlex.join(benchmark.command('DIR'))}`"]
            lines += [f"({minutes} min; {kept['machine']})", "", sections[name].strip(), ""]
            lines += benchmark.show(kept["found"])
    RESULTS.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def main() -> None:
    """Run the benchmarks that are named, by default all, then write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    add_data_option(parser)
    parser.add_argument("--only-write", action="store_true")
    options = parser.parse_args()
    names = [] if options.only_write else options.names or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    data = needed_data(names, options.data)
    failed = [name for name in names if not run(name, data)]
    write()
    if failed:
        raise SystemExit(f"These benchmarks failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
