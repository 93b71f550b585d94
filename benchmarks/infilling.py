"""Measure doing a passage anew: how well two new bars lead into the music that follows them.

    python -m benchmarks.infilling [--data DIR] [--base MODEL] [--seconds N] [--takes N] [--styles STYLE ...]

For each style two networks learn from four fifths of the pieces, from the base model, with different seeds: one
composes, the other judges. In held-out pieces two bars are replaced (`--takes` places a style). Reported are means, for

    first      one candidate, drawn from what stands before
    chosen     one of many candidates, drawn in proportion to how likely what follows is after it
    wrong      the same, but chosen for the music that follows in another place
    composer   the bars that really stand there

and of boxes that leave more as it is, the first, the chosen and the composer's:

    upper      notes from the middle pitch of the passage up; those below stay
    rhythm     new pitches in the rhythm that stands there
    pitches    a new rhythm for the pitches that stand there

and of each the bits per note of the 16 notes that follow (network only, gap, pitch and duration, by the judge), the F1
measure of its onsets and pitches against the composer's bars, and the seam: the bits of the first 4 notes that follow
less the bits of the 12 after them. `closed` is the share of the way from first to composer, in bits, that chosen goes;
`seconds` is the median time that all candidates and three choices take. Prints a table and last one line of JSON.
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
from core.composing.frame import Keep
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
LIMITED = ("upper", "rhythm", "pitches")

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


def limited(place: Place, kind: str) -> Place:
    """Return a place whose passage leaves more as it is."""
    piece, passage = place
    if kind == "upper":
        return piece, replace(passage, low=int(np.median(parts(piece, passage)[1]["pitch"])))
    keeps: dict[str, Keep] = {"rhythm": "rhythm", "pitches": "pitches"}
    return piece, replace(passage, keep=keeps.get(kind, "nothing"))


def versions(composer: Model, place: Place, seed: int) -> tuple[dict[str, Piece], float]:
    """Return the piece with the first, the chosen and the composer's bars, and the seconds that choosing took."""
    piece, passage = place
    first = infill(composer, piece, passage, choices=1, candidates=1, endings=0, seed=seed)
    begun = time.perf_counter()
    chosen = infill(composer, piece, passage, choices=3, seed=seed)
    taken = time.perf_counter() - begun
    return {"first": (*first, piece)[0], "chosen": (*chosen, piece)[0], "composer": piece}, taken


def misled(composer: Model, place: Place, other: Place, seed: int) -> Piece:
    """Return the piece with bars that were chosen for the music after another place."""
    piece, passage = place
    chosen = infill(composer, foreign(piece, passage, other), passage, choices=1, seed=seed)[0]
    return with_inside(piece, passage, parts(chosen, passage)[1])


def measure(style: str, split: Split, options: Options) -> dict[str, Row]:
    """Measure one style in all ways."""
    plain = TrainingSettings(seconds=options.seconds)
    composer, judge = train_each(
        split.learned, {seed: replace(plain, seed=seed) for seed in (0, 1)}, options.base
    ).values()
    chosen = places(split.held_out.pieces, options.takes)
    turned = [*chosen[len(chosen) // 2 :], *chosen[: len(chosen) // 2]]

    rows: dict[str, Row] = {}
    for kind in ("plain", *LIMITED):
        inside = [limited(place, kind) for place in chosen]
        made = [versions(composer, place, seed) for seed, place in enumerate(inside)]
        each = {way: judged(judge, [pieces[way] for pieces, _ in made], inside) for way in made[0][0]}
        rows[kind] = summary(each, [taken for _, taken in made])
        if kind == "plain":
            foreigners = zip(chosen, turned, strict=True)
            pieces = [misled(composer, place, other, seed) for seed, (place, other) in enumerate(foreigners)]
            rows |= each | {"wrong": judged(judge, pieces, chosen)}
    for way, row in rows.items():
        print(f"{style:12} {way:10} " + "  ".join(f"{name} {value:.3f}" for name, value in row.items()), flush=True)
    return {way: {name: round(value, 4) for name, value in row.items()} for way, row in rows.items()}


def judged(judge: Model, made: Sequence[Piece], chosen: Sequence[Place]) -> Row:
    """Return the mean bits and seam of the music behind passages, and the F1 of their notes; one piece for each."""
    bits = np.array([bits_after(judge, piece, passage) for piece, (_, passage) in zip(made, chosen, strict=True)])
    agreements = [
        f1(*(each.notes[passage.holds(each.notes)] for each in (piece, real)))
        for piece, (real, passage) in zip(made, chosen, strict=True)
    ]
    seams = bits[:, :SEAM].mean(axis=1) - bits[:, SEAM:].mean(axis=1)
    return {"bits": float(bits.mean()), "f1": mean(agreements), "seam": float(seams.mean())}


def summary(rows: dict[str, Row], seconds: Sequence[float]) -> Row:
    """Return how much of the way from the first to the composer's bars is gone, in how many seconds."""
    first, chosen, composer = (rows[way]["bits"] for way in ("first", "chosen", "composer"))
    return {"places": len(seconds), "closed": (first - chosen) / (first - composer), "seconds": median(seconds)}


if __name__ == "__main__":
    measure_styles(str(__doc__), measure, STYLES, seconds=20.0, takes=40)
