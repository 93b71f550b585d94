"""Owns the view of a take's originality: what it shares with the music, run by run, each beside its original.

Knows nothing about how a take was made.
"""

from __future__ import annotations

from statistics import median

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.bars import bar_onsets, bars_at
from core.comparison.motifs import Run
from core.comparison.originality import LENGTHS, Learned, Originality, in_words, notes_here
from core.notes import Piece, Track, clip, on_new_track
from core.takes.desk import KeptTake
from core.ui.learned_music import shared_with
from core.ui.player import player
from core.ui.text import literal

_SAME = "the same notes"
_AROUND = 2  # bars of the original before and behind a run


def compare_originality(learned: Learned, kept: KeptTake) -> None:
    """Show the shares, and the runs one after the other."""
    found = shared_with(learned, kept)
    st.markdown(in_words(found))
    st.table(_shares(found).set_index("runs of"))
    st.caption(
        "A run counts if its rhythm and its steps are the same, in whatever key. Pieces of one kind always share short "
        "runs; what counts is whether a take shares more than they do."
    )
    if not found.runs:
        st.markdown("No run of eight notes or more stands in the music as it is.")
        return
    runs = sorted(found.runs, key=lambda run: (-run.notes, run.begin))
    number = _chosen(len(runs), kept.number)
    _beside(learned, kept, runs[number], number)


def _shares(found: Originality) -> pd.DataFrame:
    rows = []
    for length in LENGTHS:
        among = found.among[length]
        row = {"runs of": f"{length} notes", "this take": f"{found.shared[length]:.1%}"}
        if len(among) > 1:
            row["your pieces with each other"] = f"{median(among):.1%} (up to {max(among):.1%})"
            row["pieces that share more"] = f"{found.below(length)} of {len(among)}"
        rows.append(row)
    return pd.DataFrame(rows)


def _chosen(many: int, take: int) -> int:
    """Ask which run is shown; the longest comes first."""
    if many == 1:
        return 0
    return int(st.number_input("Shared run (the longest first)", 1, many, 1, key=f"run-{take}", width=220)) - 1


def _beside(learned: Learned, kept: KeptTake, run: Run, number: int) -> None:
    """Show a run in the take, and in the piece where it stands."""
    take, source = kept.as_composed, learned.corpus.pieces[run.piece]
    place = learned.place(take, run, kept.take.primer_end)
    where = f"{place.take_bar_words} of {literal(kept.name)}, {place.bar_words} of “{literal(place.piece)}”"
    st.markdown(f"**{run.notes} notes**: {where}.")
    here, there = st.columns(2)
    with here:
        st.caption(f"{literal(kept.name)}, with {_SAME} in a colour of their own")
        player(
            _marked(take, notes_here(take, run, kept.take.primer_end)),
            f"run-take-{kept.number}",
            file_stem=f"encore {kept.name}",
        )
    with there:
        st.caption(f"“{literal(place.piece)}”, the bars around them")
        passage = _around(source, learned.notes_there(run))
        player(passage, f"run-source-{kept.number}-{number}", file_stem="original")


def _marked(piece: Piece, rows: NDArray[np.int64]) -> Piece:
    """Give some notes a track of their own, with the instrument of the first."""
    program = piece.tracks[int(piece.notes["track"][rows[0]])].program
    return on_new_track(piece, rows, Track(_SAME, program))


def _around(piece: Piece, rows: NDArray[np.int64]) -> Piece:
    """Return the bars around some notes, with these marked."""
    first, last = bars_at(piece, piece.notes["onset"][[rows[0], rows[-1]]]).tolist()
    start, stop = bar_onsets(piece, [first - _AROUND, last + 1 + _AROUND]).tolist()
    return clip(_marked(piece, rows), max(start, 0.0), stop)
