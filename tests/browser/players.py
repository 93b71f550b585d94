"""A page of its own with a player whose boxes Python takes in, and three cards that play."""

import time

import streamlit as st

from core.audio.renderings import make
from core.notes import Piece, as_notes
from core.ui.player import player
from core.ui.server import renderings
from core.ui.sound_button import play_button


def scale(first: int, bars: int = 8) -> Piece:
    """Bars of quarter notes, again and again up eight semitones; 2 seconds a bar."""
    rows = [(float(beat), 1.0, first + beat % 8, 80, 0) for beat in range(4 * bars)]
    return Piece(as_notes(rows), title=f"scale {first}")


def unhurried(piece):
    """Make the whole of a long piece so late that its beginning is heard first."""
    if piece.seconds > 20:
        time.sleep(4)
    return make(piece)


def take(box):
    st.session_state["chosen"] = box


first = int(st.query_params.get("first", 60))  # another one is other music, whose sounds are still to be made
bars = int(st.query_params.get("bars", 8))
renderings()._make = unhurried
box = st.session_state.get("chosen")
st.text_input("Name")
player(scale(first, bars), "take", box=box, on_box=take)
st.text(f"Box: {box.start:g} to {box.stop:g}, pitches {box.low} to {box.high}" if box else "No box")
for column, number in zip(st.columns(3), (1, 2, 3), strict=True):
    with column.container(border=True, horizontal=True):
        play_button(scale(first + number), f"card-{number}", f"Play take {number}", begin=4.0)
        st.button("Star", key=f"star-{number}", type="tertiary")
