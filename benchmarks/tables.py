"""How the figures of each benchmark are told: tables in Markdown and pictures in SVG, from the JSON that it printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from benchmarks.similarity import MOTIFS

PICTURES = Path(__file__).parent / "results"

Found = dict[str, Any]
Lines = Iterator[str]


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


def picture(figure: Figure, name: str, alt: str) -> Lines:
    figure.tight_layout()
    figure.savefig(PICTURES / f"{name}.svg", metadata={"Date": None})
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
    figure = Figure(figsize=(9, 6))
    axes = figure.subplots(2, 2)
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
    yield from picture(figure, "cost", "notes learned a second against sizes; seconds against pieces")
    yield from table(("pieces", *(f"{many:,}" for many, _ in found["read"])), [
        (name, *(taken for _, taken in found[key]))
        for key, name in {"read": "seconds to read", "epoch": "to learn once", "store": "to store"}.items()
    ])  # fmt: skip
    figure = Figure(figsize=(5, 3))
    axis = figure.subplots()
    axis.plot(*zip(*found["compose"], strict=True), "o-")
    axis.set(xlabel="notes of the take", ylabel="seconds to compose", ylim=(0, None))
    yield from picture(figure, "composing", "seconds to compose against the notes of the take")
    start = found["start"]
    yield (
        f"From the press to the first step of a training: {start['warm']:.2f} s ({start['cold']:.1f} s for the first, "
        f"while the process itself starts); {start['reports']:.1f} reports a second."
    )
    yield ""


def jsb(found: Found) -> Lines:
    yield f"{found['nats_per_frame']:.2f} nats per frame on the part `{found['part']}` ({found['frames']:,} frames)."
    yield ""


TRAINED = {
    "nothing": "from nothing, 60 s",
    "start 20": "head start, 20 s",
    "start 60": "head start, 60 s",
}


def learning(found: Found) -> Lines:
    styles = sorted(found, key=lambda style: found[style]["nothing"]["all"])
    rows = [[style, *size(found[style]), *map(decimals, costs(found[style]).values())] for style in styles]
    yield from table(("bits per note", "pieces", "draws", *costs(found[styles[0]])), rows)
    figure = Figure(figsize=(9, 4))
    axis = figure.subplots()
    for place, name in enumerate(("n-gram", "past alone", *TRAINED.values())):
        heights = [costs(found[style])[name] or 0.0 for style in styles]
        axis.bar([at + place * 0.16 - 0.32 for at in range(len(styles))], heights, 0.16, label=name)
    axis.set_xticks(range(len(styles)), styles, rotation=25, ha="right")
    axis.set_ylabel("bits per note")
    axis.legend()
    yield from picture(figure, "learning", "bits per note by style and way")
    yield "Against the classic family, counting gap and pitch alone (first draw):"
    yield ""
    rows = []
    for style in styles:
        first = found[style]["seeds"][0]
        theirs = found[style]["classic"]["all"]
        ours = [first[way]["gap"] + first[way]["pitch"] for way in ("nothing", "start 20")]
        ours.insert(1, first["nothing"]["alone gap and pitch"])
        pairs = [each for bits in ours for each in (decimals(bits), f"{1 - bits / theirs:.0%}")]
        rows.append([style, decimals(theirs), *pairs])
    joint = ("joint, from nothing, 60 s", "its network alone", "joint, head start, 20 s")
    yield from table(("bits per note", "classic, 60 s", *(each for name in joint for each in (name, "less"))), rows)


def long(found: Found) -> Lines:
    for style, each in found.items():
        aside = each["nothing"]
        yield (
            f"{style}: {aside['all']:.2f} bits per note after {aside['seconds']:.0f} s from nothing "
            f"({aside['alone']:.2f} by the network alone)."
        )
        yield ""


def size(style: Found) -> tuple[str, str]:
    """Return how many pieces a style has, and how many draws were measured."""
    return str(style["pieces"]), str(len(style["seeds"]))


def costs(style: Found) -> dict[str, float | None]:
    """Return the bits per note of each way by its name, None where it was not measured."""
    ways = {name: style.get(way, {}) for way, name in TRAINED.items()}
    return {
        "unigram": style["unigram"]["all"],
        "n-gram": style["ngram"]["all"],
        "past alone": style["nothing"]["past"],
        **{name: bits.get("all") for name, bits in ways.items()},
        **{f"{name}, alone": bits.get("alone") for name, bits in ways.items()},
    }


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
    known = (f"known {length}" for length in MOTIFS)
    columns = ("empty", "stuck", "returns", "copied", "copied most", *known, "like", "style", "divergence")
    for style, ways in found.items():
        own = ways["corpus"]
        rows = [(way, *(row[key] for key in columns)) for way, row in ways.items() if way != "corpus"]
        rows.append(("the corpus itself", *(own.get(key) for key in columns)))
        yield f"**{style}**"
        yield ""
        yield from table(("takes", *columns), rows)
    figure = Figure(figsize=(6, 3.5))
    axis = figure.subplots()
    for style, ways in found.items():
        points = [(float(way.split()[1]), row["style"]) for way, row in ways.items() if way.startswith("temperature")]
        (line,) = axis.plot(*zip(*points, strict=True), "o-", label=style)
        axis.axhline(ways["real"]["style"], color=line.get_color(), linestyle=":")
    axis.set(xlabel="temperature", ylabel="style (overlap of distances)")
    axis.legend(fontsize="small")
    yield from picture(figure, "listening", "nearness of style against temperature; dotted: real passages")
    names = [key for key in next(iter(found.values()))["real"] if key.startswith("style ")]
    yield "*Style* by histogram, at the usual settings with the head start, without it, and of real passages:"
    yield ""
    rows = [
        (f"{style}, {name}", *(ways[way][key] for key in (*names, "style", "divergence")))
        for style, ways in found.items()
        for way, name in (("temperature 1.0", "head start"), ("from nothing", "from nothing"), ("real", "real"))
    ]
    yield from table(("", *(name.removeprefix("style ") for name in names), "all", "divergence"), rows)


def primers(found: Found) -> Lines:
    rows = [(style, way, *each.values()) for style, ways in found.items() for way, each in ways.items() if each]
    measures = next((list(each) for ways in found.values() for each in ways.values() if each), [])
    yield from table(("style", "goes on", *measures), rows)
