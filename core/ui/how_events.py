"""Owns the first step of How it works: a phrase as events and back, with its rhythm and without.

Knows nothing about networks.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from core.encoding.joint import DURATION, GAP, JointEncoding
from core.listening.changed import without_rhythm
from core.notes import Piece, pitch_name
from core.ui.how_music import Example
from core.ui.how_words import gap_words
from core.ui.player import player

_BARS, _SECONDS = 4, 8.0
_ROWS = 200


def events_step(shown: Example) -> None:
    """Show a phrase, the rows that a network reads of it, and what is left without rhythm."""
    phrase = shown.opening(_BARS, _SECONDS)
    st.markdown(
        "A network cannot read sheet music. It reads **one row a note**: how long after the last onset the note comes, "
        "which note it is, how long it lasts, how loud it is. Time stands in the gaps alone, so there is no grid that "
        "music would have to fit, and any metre will do."
    )
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.dataframe(_rows(phrase, shown.barred), hide_index=True, height=300)
    with right:
        st.markdown("What you hear is played from these rows.")
        off = st.toggle("Switch rhythm off", key="how-rhythm-off")
        again = back(phrase)
        player(without_rhythm(again) if off else again, "how-phrase", file_stem="encore phrase")
    if off:
        st.markdown("Earlier projects of this kind learned only this: every note as long as every other.")


def back(phrase: Piece) -> Piece:
    """Return a phrase as it comes back from its events: written music, on one track."""
    encoding = JointEncoding()
    notes = encoding.decode(encoding.encode(phrase))
    return replace(phrase, notes=notes, tracks=phrase.tracks[:1], drums=phrase.drums[:0])


def _rows(phrase: Piece, barred: bool) -> pd.DataFrame:
    encoding = JointEncoding()
    events = encoding.encode(phrase)[:_ROWS]
    notes = encoding.decode(events)
    return pd.DataFrame(
        {
            "gap": [gap_words(int(gap), barred) for gap in events[:, GAP]],
            "note": [pitch_name(int(pitch)) for pitch in notes["pitch"]],
            "length": [gap_words(int(length), barred) for length in events[:, DURATION]],
            "loudness (1 to 127)": notes["velocity"],
        }
    )
