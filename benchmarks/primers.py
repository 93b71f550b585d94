"""Measure how well a take goes on from a primer: by the mixture of network and PPM, and by the network only.

    python -m benchmarks.primers [--data DIR] [--base MODEL] [--seconds N] [--takes N] [--styles STYLE ...]

For each style a network learns from four fifths of the pieces, from the base model. Of each held-out piece the first 8
bars are a primer, and of a long one up to three later passages of 8 bars too; takes go on for 16, at the usual
settings. Measured, as means over primers and takes:

    overlap with the rest     the overlapping area of the histograms of pitch class, interval, gap, duration and
                              polyphony with those of the 16 bars that really follow
    overlap with the corpus   the same with the pieces that were learned
    longest repetition        how often at most a bar stands in a row
    empty                     the share of takes without a new note
    tempo kept                the share whose speed is that of the primer
    loudness                  how far the mean velocity is from that of the primer
    key kept                  the share in the key of the primer, and that of what really follows
    outside                   the share of notes outside the key of their surroundings, and that of what really follows

Prints a table and last one line of JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import mean

from benchmarks.repetition import longest_repetition
from benchmarks.trainings import Options, measure_styles, train_each
from core.bars import count_bars, first_bar, passage
from core.comparison.histograms import Histograms, histograms, overlaps
from core.composing.take import compose
from core.config import ComposingSettings, TrainingSettings
from core.corpus.keys import key_number, outside_share
from core.models.model import Model
from core.notes import Piece, clip
from core.training.batches import Split

STYLES = ("jsb", "nottingham", "ragtime", "piano-score", "solo")
PRIMER_BARS, NEW_BARS = 8, 16
_MOST_PRIMERS = 4  # of a piece
WAYS = {"mixture": True, "network_only": False}
"""Whether PPM is used."""

Row = dict[str, float]


def primers_of(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, Piece]]:
    """Yield the primers of each piece and the music that really follows each, where there is both.

    The first is the beginning of the piece; the others, 8 bars apart, are followed by as many bars as takes have.
    """
    for piece in pieces:
        later = range(1 + PRIMER_BARS, first_bar(piece) + count_bars(piece) - PRIMER_BARS - NEW_BARS + 1, PRIMER_BARS)
        for bar in (1, *later[: _MOST_PRIMERS - 1]):
            primer, rest = passage(piece, bar, PRIMER_BARS), passage(piece, bar + PRIMER_BARS, NEW_BARS)
            if len(primer.notes) and len(rest.notes):
                yield primer, rest


def continuations(model: Model, primer: Piece, takes: int, use_ppm: bool) -> list[Piece]:
    """Return the new music of takes that go on from a primer."""
    settings = ComposingSettings(bars=NEW_BARS, variations=takes)
    found = compose(model, settings, primer, use_ppm=use_ppm)
    return [clip(take.piece, take.primer_end, max(take.piece.end, take.primer_end) + 1.0) for take in found]


def measure_continuation(new: Piece, rest: Piece, corpus: Histograms) -> Row:
    """Measure new music beside what really follows and beside the corpus; an empty take overlaps with nothing."""
    own = histograms([new])
    return {
        "overlap with the rest": mean(overlaps(own, histograms([rest])).values()),
        "overlap with the corpus": mean(overlaps(own, corpus).values()),
        "longest repetition": float(longest_repetition(new)),
        "empty": float(not len(new.notes)),
    }


def measure_joint(new: Piece, primer: Piece, rest: Piece) -> Row:
    """Measure what new music keeps of its primer, beside what really follows; nothing where it is empty."""
    if not len(new.notes):
        return dict.fromkeys(measure_joint(rest, primer, rest), 0.0)
    home = key_number(primer.notes)
    return {
        "tempo kept": float(abs(new.qpm - primer.qpm) < 0.01 * primer.qpm),
        "loudness": abs(float(new.notes["velocity"].mean()) - float(primer.notes["velocity"].mean())),
        "key kept": float(key_number(new.notes) == home),
        "key kept, real": float(key_number(rest.notes) == home),
        "outside": outside_share([new]),
        "outside, real": outside_share([rest]),
    }


def means(rows: Sequence[Row]) -> Row:
    """Return the mean of each measure; nothing where there are no rows."""
    return {name: round(mean(row[name] for row in rows), 4) for name in rows[0]} if rows else {}


def measure(style: str, parts: Split, options: Options) -> dict[str, Row]:
    """Measure one style both ways."""
    settings = {style: TrainingSettings(seconds=options.seconds)}
    model = train_each(parts.learned, settings, options.base)[style]
    corpus, pairs = histograms(parts.learned.pieces), list(primers_of(parts.held_out.pieces))
    found = {}
    for way, use_ppm in WAYS.items():
        found[way] = means(
            [
                measure_continuation(new, rest, corpus) | measure_joint(new, primer, rest)
                for primer, rest in pairs
                for new in continuations(model, primer, options.takes, use_ppm)
            ]
        )
        print(
            f"{style:12} {way:16} " + "  ".join(f"{key} {value:.3f}" for key, value in found[way].items()), flush=True
        )
    return found


if __name__ == "__main__":
    measure_styles(str(__doc__), measure, STYLES, seconds=20.0, takes=4)
