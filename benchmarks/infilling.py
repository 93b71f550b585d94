"""Measure doing a passage anew: how well two new bars lead into the music that follows them.

    python -m benchmarks.infilling [--data DIR] [--base MODEL] [--seconds N] [--takes N] [--styles STYLE ...]

For each style two networks learn from four fifths of the pieces, from the base model, with different seeds: one
composes, the other judges. In held-out pieces two bars are replaced (`--takes` places a style). Reported are means, for

    first      one candidate, drawn from what stands before
    chosen     one of 256 candidates, drawn in proportion to how likely what follows is after it
    wrong      the same, but chosen for the music that follows in another place
    composer   the bars that really stand there

and of each the bits per note of the 16 notes that follow (network only, gap, pitch and duration, by the judge), the F1
measure of its onsets and pitches against the composer's bars, and the seam: the bits of the first 4 notes that follow
less the bits of the 12 after them. `closed` is the share of the way from first to composer, in bits, that chosen goes;
`seconds` is the time that 256 candidates and three choices take. Prints a table and last one line of JSON.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import mean, median

import numpy as np

from benchmarks.trainings import Options, measure_styles, train_each
from core.bars import bar_onsets, count_bars, first_bar
from core.composing.infill import Passage, infill
from core.config import TrainingSettings
from core.encoding.columns import with_boundaries
from core.encoding.joint import DURATION, GAP, PITCH
from core.encoding.time_grid import to_ticks
from core.lstm.inference import nll
from core.models.model import Model
from core.notes import Piece, as_notes
from core.training.batches import Split

STYLES = ("jsb", "nottingham", "ragtime", "piano-score")
BARS, WEIGHED, SEAM = 2, 16, 4
WAYS = ("first", "chosen", "wrong", "composer")

Place = tuple[Piece, Passage]
Row = dict[str, float]


def places(pieces: Sequence[Piece], many: int) -> list[Place]:
    """Return some places of two bars, spread over the pieces, with enough notes before, inside and after."""
    found = [place for piece in pieces for place in _places_of(piece)]
    return [found[int(row)] for row in np.unique(np.linspace(0, len(found) - 1, min(many, len(found))).round())]


def _places_of(piece: Piece) -> Iterator[Place]:
    first = first_bar(piece)
    for bar in range(first + 4, first + count_bars(piece) - BARS, 2 * BARS):
        start, stop = bar_onsets(piece, [bar, bar + BARS]).tolist()
        before, inside, after = parts(piece, Passage(start, stop))
        if min(len(before), len(after)) >= WEIGHED and len(inside):
            yield piece, Passage(start, stop)


def parts(piece: Piece, passage: Passage) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the notes before, inside and after a passage."""
    onsets = piece.notes["onset"]
    before, after = onsets < passage.start, onsets >= passage.stop
    return piece.notes[before], piece.notes[~before & ~after], piece.notes[after]


def with_inside(piece: Piece, passage: Passage, inside: np.ndarray) -> Piece:
    """Return the piece with other notes in a passage."""
    before, _, after = parts(piece, passage)
    return replace(piece, notes=as_notes(np.concatenate([before, inside, after])))


def bits_after(judge: Model, piece: Piece, passage: Passage) -> np.ndarray:
    """Return the bits of each of the first 16 notes after a passage, network only: gap, pitch and duration."""
    before, inside, after = parts(piece, passage)
    heard = replace(piece, notes=as_notes(np.concatenate([before, inside, after[:WEIGHED]])))
    inputs = with_boundaries(judge.encoding.inputs(heard), judge.encoding.columns)[:-1, None]
    (architecture,), (parameters,) = judge.architectures, judge.parameters
    rows = [architecture.drawn.index(column) for column in (GAP, PITCH, DURATION)]
    nats: np.ndarray = nll(architecture, parameters, inputs)[rows, -WEIGHED:, 0].sum(axis=0)
    return nats / math.log(2)


def f1(new: np.ndarray, real: np.ndarray) -> float:
    """Return the F1 measure of the (onset in ticks, pitch) pairs of two passages."""
    one, other = (
        set(zip(to_ticks(each["onset"]).tolist(), each["pitch"].tolist(), strict=True)) for each in (new, real)
    )
    return 2 * len(one & other) / max(len(one) + len(other), 1)


def foreign(piece: Piece, passage: Passage, other: Place) -> Piece:
    """Return the piece with the music after another place behind the passage."""
    before, inside, _ = parts(piece, passage)
    _, _, after = parts(*other)
    after = after.copy()
    after["onset"] += passage.stop - other[1].stop
    after["track"] = 0
    return replace(piece, notes=as_notes(np.concatenate([before, inside, after])))


def versions(composer: Model, place: Place, other: Place, seed: int) -> tuple[dict[str, Piece], float]:
    """Return the piece with the bars of each way, and the seconds that choosing took."""
    piece, passage = place
    (first,) = infill(composer, piece, passage, choices=1, candidates=1, seed=seed)
    begun = time.perf_counter()
    chosen = infill(composer, piece, passage, choices=3, seed=seed)[0]
    taken = time.perf_counter() - begun
    misled = infill(composer, foreign(piece, passage, other), passage, choices=1, seed=seed)[0]
    wrong = with_inside(piece, passage, parts(misled, passage)[1])
    return {"first": first, "chosen": chosen, "wrong": wrong, "composer": piece}, taken


def measure(style: str, split: Split, options: Options) -> dict[str, Row]:
    """Measure one style in all ways."""
    plain = TrainingSettings(seconds=options.seconds)
    models = train_each(split.learned, {seed: replace(plain, seed=seed) for seed in (0, 1)}, options.base)
    found: dict[str, list[tuple[float, float, float]]] = {way: [] for way in WAYS}
    chosen = places(split.held_out.pieces, options.takes)
    seconds = []
    for number, place in enumerate(chosen):
        pieces, taken = versions(models[0], place, chosen[(number + len(chosen) // 2) % len(chosen)], number)
        seconds.append(taken)
        for way, piece in pieces.items():
            bits = bits_after(models[1], piece, place[1])
            seam = float(bits[:SEAM].mean() - bits[SEAM:].mean())
            found[way].append((float(bits.mean()), f1(parts(piece, place[1])[1], parts(*place)[1]), seam))
    table = {
        way: dict(zip(("bits", "f1", "seam"), map(mean, zip(*rows, strict=True)), strict=True))
        for way, rows in found.items()
    }
    costs = {way: row["bits"] for way, row in table.items()}
    closed = (costs["first"] - costs["chosen"]) / (costs["first"] - costs["composer"])
    table["all"] = {"places": len(chosen), "closed": closed, "seconds": median(seconds)}
    for way, row in table.items():
        print(f"{style:12} {way:10} " + "  ".join(f"{name} {value:.3f}" for name, value in row.items()), flush=True)
    return {way: {name: round(value, 4) for name, value in row.items()} for way, row in table.items()}


if __name__ == "__main__":
    measure_styles(str(__doc__), measure, STYLES, seconds=20.0, takes=40)
