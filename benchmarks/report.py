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
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
KEPT = PICTURES = HERE / "results"
DATA = HERE.parents[1] / "shared" / "data"
BASES = KEPT / "bases"
JSB = str(DATA / "jsb" / "jsb_quarter.json")
CORPUS = str(DATA / "base-corpus")
STEPS = ("--steps", "6000")

Found = dict[str, Any]
Lines = Iterator[str]


@dataclass(frozen=True)
class Benchmark:
    """One command, and how what it found is told."""

    title: str
    arguments: tuple[str, ...]
    tell: Callable[[Found], Lines]


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Lines:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(each if isinstance(each, str) else number(each) for each in row) + " |"
    yield ""


def number(value: Any) -> str:
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def picture(name: str, alt: str) -> Lines:
    plt.tight_layout()
    plt.savefig(PICTURES / f"{name}.svg", metadata={"Date": None})
    plt.close()
    yield f"![{alt}](results/{name}.svg)"
    yield ""


def reading(found: Found) -> Lines:
    yield from table(
        ("reader", "notes a second"), [("this project", found["ours"]), ("`music21.converter.parse`", found["music21"])]
    )
    yield f"{found['ratio']:.0f} times as fast."
    yield ""


def training(found: Found) -> Lines:
    names = {
        "limit": "matrix products alone, in TensorFlow",
        "ours": "this project, one LSTM",
        "pytorch": "PyTorch `nn.LSTM`, two threads",
        "keras": "Keras in `tf.function`",
        "blog": "Keras in an eager loop, as in the blog",
        "joint": "this project, the joint network with its heads",
    }
    rows: list[Sequence[object]] = []
    for key, name in names.items():
        if key in found:
            small, large = found[key], found[f"{key}_512"]
            rows.append((name, small, found["ours"] / small, large, found["ours_512"] / large))
    yield from table(("tokens a second", "256 cells", "ours is times that", "512 cells", "ours is times that"), rows)
    yield (
        f"Of what the matrix products alone allow, one LSTM reaches {found['ours'] / found['limit']:.0%} "
        f"at 256 cells and {found['ours_512'] / found['limit_512']:.0%} at 512."
    )
    yield ""


def sampling(found: Found) -> Lines:
    names = {
        "ours": "this project, one voice",
        "ours_batch8": "this project, eight voices",
        "pytorch": "PyTorch",
        "blog": "Keras in an eager loop, as in the blog",
    }
    rows = [(names[key], found[key], found["ours"] / found[key]) for key in names if key in found]
    yield from table(("way", "events a second", "ours, one voice, is times that"), rows)


def cost(found: Found) -> Lines:
    _, axes = plt.subplots(2, 2, figsize=(9, 6))
    titles = {
        "units": "cells",
        "batch": "rows side by side (batch)",
        "length": "notes a window (length)",
    }
    for axis, (key, name) in zip(axes.flat, titles.items(), strict=False):
        axis.plot(*zip(*found[key], strict=True), "o-")
        axis.set(xlabel=name, ylabel="notes learned a second", xscale="log", ylim=(0, None))
        axis.set_xticks([value for value, _ in found[key]], [str(value) for value, _ in found[key]])
        axis.minorticks_off()
    last = axes.flat[3]
    for key in ("read", "epoch", "store"):
        last.loglog(*zip(*found[key], strict=True), "o-", label=key)
    last.set(xlabel="pieces", ylabel="seconds")
    last.legend()
    yield from picture("cost", "notes learned a second against sizes; seconds against pieces")
    yield from table(("pieces", *(f"{many:,}" for many, _ in found["read"])), [
        (name, *(taken for _, taken in found[key]))
        for key, name in {"read": "seconds to read", "epoch": "to learn once", "store": "to store"}.items()
    ])  # fmt: skip
    plt.figure(figsize=(5, 3))
    plt.plot(*zip(*found["compose"], strict=True), "o-")
    plt.xlabel("notes of the take")
    plt.ylabel("seconds to compose")
    plt.ylim(0)
    yield from picture("composing", "seconds to compose against the notes of the take")
    start = found["start"]
    yield (
        f"From the press to the first step of a training: {start['warm']:.2f} s ({start['cold']:.1f} s for the first, "
        f"while the process itself starts); {start['reports']:.1f} reports a second."
    )
    yield ""


def jsb(found: Found) -> Lines:
    yield f"{found['nats_per_frame']:.2f} nats per frame on the part `{found['part']}` ({found['frames']:,} frames)."
    yield ""


WAYS = {
    "unigram": "unigram",
    "ngram": "n-gram",
    "nothing": "from nothing, 60 s",
    "start 20": "head start, 20 s",
    "start 60": "head start, 60 s",
}


def learning(found: Found) -> Lines:
    styles = sorted(found, key=lambda style: found[style]["nothing"]["all"])
    rows: list[Sequence[object]] = [
        (style, str(found[style]["pieces"]), *(found[style].get(way, {}).get("all") for way in WAYS))
        for style in styles
    ]
    yield from table(("bits per note", "pieces", *WAYS.values()), [[*map(decimals, row)] for row in rows])
    plt.figure(figsize=(9, 4))
    for place, (way, name) in enumerate(WAYS.items()):
        if way != "unigram":
            heights = [found[style].get(way, {}).get("all", 0.0) for style in styles]
            plt.bar([at + place * 0.2 - 0.5 for at in range(len(styles))], heights, 0.2, label=name)
    plt.xticks(range(len(styles)), styles, rotation=25, ha="right")
    plt.ylabel("bits per note")
    plt.legend()
    yield from picture("learning", "bits per note by style and way")
    yield "Against the classic family, counting gap and pitch alone (seed 0, 60 s from nothing):"
    yield ""
    rows = []
    for style in styles:
        joint, classic = found[style]["seeds"][0]["nothing"], found[style]["classic"]
        ours, theirs = joint["gap"] + joint["pitch"], classic["all"]
        rows.append([style, *map(decimals, (ours, theirs)), f"{1 - ours / theirs:.0%}"])
    yield from table(("bits per note", "joint", "classic", "less"), rows)


def decimals(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value or "")


def choices(found: Found) -> Lines:
    styles = list(next(iter(found["choices"].values())))
    usual = found["choices"]["as it is"]
    rows = [
        (name, *(f"{bits[style]:.2f} ({bits[style] - usual[style]:+.2f})" for style in styles))
        for name, bits in found["choices"].items()
    ]
    yield from table((f"bits per note after {found['seconds']:.0f} s", *styles), rows)


def listening(found: Found) -> Lines:
    columns = ("empty", "stuck", "copied", "copied most", "known 4", "known 8", "known 16", "like")
    for style, ways in found.items():
        own = ways["corpus"]
        rows = [(way, *(row[key] for key in columns)) for way, row in ways.items() if way != "corpus"]
        rows.append(("the corpus itself", *(own.get(key) for key in columns)))
        yield f"**{style}**"
        yield ""
        yield from table(("takes", *columns), rows)
    _, axis = plt.subplots(figsize=(6, 3.5))
    for style, ways in found.items():
        points = [(float(way.split()[1]), row["like"]) for way, row in ways.items() if way.startswith("temperature")]
        (line,) = axis.plot(*zip(*points, strict=True), "o-", label=style)
        axis.axhline(ways["real"]["like"], color=line.get_color(), linestyle=":")
    axis.set(xlabel="temperature", ylabel="overlapping area with the corpus")
    axis.legend(fontsize="small")
    yield from picture("listening", "likeness to the corpus against temperature; dotted: real passages")
    names = [key for key in next(iter(found.values()))["real"] if key.startswith("like ")]
    yield "Overlapping areas by histogram, at the usual settings with the head start, without it, and of real passages:"
    yield ""
    rows = [
        (f"{style}, {name}", *(ways[way][key] for key in names), ways[way]["like"])
        for style, ways in found.items()
        for way, name in (("temperature 1.0", "head start"), ("from nothing", "from nothing"), ("real", "real"))
    ]
    yield from table(("", *(name.removeprefix("like ") for name in names), "all"), rows)


BENCHMARKS: Mapping[str, Benchmark] = {
    "reading": Benchmark("Reading MIDI files", (), reading),
    "training": Benchmark("Training speed", (), training),
    "sampling": Benchmark("Drawing notes", (), sampling),
    "cost": Benchmark("Cost as work grows", (), cost),
    "jsb": Benchmark(
        "Bach's chorales, the standard benchmark",
        ("--train", JSB, "--score", JSB, "--part", "valid", "--seconds", "150"),
        jsb,
    ),
    "learning": Benchmark("What a minute is worth", ("--bases", str(BASES)), learning),
    "choices": Benchmark("What was tried", (), choices),
    "listening": Benchmark("What comes out", (), listening),
}
LEFT_OUT = {"no_keyboard": ("keyboard",), "keyboard_only": ("vocal", "chamber-and-ensemble", "solo-melody", "BachJS")}


def make_bases() -> None:
    """Learn the base models that have not seen a style, where they are not there yet."""
    for name, words in LEFT_OUT.items():
        if not (BASES / f"{name}.npz").exists():
            command = ["benchmarks.base", CORPUS, *STEPS, "--without", *words, "--out", str(BASES / name)]
            subprocess.run([sys.executable, "-m", *command], check=True)


def run(name: str) -> None:
    """Run one benchmark and keep its last line, with how long it took."""
    begun = time.monotonic()
    command = [sys.executable, "-m", f"benchmarks.{name}", *BENCHMARKS[name].arguments]
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


def keep(name: str, found: Found, seconds: float) -> None:
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
            arguments = " ".join(each.replace(str(DATA), "../shared/data") for each in benchmark.arguments)
            arguments = arguments.replace(str(BASES), "benchmarks/results/bases")
            minutes = max(round(kept["seconds"] / 60), 1)
            lines += [f"## {benchmark.title}", "", f"`python -m benchmarks.{name} {arguments}`".replace(" `", "`")]
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
