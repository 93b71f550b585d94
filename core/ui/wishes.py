"""Owns the wishes for a take: length, temperature, tempo, rhythm, seed, and what it starts from.

Knows nothing about how a take is made.
"""

from __future__ import annotations

import streamlit as st

from core.composing import passage
from core.config import LIMITS, ComposingSettings
from core.model import Model
from core.notes import Piece
from core.report import count_bars
from core.store import Named
from core.ui.session import session

_NOTHING = "the beginning"
_LONGEST_PASSAGE = 16


def wishes(trained: Model) -> ComposingSettings:
    """Show the sliders and return what is chosen."""
    left, right = st.columns(2)
    with left:
        length = _length(trained)
        temperature = st.slider(
            "Temperature", 0.1, LIMITS["temperature"][1], ComposingSettings.temperature, 0.05, key="temperature",
            help="How daring the network is: low plays safe and repeats itself, high surprises and goes astray.",
        )  # fmt: skip
    with right:
        tempo = st.slider(
            "Tempo scale", *LIMITS["tempo_scale"], ComposingSettings.tempo_scale, 0.05, format="%.2f ×", key="tempo",
            help=f"1 × is the speed of your music: {trained.style.qpm:.0f} quarter notes per minute.",
        )  # fmt: skip
        seed = st.number_input(
            "Seed", *map(int, LIMITS["seed"]), session().seed, key=f"seed-{session().seed}",
            help="The number that the chance begins with. The same number gives the same music again.",
        )  # fmt: skip
    rhythm = st.toggle(
        "Learned rhythm", value=True, key="rhythm",
        help="Off: all notes are equally spaced, and only the pitches are the network's own.",
    )  # fmt: skip
    session().seed = seed
    return ComposingSettings(**length, temperature=temperature, tempo_scale=tempo, rhythm=rhythm, seed=seed)


def _length(trained: Model) -> dict[str, int | float]:
    """Ask for bars, or for seconds where the music has no bars."""
    if trained.style.grid:
        metre = f"{trained.style.numerator}/{trained.style.denominator}"
        return {"bars": st.slider(f"Length (bars of {metre})", 4, 128, ComposingSettings.bars, key="bars")}
    return {"play_seconds": float(st.slider("Length (seconds)", 10, 300, int(ComposingSettings.play_seconds), key="secs"))}


def primer(corpus: Named) -> Piece | None:
    """Ask what to start from; return a passage of one of the person's pieces, or nothing."""
    if not corpus:
        return None
    pieces = dict(corpus)
    name = st.selectbox("Start from", [_NOTHING, *pieces], key="start", help="Or go on from a passage of your music.")
    if name == _NOTHING:
        return None
    piece = pieces[name]
    bars = max(count_bars(piece), 2)
    first, last = st.slider("Bars of the passage", 1, bars, (1, min(4, bars)), key=f"passage-{name}")
    return passage(piece, first, min(last - first + 1, _LONGEST_PASSAGE))
