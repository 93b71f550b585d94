"""Owns the small play button of a card: it has a sound of its own, made when it is first wanted.

Knows nothing about what else the card shows. The n-th button of a page answers to the digit n.
"""

from __future__ import annotations

import streamlit as st

from core.notes import Piece
from core.ui.component import component
from core.ui.sound import audio_element, hide_audio, sound_of, start_sound


def play_button(piece: Piece, key: str, label: str, *, begin: float = 0.0) -> None:
    """Show the button; `label` says what a press does, as in 'Play take 3', to those who hear the page.

    If another sound of the page plays, this one goes on at the same second; else it starts at second `begin`, and
    after a pause where it was. A press does not run the page again, only this button until its sound is there.
    """
    hide_audio()
    with st.container(key=f"listen-{key}", width="content"):
        _button(piece, key, label, begin)


@st.fragment
def _button(piece: Piece, key: str, label: str, begin: float) -> None:
    sound = sound_of(piece)
    data = {"label": label, "begin": begin, "state": sound.state, "message": sound.message}

    def make() -> None:
        start_sound(piece)

    component("card", "sounds")(key=f"card-{key}", data=data, width="content", on_wanted_change=make)
    if sound.rendering is not None:
        audio_element(sound.rendering)
