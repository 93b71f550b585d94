"""Owns the table of what a musician hears: how music ends, keeps to its key, leads its voices, moves and returns.

Knows nothing about models.

Each measure is a mean over the pieces:

    on the tonic    the share that end with the tonic in the bass; of passages, their pieces' ends count
    last note       from the last onset to the end, in quarters
    outside         the share of notes outside the key
    key distance    of the keys of each four bars from the key of the whole, in fifths
    parallels       pairs of voices that move in parallel fifths or octaves, in 100 moves of four voices
    rhythms         different sets of onsets within a bar, by bar
    notes           that begin in a bar
    sounding        notes at an onset
    returns 8       the share of bars that equal the one 8 before
    alike 1 ... 32  the share of notes in common with the bar so many before

See `tonality`, `texture`, `core.corpus.voices` and `core.corpus.endings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from statistics import mean

from core.comparison.texture import distinct_rhythms, likenesses_at, notes_a_bar, returns_at, sounding_notes
from core.comparison.tonality import key_distance, outside_key
from core.corpus.endings import ends_on_tonic, last_note
from core.corpus.voices import parallel_moves
from core.notes import Piece

LAGS = (1, 2, 3, 4, 8, 12, 16, 32)

Row = dict[str, float]


def measure_music(pieces: Sequence[Piece], wholes: Sequence[Piece] | None = None) -> Row:
    """Measure pieces with notes; where they are passages, `wholes` are the pieces whose ends count."""
    ends = pieces if wholes is None else wholes
    pairs, moves = parallel_moves(pieces)
    found = {
        "on the tonic": _mean(lambda piece: ends_on_tonic(piece.notes), ends),
        "last note": _mean(last_note, ends),
        "outside": _mean(outside_key, pieces),
        "key distance": _mean(key_distance, pieces),
        "parallels": 100 * pairs / moves if moves else 0.0,
        "rhythms": _mean(distinct_rhythms, pieces),
        "notes": _mean(notes_a_bar, pieces),
        "sounding": _mean(sounding_notes, pieces),
        "returns 8": _mean(partial(returns_at, lag=8), pieces),
    }
    curves = [likenesses_at(piece, LAGS) for piece in pieces]
    found |= {f"alike {lag}": _mean_of(curve[number] for curve in curves) for number, lag in enumerate(LAGS)}
    return {name: round(value, 4) for name, value in found.items()}


def _mean(measure: Callable[[Piece], float | None], pieces: Iterable[Piece]) -> float:
    return _mean_of(map(measure, pieces))


def _mean_of(values: Iterable[float | None]) -> float:
    """Return the mean of the values that there are, 0 where there are none."""
    present = [value for value in values if value is not None]
    return float(mean(present)) if present else 0.0
