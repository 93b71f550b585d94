"""Owns the demo: new music within seconds of the first visit, from the base model, without any training.

Knows nothing about a visitor's own music.
"""

from __future__ import annotations

import random

import streamlit as st

from core.composing.take import Take
from core.config import ComposingSettings
from core.models.base import base_model
from core.ui.player import player
from core.ui.press import press_button
from core.ui.server import built_in, composer
from core.ui.session import session

_STYLES = {"ragtime": "a rag", "miniatures": "a piano piece", "fugues": "a fugue"}
_BARS = 12
_PRIMER_BARS = 8


def demo() -> None:
    """Offer a few styles to hear something in, and play what was composed."""
    mine = session()
    with st.container(horizontal=True):
        for set_id, words in _STYLES.items():
            if press_button(f"Play me {words}", f"demo-{set_id}", icon=":material/play_arrow:"):
                mine.welcome = _composed(set_id)
    if mine.welcome is not None:
        player(mine.welcome.piece, "welcome", file_stem="encore")
        st.caption("Composed just now, by a network that has learned from much old music, but from none of yours yet.")


def _composed(set_id: str) -> Take:
    rng = random.Random()
    piece = rng.choice(built_in(set_id)).piece
    settings = ComposingSettings(bars=_BARS, temperature=0.9, seed=rng.randrange(1_000_000))
    with st.spinner("Composing …"):
        return composer().compose_after(base_model(), piece, settings, _PRIMER_BARS)
