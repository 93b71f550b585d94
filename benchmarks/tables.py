"""Owns the presentation of results: tables in Markdown and figures in SVG, from the JSON that each benchmark printed.

Knows nothing about how the results came about. A target that was missed says so beside the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from core.comparison.originality import LENGTHS

FIGURES = Path(__file__).parent / "results"

Found = dict[str, Any]
Lines = Iterator[str]


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Lines:
    """Yield a table; what is no text is rounded by `number`."""
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(each if isinstance(each, str) else number(each) for each in row) + " |"
    yield ""


def number(value: Any) -> str:
    """Write a number with three digits, or all those before the point; None is empty."""
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def percent(value: float) -> str:
    """Write a share."""
    return f"{value:.0%}"


def decimals(value: float | None) -> str:
    """Write bits; None is empty."""
    return "" if value is None else f"{value:.2f}"


def verdict(value: float, target: float, *, at_most: bool = False, text: str | None = None) -> str:
    """Write a result with whether it meets its target: at least so much, or at most."""
    met = value <= target if at_most else value >= target
    return f"{text or number(value)} ({'met' if met else 'missed'})"


def figure(drawn: Figure, name: str, alt: str) -> Lines:
    """Save a figure, and yield the line that shows it."""
    drawn.tight_layout()
    drawn.savefig(FIGURES / f"{name}.svg", metadata={"Date": None})
    yield f"![{alt}](results/{name}.svg)"
    yield ""


def reading(found: Found) -> Lines:
    """Compare the readers."""
    yield from table(
        ("reader", "notes a second"), [("this project", found["ours"]), ("`music21.converter.parse`", found["music21"])]
    )
    yield f"{found['ratio']:.0f} times as fast."
    yield ""


TRAINING_WAYS = {
    "limit": "matrix products only, in TensorFlow",
    "ours": "this project, one LSTM",
    "pytorch": "PyTorch `nn.LSTM`, two threads",
    "keras": "Keras in `tf.function`",
    "eager": "Keras in an eager loop",
    "joint": "this project, the joint network with its heads",
    "joint_limit": "matrix products only of the joint network",
}
TRAINING_TARGETS = {"eager": 8.0, "keras": 2.0, "pytorch": 1.2}
"""How many times as fast as each way this project is to train one LSTM."""
LIMIT_TARGET = 0.6
"""The share of the speed of the matrix products only."""


def training(found: Found) -> Lines:
    """Compare the ways to train one LSTM, and each with its target."""
    rows: list[Sequence[object]] = []
    for way, name in TRAINING_WAYS.items():
        if way in found:
            small, large = found[way], found[f"{way}_512"]
            rows.append((name, small, found["ours"] / small, large, found["ours_512"] / large))
    yield from table(("tokens a second", "256 cells", "one LSTM / this", "512 cells", "one LSTM / this"), rows)
    rows = []
    for way, target in TRAINING_TARGETS.items():
        if way in found:
            ratios = (found[f"ours{size}"] / found[f"{way}{size}"] for size in ("", "_512"))
            label = f"at least {target:g} times {TRAINING_WAYS[way]}"
            rows.append((label, *(verdict(ratio, target) for ratio in ratios)))
    for way, limit in (("ours", "limit"), ("joint", "joint_limit")):
        shares = [found[f"{way}{size}"] / found[f"{limit}{size}"] for size in ("", "_512")]
        verdicts = (verdict(share, LIMIT_TARGET, text=percent(share)) for share in shares)
        rows.append((f"{TRAINING_WAYS[way]}: at least {percent(LIMIT_TARGET)} of {TRAINING_WAYS[limit]}", *verdicts))
    yield from table(("target", "256 cells", "512 cells"), rows)


SAMPLING_WAYS = {
    "ours": "this project, one lane",
    "ours_batch8": "this project, eight lanes",
    "pytorch": "PyTorch",
    "eager": "Keras in an eager loop",
}
SAMPLING_TARGETS = {"eager": 200.0, "pytorch": 8.0}
"""How many times as fast as each way one lane of this project is."""
LANES_TARGET = 2.5
"""How many times as many events as one lane eight lanes draw in the same time."""
TAKES = {"takes": ("a take", 5000.0), "takes_batch8": ("eight takes side by side", 20000.0)}
"""What is composed, and how many notes a second that should be."""


def sampling(found: Found) -> Lines:
    """Compare the ways to draw events, and each with its target."""
    rows = [(name, found[way], found["ours"] / found[way]) for way, name in SAMPLING_WAYS.items() if way in found]
    yield from table(("way", "events a second", "one lane / this"), rows)
    targets = [
        (f"at least {target:g} times {SAMPLING_WAYS[way]}", verdict(found["ours"] / found[way], target))
        for way, target in SAMPLING_TARGETS.items()
        if way in found
    ]
    lanes = verdict(found["ours_batch8"] / found["ours"], LANES_TARGET)
    yield from table(("target", "result"), [*targets, (f"eight lanes at least {LANES_TARGET:g} times one", lanes)])
    takes = [
        (name, found[key], verdict(found[key], target, text=f"at least {target:,.0f}"))
        for key, (name, target) in TAKES.items()
    ]
    yield from table(("composed, with all guards", "notes a second", "target"), takes)


def cost(found: Found) -> Lines:
    """Draw the curves, and list what they say of pieces and of the start."""
    drawn = Figure(figsize=(9, 6))
    axes = drawn.subplots(2, 2)
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
    yield from figure(drawn, "cost", "notes learned a second against sizes; seconds against pieces")
    names = {"read": "seconds to read", "epoch": "to learn once", "store": "to store"}
    rows = [(name, *(taken for _, taken in found[key])) for key, name in names.items()]
    yield from table(("pieces", *(f"{many:,}" for many, _ in found["read"])), rows)
    drawn = Figure(figsize=(5, 3))
    axis = drawn.subplots()
    axis.plot(*zip(*found["compose"], strict=True), "o-")
    axis.set(xlabel="notes of the take", ylabel="seconds to compose", ylim=(0, None))
    yield from figure(drawn, "composing", "seconds to compose against the notes of the take")
    start = found["start"]
    yield (
        f"From the press to the first step of a training: {start['warm']:.2f} s ({start['cold']:.1f} s for the first, "
        f"while the process itself starts); {start['reports']:.1f} reports a second."
    )
    yield ""


JSB_TARGET = 5.0


def jsb(found: Found) -> Lines:
    """Give the result and its target."""
    nats = found["nats_per_frame"]
    result = verdict(nats, JSB_TARGET, at_most=True, text=decimals(nats))
    name = f"nats per frame on the part `{found['part']}` ({found['frames']:,} frames)"
    yield from table((name, "target"), [(result, f"at most {JSB_TARGET}")])


TRAINED = {
    "nothing": "from nothing, 60 s",
    "start 0": "the base",
    "start 20": "from the base, 20 s",
    "start 60": "from the base, 60 s",
}
CLASSIC_TARGET = 0.2
"""The share by which gap and pitch are to cost less than in the classic family."""


def learning(found: Found) -> Lines:
    """Compare the ways to learn each style, and the joint family with the classic one."""
    styles = sorted(found, key=lambda style: found[style]["start 60"]["bits_per_note"])
    rows = [[style, *_size(found[style]), *map(decimals, _costs(found[style]).values())] for style in styles]
    yield from table(("bits per note", "pieces", "draws", *_costs(found[styles[0]])), rows)
    yield from figure(_learning_bars(found, styles), "learning", "bits per note by style and way")
    yield "Gap and pitch only, against the classic family (first draw):"
    yield ""
    joint = (TRAINED["start 60"], "its network only", TRAINED["start 20"])
    head = ("bits per note", "classic, 60 s", *(each for name in joint for each in (name, "less")))
    yield from table(head, [[style, *_against_classic(found[style])] for style in styles])
    yield f"Target: at least {percent(CLASSIC_TARGET)} less."
    yield ""


def _size(style: Found) -> tuple[str, str]:
    """Return how many pieces a style has, and how many draws were measured."""
    return str(style["pieces"]), str(len(style["seeds"]))


def _costs(style: Found) -> dict[str, float | None]:
    """Return the bits per note of each way by its name, None where it was not measured."""
    ways = {name: style.get(way, {}) for way, name in TRAINED.items()}
    return {
        "unigram": style["unigram"]["bits_per_note"],
        "n-gram": style["ngram"]["bits_per_note"],
        "PPM only": style["start 60"]["ppm_only"],
        **{name: bits.get("bits_per_note") for name, bits in ways.items()},
        **{f"{name}, network only": bits.get("network_only") for name, bits in ways.items()},
    }


def _learning_bars(found: Found, styles: Sequence[str]) -> Figure:
    drawn = Figure(figsize=(9, 4))
    axis = drawn.subplots()
    for index, name in enumerate(("n-gram", "PPM only", *TRAINED.values())):
        heights = [_costs(found[style])[name] or 0.0 for style in styles]
        axis.bar([at + index * 0.14 - 0.35 for at in range(len(styles))], heights, 0.14, label=name)
    axis.set_xticks(range(len(styles)), styles, rotation=25, ha="right")
    axis.set_ylabel("bits per note")
    axis.legend()
    return drawn


def _against_classic(style: Found) -> list[str]:
    """Return the cells of a row: classic, and of each way its bits and how much less they are."""
    first = style["seeds"][0]
    classic = style["classic"]["bits_per_note"]
    ways = (
        first["start 60"]["gap"] + first["start 60"]["pitch"],
        first["start 60"]["network_only gap and pitch"],
        first["start 20"]["gap"] + first["start 20"]["pitch"],
    )
    cells = [decimals(classic)]
    for bits in ways:
        less = 1 - bits / classic
        cells += [decimals(bits), verdict(less, CLASSIC_TARGET, text=f"{less:.1%}")]
    return cells


LONG_TARGET = 2.9


def long(found: Found) -> Lines:
    """Give the result and its target."""
    rows = []
    for style, each in found.items():
        bits = each["nothing"]["bits_per_note"]
        result = verdict(bits, LONG_TARGET, at_most=True, text=decimals(bits))
        rows.append((f"{style}, {each['seconds']:.0f} s from nothing", result, f"at most {LONG_TARGET}"))
        rows.append(("its network only", decimals(each["nothing"]["network_only"]), ""))
    yield from table(("bits per note", "result", "target"), rows)


def ablation(found: Found) -> Lines:
    """List the bits of each choice, and how many more they are than those of the first."""
    choices = found["choices"]
    usual = next(iter(choices.values()))
    rows = [
        (name, *(f"{bits[style]:.2f} ({bits[style] - usual[style]:+.2f})" for style in usual))
        for name, bits in choices.items()
    ]
    yield from table((f"bits per note after {found['seconds']:.0f} s", *usual), rows)


HEARD_TARGETS = {
    "on the tonic": (0.8, 10.0),
    "last note": (0.7, 1.4),
    "outside": (2 / 3, 1.3),
    "key distance": (2 / 3, 1.3),
    "rhythms": (0.75, 1.33),
    "notes": (0.75, 1.33),
}
"""Measures of takes against those of real passages: the least and the largest ratio aimed at."""

HEARD = (
    "on the tonic", "last note", "outside", "key distance", "parallels", "rhythms", "notes", "sounding", "returns 8",
    "alike 1", "alike 4", "alike 8", "alike 16",
)  # fmt: skip


def generation(found: Found) -> Lines:
    """List all measures by style, draw OA against temperature, list OA by histogram and what a musician hears."""
    known = (f"known {length}" for length in LENGTHS)
    columns = ("empty", "stuck", "returns", "copy median", "copy max", *known, "overlap", "OA", "KLD")
    for style, ways in found.items():
        rows = [(way, *(row.get(key) for key in columns)) for way, row in ways.items() if way != "corpus"]
        rows.append(("the corpus itself", *(ways["corpus"].get(key) for key in columns)))
        yield f"**{style}**"
        yield ""
        yield from table(("takes", *columns), rows)
    yield from figure(_temperatures(found), "generation", "OA against temperature; dotted: real passages")
    names = [key for key in next(iter(found.values()))["real"] if key.startswith("OA ")]
    yield "OA by histogram, at the usual settings from the base model, from nothing, and of real passages:"
    yield ""
    rows = [
        (f"{style}, {name}", *(ways[way].get(key) for key in (*names, "OA", "KLD")))
        for style, ways in found.items()
        for way, name in (("temperature 1.0", "from the base"), ("from nothing", "from nothing"), ("real", "real"))
    ]
    yield from table(("", *(name.removeprefix("OA ") for name in names), "mean", "KLD"), rows)
    if all(HEARD[0] in ways["real"] for ways in found.values()):
        yield from _heard(found)


def _heard(found: Found) -> Lines:
    yield "What a musician hears of takes (usual settings, from the base model), real passages and the corpus:"
    yield ""
    rows = [
        (f"{style}, {name}", *(ways[way].get(key) for key in HEARD))
        for style, ways in found.items()
        for way, name in (("temperature 1.0", "takes"), ("real", "real"), ("corpus", "corpus"))
    ]
    yield from table(("", *HEARD), rows)
    for name, (low, high) in HEARD_TARGETS.items():
        ratios = {style: _ratio(ways, name) for style, ways in found.items()}
        words = ", ".join(f"{style} {number(ratio)}" for style, ratio in ratios.items() if ratio is not None)
        met = all(ratio is None or low <= ratio <= high for ratio in ratios.values())
        target = f"target {number(low)} to {number(high)}"
        yield f"- {name}, takes against real, {target}: {words} ({'met' if met else 'missed'})"
    yield ""


def _ratio(ways: Found, name: str) -> float | None:
    """Return a measure of takes against that of real passages; None where there is none."""
    takes, real = ways["temperature 1.0"].get(name), ways["real"].get(name)
    return None if takes is None or not real else takes / real


def listening(found: Found) -> Lines:
    """List what a musician hears of takes and of real music, and in which styles a measure is beside the real ones."""
    rows = [
        (f"{style}, {way}", *(ways[way].get(key) for key in HEARD))
        for style, ways in found.items()
        for way in ("takes", "real", "corpus", "classic")
        if way in ways
    ]
    yield from table(("", *HEARD), rows)
    for name, (low, high) in HEARD_TARGETS.items():
        ratios = {
            style: _beside(*(ways[way][name] for way in ("takes", "real", "corpus"))) for style, ways in found.items()
        }
        missed = [f"{style} {number(ratio)}" for style, ratio in ratios.items() if not low <= ratio <= high]
        words = f"met in {len(ratios) - len(missed)} of {len(ratios)} styles"
        words += f", missed in {', '.join(missed)}" if missed else ""
        yield f"- {name}, target {number(low)} to {number(high)}: {words}"
    yield ""


def _beside(takes: float, real: float, corpus: float) -> float:
    """Return takes against the nearer one of two measures of real music; 1 between them."""
    low, high = sorted((real, corpus))
    nearest = min(max(takes, low), high)
    return takes / nearest if nearest else 1.0 + takes


def _temperatures(found: Found) -> Figure:
    drawn = Figure(figsize=(6, 3.5))
    axis = drawn.subplots()
    for style, ways in found.items():
        rows = {way.removeprefix("temperature "): row for way, row in ways.items() if way.startswith("temperature ")}
        points = [(float(temperature), row["OA"]) for temperature, row in rows.items() if "OA" in row]
        (line,) = axis.plot(*zip(*points, strict=True), "o-", label=style)
        axis.axhline(ways["real"]["OA"], color=line.get_color(), linestyle=":")
    axis.set(xlabel="temperature", ylabel="OA (overlapping area of distances)")
    axis.legend(fontsize="small")
    return drawn


def copying(found: Found) -> Lines:
    """List what is copied from each music, beside how much of it comes twice in it."""
    columns = ("pieces", "seconds", "copy median", "copy max", "own repeat")
    rows = [(name, *(row[column] for column in columns)) for name, row in found.items()]
    yield from table(("learned", *columns), rows)
    beyond = [name for name, row in found.items() if row["copy max"] > row["own repeat"]]
    yield f"Longer copies than the music repeats itself: {', '.join(beyond) or 'none'}."
    yield ""


def primers(found: Found) -> Lines:
    """List all measures of both ways by style."""
    rows = [(style, way, row) for style, ways in found.items() for way, row in ways.items() if row]
    measures = list(rows[0][2]) if rows else []
    cells = [(style, way.replace("_", " "), *row.values()) for style, way, row in rows]
    yield from table(("style", "predicted by", *measures), cells)


CLOSED_TARGET, INFILL_SECONDS_TARGET = 0.8, 1.5


def infilling(found: Found) -> Lines:
    """List the bits of what follows, the agreement with the composer and the seams of each way, by style."""
    ways = {"first": "first candidate", "chosen": "chosen", "wrong": "chosen for other music", "composer": "composer"}
    for measure, name in {"bits": "bits per note", "f1": "F1 with the composer's bars", "seam": "seam (bits)"}.items():
        rows = [(style, *(each[way][measure] for way in ways)) for style, each in found.items()]
        yield from table((name, *ways.values()), rows)
    kinds = {"plain": "all notes", "upper": "upper notes", "rhythm": "rhythm kept", "pitches": "pitches kept"}
    shares = [(style, *(percent(each[kind]["closed"]) for kind in kinds)) for style, each in found.items()]
    yield from table(("closed", *kinds.values()), shares)
    times = [(style, *(each[kind]["seconds"] for kind in kinds)) for style, each in found.items()]
    yield from table(("seconds", *kinds.values()), times)
    closed = min(each["plain"]["closed"] for each in found.values())
    taken = max(each[kind]["seconds"] for each in found.values() for kind in kinds)
    yield (
        f"Target: {CLOSED_TARGET:.0%} closed in every style, "
        f"least: {verdict(closed, CLOSED_TARGET, text=percent(closed))}; "
        f"at most {INFILL_SECONDS_TARGET} s, most: {verdict(taken, INFILL_SECONDS_TARGET, at_most=True)}."
    )
    yield ""


def guards(found: Found) -> Lines:
    """List by style and temperature which takes are empty, stuck or hanging, without the guards and with them."""
    rows = []
    for style, each in found.items():
        for temperature, row in each.items():
            if temperature != "real":
                before, after = row["before"], row["after"]
                faults = (f"{percent(before[name])} / {percent(after[name])}" for name in ("empty", "stuck", "hanging"))
                rows.append(
                    (f"{style}, {temperature}", *faults, before["bits"], after["bits"], percent(row["untouched"]))
                )
    yield from table(("without / with guards", "empty", "stuck", "hanging", "bits", "with", "untouched"), rows)
    real = {style: each["real"] for style, each in found.items()}
    led = [(style, row["pieces"], row["led out"], f"{row['notes']:.2%}") for style, row in real.items()]
    yield from table(("real pieces", "pieces", "of them led out", "of their notes"), led)
    worst = max(
        row["after"][name]
        for each in found.values()
        for temperature, row in each.items()
        if temperature != "real"
        for name in ("empty", "stuck", "hanging")
    )
    most = verdict(worst, 0.0, at_most=True, text=percent(worst))
    yield f"Target: none empty, stuck or hanging; most at one temperature: {most}."
    yield ""


STUDIO_TARGETS = {"four takes": 2.0, "first heard": 1.5, "tempo": 1.0, "instrument": 1.0, "moves": 0.3, "anew": 1.5}


def studio(found: Found) -> Lines:
    """List the seconds of each wait beside its target."""
    rows = [
        (name, *(verdict(each[name], most, at_most=True) for each in (found, found["quiet"])), f"{most:g}")
        for name, most in STUDIO_TARGETS.items()
    ]
    yield from table(("from the press, with the sound", "seconds, median", "when it was quiet", "target"), rows)
    bare, quiet = found["bare"], found["quiet"]["bare"]
    yield f"Composing four takes took {bare:.3g} s by itself just then, and {quiet:.3g} s when it was quiet."
    yield ""


SOAK_TARGETS = {"server MB": 700.0, "all MB": 2000.0}


def soak(found: Found) -> Lines:
    """List what became of damaged files, and the waits and the memory of a crowd and of many visits."""
    outcomes = {kind: dict(each) for kind, each in found["files"].items()}
    rows = []
    for kind, each in outcomes.items():
        longest, memory = f"{each.pop('longest'):g}", str(each.pop("memory"))
        rows.append((kind, ", ".join(f"{many:,} {outcome}" for outcome, many in each.items()), longest, memory))
    yield from table(("damaged files", "what became of them", "longest (s of CPU)", "memory grew by (MB)"), rows)
    loads = {f"{found['crowd']['visitors']} visitors at once": found["crowd"]}
    loads[f"{found['rounds']['rounds']} one after another"] = found["rounds"]
    loads[f"{found['long']['pieces']} pieces of 15 minutes, until the sound is there"] = found["long"]
    columns = ("", "faults", "a run of a page, median (s)", "95 % below (s)", "server (MB)", "all processes (MB)")
    keys = ("median", "95 %", "server MB", "all MB")
    waits = [(name, str(len(each["faults"])), *(number(each.get(key)) for key in keys)) for name, each in loads.items()]
    yield from table(columns, waits)
    most = {name: max(found[load][name] for load in ("crowd", "rounds")) for name in SOAK_TARGETS}
    told = [f"{name} {verdict(most[name], target, at_most=True)}" for name, target in SOAK_TARGETS.items()]
    limit = "could not be limited" if found["limit"] is None else f"was limited to {found['limit'] / 1e9:g} GB"
    grown, tracebacks = found["rounds"]["grown"], found["tracebacks"]
    yield f"With visitors at most: {', '.join(told)}. The memory of all {limit}."
    yield f"Over the second half of the visits the server grew by {grown} MB. Its log has {tracebacks} tracebacks."
    yield f"The first page is there {found['start']:.1f} s after the start of the server."
    yield ""


def cluster(found: Found) -> Lines:
    """List how many trainings are done in a minute by how many workers."""
    rows = [(workers, f"{rate:.1f}") for workers, rate in found["a minute"].items()]
    yield from table(("workers", f"trainings of {found['steps']} steps a minute"), rows)


MUTANTS_TARGET = 0.85


def mutants(found: Found) -> Lines:
    """List how many mutants of each package were killed."""
    counts = {**found["by_package"], "all": (found["killed"], found["mutants"])}
    rows = [(name, str(killed), str(many), percent(killed / max(many, 1))) for name, (killed, many) in counts.items()]
    share = found["killed"] / max(found["mutants"], 1)
    rows[-1] = (*rows[-1][:3], verdict(share, MUTANTS_TARGET, text=f"{share:.1%}"))
    yield from table(("package", "killed", "of", "share"), rows)
