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


def sketch_strip(sketches: Sequence[Sketch]) -> None:
    """Show the sketches beside each other, each with a picture and a button to hear it."""
    if not sketches:
        return
    st.markdown("**Hear it learn.** A few bars that it composed on the way, always with the same random choices:")
    with st.container(key="sketches"):
        for number, (column, sketch) in enumerate(zip(st.columns(_MOST), sketches, strict=False), 1):
            with column:
                _show(sketch, number)


def _show(sketch: Sketch, number: int) -> None:
    piece, when = sketched(sketch), _when(sketch)
    st.image(thumbnail(piece), width="stretch", alt=f"{len(piece.notes)} notes, composed {when}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if len(piece.notes):
            play_button(piece, f"sketch-{number}", f"Play what it composed {when}")
            st.caption(when)
        else:
            st.caption(f"{when}: silence")


def _when(sketch: Sketch) -> str:
    if sketch.done <= 0:
        return "at the start"
    return "at the end" if sketch.done >= 1 else f"after {sketch.seconds:.0f} s"
