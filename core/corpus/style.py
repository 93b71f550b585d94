"""Owns the plain facts of a corpus that a take keeps to: speed, metre, instrument, range, sizes, forms.

Knows nothing about networks; what can be learned is learned, this is the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from core.corpus.corpus import evenly
from core.corpus.endings import last_note, tonic_endings
from core.corpus.ensembles import Ensemble, ensembles_of
from core.corpus.form import Form, forms_of, kept_notes
from core.corpus.keys import outside_share
from core.corpus.loudness import Levels, levels_of
from core.corpus.openings import Openings, openings_of
from core.corpus.voices import parallel_moves
from core.encoding.time_grid import to_ticks
from core.notes import GRID_TICKS, Piece, is_performed, on_clock

SPARSEST = 1e-4
"""The fewest notes a quarter that are told."""

_USUAL = 0.999
_WHOLE_NOTE = 4.0
_FEWEST_MOVES = 100  # of four voices, to tell whether they keep from parallels

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True)
class Style:
    """What takes have in common with the corpus.

    `largest_chord` counts notes that begin together, `longest_gap` is the longest wait for the next one in quarters,
    `longest_note` that of a note. `outside_key` is the share of notes outside the key of their surroundings,
    `tonic_endings` that of the pieces that end with the tonic in the bass, `parallels` how many pairs of four voices
    move in parallel fifths or octaves in one move, 1 where too few moves tell, `kept_notes` the share of the notes of a
    bar that is kept where it comes back varied, `densities` the notes a quarter and the notes an onset of some of the
    pieces, `openings` how they begin, `last_notes` how long it is from the last onset to the end of some of them, in
    quarters. The values here limit no note, and are what music has as a rule; without `ensembles`, `program` plays
    alone.
    """

    qpm: float = 120.0
    numerator: int = 4
    denominator: int = 4
    program: int = 0
    grid: bool = True
    lowest: int = 0
    highest: int = 127
    largest_chord: int = 10
    longest_gap: float = 4.0
    forms: tuple[Form, ...] = ()
    longest_note: float = 64.0
    outside_key: float = 0.05
    tonic_endings: float = 0.6
    parallels: float = 1.0
    ensembles: tuple[Ensemble, ...] = ()
    levels: Levels = ()
    kept_notes: float = 0.75
    densities: tuple[tuple[float, float], ...] = ()
    openings: Openings = ()
    last_notes: tuple[float, ...] = ()

    @property
    def bar(self) -> float:
        """Length of a bar in quarter lengths."""
        return 4.0 * self.numerator / self.denominator


def style_of(pieces: Sequence[Piece]) -> Style:
    """Summarise a corpus; speed is the median of the pieces, metre and instrument are the most frequent.

    Bars shorter than a quarter are taken together. Where most pieces are performed, quarters are those of the clock,
    see `on_clock`.
    """
    grid = sum(map(is_performed, pieces)) * 2 <= len(pieces)
    if not grid:
        pieces = [on_clock(piece) for piece in pieces]
    metre = _most_frequent((piece.metre.numerator, piece.metre.denominator) for piece in pieces)
    together = _bars_together(*metre)
    pitches = np.concatenate([piece.notes["pitch"] for piece in pieces])
    return Style(
        qpm=round(float(np.median([piece.qpm for piece in pieces])), 2),
        numerator=metre[0] * together,
        denominator=metre[1],
        program=_most_frequent(piece.program for piece in pieces),
        grid=grid,
        lowest=int(pitches.min()),
        highest=int(pitches.max()),
        largest_chord=max(_largest_chord(piece) for piece in pieces),
        longest_gap=max(_longest_gap(piece) for piece in pieces),
        forms=forms_of(pieces) if together == 1 else (),
        longest_note=max(_WHOLE_NOTE, *(float(piece.notes["duration"].max(initial=0.0)) for piece in pieces)),
        outside_key=round(outside_share(pieces), 4),
        tonic_endings=round(tonic_endings(pieces), 4),
        parallels=_parallels(pieces),
        ensembles=ensembles_of(pieces),
        levels=levels_of(pieces),
        kept_notes=round(kept_notes(pieces), 4),
        densities=_densities(pieces),
        openings=openings_of(evenly(pieces), grid),
        last_notes=_last_notes(pieces),
    )


def _bars_together(numerator: int, denominator: int) -> int:
    """Return how many bars make one that is at least a quarter long: shorter ones are nothing to count by."""
    return max(-(-denominator // (4 * numerator)), 1)


def _densities(pieces: Sequence[Piece]) -> tuple[tuple[float, float], ...]:
    """Return the notes a quarter and the notes an onset of the pieces, of many of a hundred."""
    found = []
    for piece in evenly(pieces):
        notes, onsets = len(piece.notes), len(np.unique(to_ticks(piece.notes["onset"])))
        found.append((max(round(notes / max(piece.end, 1.0), 4), SPARSEST), round(notes / onsets, 4)))
    return tuple(found)


def _last_notes(pieces: Sequence[Piece]) -> tuple[float, ...]:
    return tuple(round(last_note(piece), 4) for piece in evenly(pieces) if len(piece.notes))


def _parallels(pieces: Sequence[Piece]) -> float:
    pairs, moves = parallel_moves(pieces)
    return round(pairs / moves, 4) if moves >= _FEWEST_MOVES else 1.0


def _most_frequent(values: Iterable[Value]) -> Value:
    return Counter(values).most_common(1)[0][0]


def _largest_chord(piece: Piece) -> int:
    """Return the size that all but one in a thousand chords keep to."""
    sizes = np.unique(np.round(piece.notes["onset"] * GRID_TICKS), return_counts=True)[1]
    return int(np.ceil(np.quantile(sizes, _USUAL)))


def _longest_gap(piece: Piece) -> float:
    """Return the gap in quarters that all but one in a thousand keep to, at least one quarter."""
    gaps = np.diff(np.unique(piece.notes["onset"]))
    return max(float(np.quantile(gaps, _USUAL)), 1.0) if len(gaps) else 1.0
