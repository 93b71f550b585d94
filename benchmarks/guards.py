"""Measure the guards of composing: are takes empty, stuck or hanging, and what does leading them out of loops change?

    python -m benchmarks.guards [--data DIR] [--base MODEL] [--seconds N] [--takes N] [--styles STYLE ...]

For each style a network learns from four fifths of the pieces (`--seconds`, from the base model) and composes takes of
32 bars at some temperatures, without the guards of `core/composing/loops.py` and with them, by the same seeds:

    empty      the share of takes without any notes
    stuck      the share in which something goes on for longer than in any piece learned: a cell of at most 128 notes
               and 4 bars that comes for the third time at least (for more than 8 bars), a pitch in a row (more than 20
               times), a silence (of more than 2 bars), or notes at one onset
    hanging    the share with a note longer than any learned (and than a whole note), or beyond the end of the take
    bits       bits per note under the model, network only: gap, pitch and duration
    untouched  the share of takes that are the same with and without, to the last note

`real` is how often the guard would lead out of the pieces themselves, learned and held out: the share of their notes
at which it would, and in how many of the pieces. Prints a table and last one line of JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.repetition import longest_pitch_run
from benchmarks.trainings import Options, measure_styles, train_each
from core.bars import metre_at
from core.comparison.histograms import ordered
from core.composing.loops import LoopGuard, longest_stretch
from core.composing.take import ComposingError, compose
from core.config import ComposingSettings, TrainingSettings
from core.encoding.joint import JointEncoding
from core.encoding.time_grid import to_ticks
from core.models.model import Model
from core.notes import Piece
from core.training.batches import Split
from core.training.evaluation import evaluate, total

STYLES = ("ragtime", "jsb", "nottingham", "piano-score", "solo")
BARS = 32
WAYS: dict[str, ComposingSettings] = {
    "0.1": ComposingSettings(bars=BARS, temperature=0.1),
    "0.1 and top-p 0.05": ComposingSettings(bars=BARS, temperature=0.1, top_p=0.05),
} | {f"{each:g}": ComposingSettings(bars=BARS, temperature=each) for each in (0.5, 0.6, 0.8, 1.0, 1.4)}
"""Settings by their temperature."""

_LANES = 10
_LONGEST_CELL, _CELL_BARS = 128, 4
_STUCK_BARS, _STUCK_SILENCE, _STUCK_PITCHES = 8, 2, 20
_WHOLE_NOTE = 4.0

Row = dict[str, float]


@dataclass(frozen=True)
class Extremes:
    """How far some music goes: its longest loop and silence (bars), run of a pitch, note (quarters) and chord."""

    loop: float
    silence: float
    pitch_run: int
    note: float
    chord: int

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Extremes:
        """Measure the extremes of pieces with notes."""
        chords = (np.unique(piece.notes["onset"], return_counts=True)[1] for piece in pieces)
        return cls(
            max(map(longest_loop, pieces)),
            max(map(longest_silence, pieces)),
            max(map(longest_pitch_run, pieces)),
            max(float(piece.notes["duration"].max()) for piece in pieces),
            max(int(sizes.max()) for sizes in chords),
        )

    def is_stuck(self, piece: Piece) -> bool:
        """Tell whether something in a take goes on for longer than here."""
        own = Extremes.of([piece])
        return (
            own.loop > max(self.loop, _STUCK_BARS)
            or own.pitch_run > max(self.pitch_run, _STUCK_PITCHES)
            or own.silence > max(self.silence, _STUCK_SILENCE)
            or own.chord > self.chord
        )

    def is_hanging(self, piece: Piece, end: float) -> bool:
        """Tell whether a note of a take lasts longer than here, or beyond the end."""
        return bool(piece.notes["duration"].max() > max(self.note, _WHOLE_NOTE) or piece.end > end)


def longest_silence(piece: Piece) -> float:
    """Return for how many bars at most nothing sounds before a note of a piece."""
    onsets, ends = piece.notes["onset"], np.maximum.accumulate(piece.notes["onset"] + piece.notes["duration"])
    return float((onsets - np.append(0.0, ends[:-1])).max()) / piece.metre.bar


def longest_loop(piece: Piece) -> float:
    """Return for how many bars at most a piece repeats a cell that comes for the third time at least."""
    onsets, pitches, _ = ordered(piece)
    played = np.diff(onsets, prepend=0) * 128 + pitches
    bar = max(float(to_ticks(piece.metre.bar)), 1.0)
    longest = 0.0
    for cell in range(1, min(_LONGEST_CELL, len(played) - 1) + 1):
        for first, last in _runs(played[cell:] == played[:-cell]):
            lasts = onsets[last + cell] - onsets[last]
            if last - first + 1 >= 2 * cell and lasts <= _CELL_BARS * bar:
                longest = max(longest, float(onsets[last + cell] - onsets[first + cell - 1]) / bar)
    return longest


def _runs(same: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last index of each run of what is true."""
    edges = np.diff(same.astype(int), prepend=0, append=0)
    yield from zip(np.flatnonzero(edges == 1).tolist(), (np.flatnonzero(edges == -1) - 1).tolist(), strict=True)


def takes(model: Model, settings: ComposingSettings, count: int, *, use_guard: bool) -> dict[int, Piece]:
    """Compose `count` takes, some side by side; return those that hold notes by their seed."""
    found: dict[int, Piece] = {}
    for first in range(0, count, _LANES):
        batch = replace(settings, seed=settings.seed + first, variations=min(_LANES, count - first))
        try:
            found |= {take.seed: take.piece for take in compose(model, batch, use_guard=use_guard)}
        except ComposingError:
            continue
    return found


def outcome(model: Model, pieces: dict[int, Piece], count: int, learned: Extremes) -> Row:
    """Return the measures of some takes out of `count` that were asked for."""
    music, end = list(pieces.values()), (BARS + 1) * model.style.bar  # a take may close a bar later
    return {
        "empty": (count - len(music)) / count,
        "stuck": sum(map(learned.is_stuck, music)) / count,
        "hanging": sum(learned.is_hanging(piece, end) for piece in music) / count,
        "bits": total(evaluate(model, music, use_ppm=False).network_only) if music else 0.0,
    }


def compared(model: Model, settings: ComposingSettings, count: int, learned: Extremes) -> dict[str, Row | float]:
    """Compose with and without the guards."""
    before, after = (takes(model, settings, count, use_guard=use_guard) for use_guard in (False, True))
    same = sum(seed in after and np.array_equal(piece.notes, after[seed].notes) for seed, piece in before.items())
    return {
        "before": outcome(model, before, count, learned),
        "after": outcome(model, after, count, learned),
        "untouched": same / count,
    }


def led_out(piece: Piece, limit: int) -> int:
    """Return at how many notes of a piece the guard would lead out of a loop, if a stretch of `limit` bars is none."""
    columns, gap_ticks = JointEncoding.columns, JointEncoding.gap_ticks
    guard = LoopGuard(columns, gap_ticks, int(to_ticks(metre_at(piece, 0.0).bar)), limit, 1)
    fired = 0
    for event in JointEncoding().encode(piece).astype(np.int64):
        guard.update(event[None])
        fired += guard.looping is not None
    return fired


def real(pieces: Sequence[Piece], limit: int) -> Row:
    """Return how often the guard would lead out of pieces."""
    fired = [led_out(piece, limit) for piece in pieces]
    return {
        "pieces": len(pieces),
        "led out": sum(map(bool, fired)),
        "notes": sum(fired) / sum(len(piece.notes) for piece in pieces),
    }


def measure(style: str, parts: Split, options: Options) -> dict[str, object]:
    """Measure one style at all temperatures."""
    settings = {0: TrainingSettings(seconds=options.seconds)}
    model = train_each(parts.learned, settings, options.base)[0]
    learned = Extremes.of(parts.learned.pieces)
    pieces = (*parts.learned.pieces, *parts.held_out.pieces)
    found: dict[str, object] = {"real": real(pieces, longest_stretch(model.style.forms))}
    print(f"{style:12} real {found['real']}", flush=True)
    for temperature, composing in WAYS.items():
        found[temperature] = row = compared(model, composing, options.takes, learned)
        print(f"{style:12} {temperature} {row}", flush=True)
    return found


if __name__ == "__main__":
    measure_styles(str(__doc__), measure, STYLES, seconds=20.0, takes=40)
