"""Owns the strip of sketches: what a network composed while it learned, from its first step to its last, to be heard.

Knows nothing about how sketches are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.composing.sketch import sketched
from core.figures.thumbnail import thumbnail
from core.models.model import Sketch
from core.ui.sound_button import play_button

_MOST = 6  # beside each other
_WORDS = "**Hear it learn.** A few bars that it composed on the way, always with the same random choices:"


def sketch_strip(
    sketches: Sequence[Sketch], words: str = _WORDS, key: str = "sketch", about: Sequence[str] = ()
) -> None:
    """Show the sketches beside each other, each with a picture, a button to hear it and what is said about it."""
    if not sketches:
        return
    st.markdown(words)
    with st.container(key=f"{key}es"):
        each = zip(st.columns(_MOST), sketches, about or [""] * len(sketches), strict=False)
        for number, (column, sketch, said) in enumerate(each, 1):
            with column:
                _show(sketch, f"{key}-{number}")
                if said:
                    st.caption(said)


def _show(sketch: Sketch, key: str) -> None:
    piece, when = sketched(sketch), _when(sketch)
    st.image(thumbnail(piece), width="stretch", alt=f"{len(piece.notes)} notes, composed {when}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if len(piece.notes):
            play_button(piece, key, f"Play what it composed {when}")
            st.caption(when)
        else:
            st.caption(f"{when}: silence")


def _when(sketch: Sketch) -> str:
    if sketch.done <= 0:
        return "at the start"
    return "at the end" if sketch.done >= 1 else f"after {sketch.seconds:.0f} s"
