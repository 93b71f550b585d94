"""Measure what comes out: takes at several temperatures, beside passages of held-out pieces.

    python -m benchmarks.generation [--data DIR] [--base MODEL] [--seconds N] [--takes N] [--styles STYLE ...]

For each style a network learns from four fifths of the pieces (`--seconds`, from the base model and from nothing) and
composes takes. Measured of takes, and of passages of 32 bars at most (four of a piece at most) of the held-out pieces
(`real`) and of the pieces learned (`corpus`); the takes are as long as the passages of `real` in the mean, as music has
the more repeated rhythms and the more notes outside its first key the longer it is:

    empty              the share without any notes
    stuck              the share with a pitch more than 16 times in a row, or a bar more often in a row than anywhere in
                       the corpus
    returns            the share of bars that are an earlier bar come back
    copy median, max   the longest run of notes that is in the corpus, in notes; 0 where it has fewer than eight
    known 4, 8, 16     the share of motifs of so many notes that are in the corpus (`corpus`: in its other pieces)
    overlap            the overlapping area of the histograms of pitch class, interval, gap, duration and polyphony with
                       those of the corpus, mean over takes and histograms
    OA, KLD            the same histograms, passage by passage, by the measures of core/comparison/distances.py
    on the tonic ...   what a musician hears, see benchmarks/musicality.py

Prints tables and last one line of JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import mean, median

import numpy as np

from benchmarks.musicality import measure_music
from benchmarks.repetition import longest_pitch_run, longest_repetition
from benchmarks.trainings import Options, measure_styles, train_each
from core.bars import count_bars, first_bar, passage
from core.comparison.distances import DistanceProfile
from core.comparison.histograms import histograms, overlaps
from core.comparison.motifs import MotifIndex
from core.comparison.originality import LENGTHS
from core.composing.take import ComposingError, compose
from core.config import BASE, NOTHING, ComposingSettings, TrainingSettings
from core.corpus.form import form_of, returning
from core.models.model import Model
from core.notes import Piece, as_notes
from core.training.batches import Split

STYLES = ("jsb", "nottingham", "ragtime", "piano-score")
BARS = 32
TEMPERATURES = (0.6, 0.9, 1.0, 1.2)
TOP_P = (0.9, 0.98, 1.0)

_LONGEST_PITCH_RUN = 16
_LANES = 10
_PASSAGES, _PASSAGES_A_PIECE = 50, 4

Row = dict[str, float]


def takes(model: Model, settings: ComposingSettings, count: int, lanes: int = _LANES) -> list[Piece]:
    """Compose `count` takes, `lanes` side by side; take k has the seed `settings.seed + k`.

    A take that cannot be made is a piece without notes; the others of its batch are then made one by one.
    """
    found: list[Piece] = []
    for first in range(0, count, lanes):
        batch = replace(settings, seed=settings.seed + first, variations=min(lanes, count - first))
        try:
            found += [take.piece for take in compose(model, batch)]
        except ComposingError:
            found += takes(model, batch, batch.variations, 1) if batch.variations > 1 else [Piece(as_notes([]))]
    return found


def passages(pieces: Iterable[Piece], most: int) -> list[Piece]:
    """Cut pieces into passages as long as a take; return those that hold notes, evenly chosen where there are more."""
    found: list[Piece] = []
    for piece in pieces:
        end = first_bar(piece) + count_bars(piece)
        bars = range(1, max(end - BARS + 1, 2), BARS)[:_PASSAGES_A_PIECE]
        found += [passage(piece, bar, BARS) for bar in bars]
    found = [each for each in found if len(each.notes)]
    return [found[int(index)] for index in np.linspace(0, len(found) - 1, min(most, len(found)))]


def longest_copies(index: MotifIndex, music: Iterable[Piece]) -> list[int]:
    """Return of each piece the notes of the longest run that is in an index; 0 where it has fewer than eight."""
    return [max((run.notes for run in index.runs(piece)), default=0) for piece in music]


class CorpusProfile:
    """The pieces that were learned, prepared for comparing."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._index = MotifIndex(pieces)
        self._histograms = histograms(pieces)
        self._distances = DistanceProfile([histograms([piece]) for piece in passages(pieces, _PASSAGES)])
        self._longest_repetition = max(map(longest_repetition, pieces))

    def shared_motifs(self) -> Row:
        """Return the share of the motifs of each piece that are also in others, mean over the pieces."""
        return {f"known {length}": round(mean(self._index.shared_among(length)), 4) for length in LENGTHS}

    def music(self) -> Row:
        """Return what a musician hears in the corpus."""
        return measure_music(passages(self._pieces, _PASSAGES), self._pieces)

    def measure(self, pieces: Sequence[Piece], wholes: Sequence[Piece] | None = None) -> Row:
        """Return all measures of some music; where it is passages, the ends are those of `wholes`."""
        music = [piece for piece in pieces if len(piece.notes)]
        if not music:
            return {"pieces": len(pieces), "empty": 1.0}
        copies = longest_copies(self._index, music)
        single = [histograms([piece]) for piece in music]
        distances = self._distances.compare(single)
        found = {
            "pieces": len(pieces),
            "notes": mean(len(piece.notes) for piece in music),
            "empty": 1 - len(music) / len(pieces),
            "stuck": sum(map(self._is_stuck, music)) / len(pieces),
            "returns": mean(returning(form_of(piece)) for piece in music),
            "copy median": median(copies),
            "copy max": max(copies),
            **{f"known {n}": mean(self._index.shared(piece, n) for piece in music) for n in LENGTHS},
            "overlap": mean(mean(overlaps(each, self._histograms).values()) for each in single),
            **{f"OA {name}": area for name, (area, _) in distances.items()},
            "OA": mean(area for area, _ in distances.values()),
            "KLD": mean(bits for _, bits in distances.values()),
        }
        return {name: round(value, 4) for name, value in found.items()} | measure_music(music, wholes)

    def _is_stuck(self, piece: Piece) -> bool:
        return longest_pitch_run(piece) > _LONGEST_PITCH_RUN or longest_repetition(piece) > self._longest_repetition


def ways(bars: int) -> dict[str, tuple[str, ComposingSettings]]:
    """Return what is composed: (start of the training, settings) by name."""
    usual = ComposingSettings(bars=bars)
    found = {f"temperature {each}": (BASE, replace(usual, temperature=each)) for each in TEMPERATURES}
    found |= {f"top-p {each}": (BASE, replace(usual, top_p=each)) for each in TOP_P}
    return found | {"no returns": (BASE, replace(usual, returns=False)), "from nothing": (NOTHING, usual)}


def measure(style: str, parts: Split, options: Options) -> dict[str, Row]:
    """Measure one style in all ways."""
    profile = CorpusProfile(parts.learned.pieces)
    settings = {start: TrainingSettings(seconds=options.seconds, start=start) for start in (BASE, NOTHING)}
    models = train_each(parts.learned, settings, options.base)
    real = passages(parts.held_out.pieces, options.takes)
    found = {
        "corpus": profile.shared_motifs() | profile.music(),
        "real": profile.measure(real, parts.held_out.pieces),
    }
    bars = round(mean(count_bars(piece) for piece in real))
    for name, (start, composing) in ways(bars).items():
        found[name] = profile.measure(takes(models[start], composing, options.takes))
    for name, row in found.items():
        print(f"{style:12} {name:16} " + "  ".join(f"{key} {value:.3g}" for key, value in row.items()), flush=True)
    return found


if __name__ == "__main__":
    measure_styles(str(__doc__), measure, STYLES, seconds=60.0, takes=40)
