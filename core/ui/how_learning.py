"""Owns the last step of How it works, learning, and the glossary.

Knows nothing about how a network is trained.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.figures.curves import draw_curves
from core.training.overfitted import Overfitted, read_overfitted
from core.ui.how_music import Example
from core.ui.sketch_strip import sketch_strip
from core.ui.text import literal

_WORKSHEET = Path(__file__).parents[2] / "assets" / "worksheet.html"
GLOSSARY = {
    "MIDI file": "A file of notes, not of sound: which key, when, how long, how loud.",
    "Onset": "The moment a note begins. The gap is the time from one onset to the next.",
    "Event": "One note as the network reads it: gap, pitch, length, loudness.",
    "Network": "A formula with some hundred thousand numbers that turns the notes so far into chances of the next one.",
    "LSTM": "Long short-term memory: a network that reads one event after another and keeps a memory of what it read.",
    "Training": "Changing these numbers, little by little, so that the music learned from surprises the network less.",
    "Surprise": "How little chance the network gave to what came, in bits: 1 is one chance in two, 3 is one in eight.",
    "Kept aside": "Pieces that the network does not learn from. How much they surprise it tells what it understood.",
    "Overfitting": "Learning pieces by heart, not their style: what was learned surprises less and less, what was kept "
    "aside more and more.",
    "Sampling": "Drawing the next note by its chances, as with a weighted die.",
    "Temperature": "How much the likely is preferred: low is careful, high is daring.",
    "Top-p": "The share of probability that is drawn from; what is least likely is left out.",
    "Seed": "The number that all chance follows from: the same seed gives the same music again.",
}
"""A word and what it means, in the order in which they are met."""


def learning_step(shown: Example) -> None:
    """Show the curve of the visitor's network, and say what to read in it."""
    st.markdown(
        "A training shows the network a few bars, asks what comes next, and moves its numbers a little towards the "
        "right answer, thousands of times. Some pieces are **kept aside**: only they can show whether it has learned "
        "the style or merely the pieces. Where their curve turns up again while the other falls on, the network has "
        "begun to learn by heart. That is *overfitting*, and Encore keeps the network of the moment before."
    )
    _by_heart()
    record = shown.model.record
    if not shown.own or not record.curve:
        st.info("Train a network on your music to see its curve here.", icon=":material/school:")
        st.page_link("pages/2_Train.py", label="Train", icon=":material/arrow_forward:")
        return
    st.plotly_chart(draw_curves(record.curve, record.seconds), key="how-curve", config={"displayModeBar": False})
    sketch_strip(record.sketches)


def _by_heart() -> None:
    """Let overfitting be heard: a training on one piece that went on for too long."""
    with st.expander("What overfitting sounds like", icon=":material/hearing:"):
        found = _overfitted()
        st.markdown(
            f"A network that learned nothing but “{literal(found.piece)}”, for {found.seconds / 60:.0f} minutes, and "
            "was not stopped. What it learned from surprises it less and less. The end of the piece, which it was not "
            "shown, surprises it more and more:"
        )
        st.plotly_chart(draw_curves(found.curve, found.seconds), key="by-heart", config={"displayModeBar": False})
        about = [
            f"{share * 100:.0f} % stands in the piece; the longest run of notes that does has {longest}"
            if longest
            else "nothing of it stands in the piece"
            for share, longest in zip(found.shared, found.longest, strict=True)
        ]
        words = "What it composed on the way, first noise and at last the piece itself:"
        sketch_strip(found.sketches, words, "by-heart-sketch", about)


@st.cache_resource(show_spinner=False)
def _overfitted() -> Overfitted:
    return read_overfitted()


def glossary() -> None:
    """Show the glossary, and offer the worksheet for a class."""
    with st.expander("Words", icon=":material/menu_book:"):
        st.markdown("\n".join(f"- **{word}**: {meaning}" for word, meaning in GLOSSARY.items()))
    st.download_button(
        "Worksheet for a class (one page, to be printed)", _WORKSHEET.read_bytes(), _WORKSHEET.name, "text/html",
        key="worksheet", on_click="ignore", icon=":material/print:", type="tertiary",
    )  # fmt: skip
