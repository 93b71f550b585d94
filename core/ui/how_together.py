"""Owns the step of How it works about pitch and rhythm: one network that hears both against two that do not.

Knows nothing about how takes are drawn.
"""

from __future__ import annotations

import streamlit as st

from core.composing.take import ComposingError
from core.config import ComposingSettings
from core.listening.changed import not_heard
from core.notes import Piece, content_hash
from core.ui.how_music import Example
from core.ui.player import player
from core.ui.server import composer

_BARS, _SECONDS, _PRIMER = 8, 15.0, 4
_MOST = 32  # kept for all visitors together


def together_step(shown: Example) -> None:
    """Let both be heard: the same opening, gone on from."""
    st.markdown(
        "Many projects train **two networks**, one for pitch and one for rhythm, which do not hear each other. Here "
        "**one network** draws gap, note and length one after the other, and each knows those before it. Both of these "
        "go on from the same opening. In the second, the rhythm is that of one continuation and the notes are those of "
        "another: each is fine by itself, but no strong note falls on a strong beat save by chance."
    )
    try:
        together, apart = _both(shown.model.digest, content_hash(shown.piece), shown)
    except ComposingError as error:
        st.info(str(error), icon=":material/music_off:")
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**One that hears all**")
        player(together, "how-together", axis=shown.unit, file_stem="encore together")
    with right:
        st.markdown("**Two that do not hear each other**")
        player(apart, "how-apart", axis=shown.unit, file_stem="encore apart")


@st.cache_resource(max_entries=_MOST, show_spinner="Composing both …")
def _both(digest: str, content: str, _shown: Example) -> tuple[Piece, Piece]:
    settings = (ComposingSettings(bars=_BARS, play_seconds=_SECONDS, seed=seed) for seed in (1, 2))
    one, other = (composer().compose_after(_shown.model, _shown.piece, each, _PRIMER).piece for each in settings)
    return one, not_heard(one, other)
