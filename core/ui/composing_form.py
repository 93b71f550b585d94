"""Owns the composing form: length, temperature, tempo, rhythm, seed, and what it starts from.

Knows nothing about how a take is made.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.bars import bar_range, passage
from core.config import RANGES, ComposingSettings
from core.corpus.corpus import Corpus
from core.corpus.form import returning
from core.corpus.style import Style
from core.notes import Piece
from core.takes.desk import Desk
from core.ui.session import HIGHEST_SEED, session

_BEGINNING = "the beginning"
_LONGEST_PASSAGE = 16
_MOST_AT_ONCE = 8


def composing_form(style: Style) -> ComposingSettings:
    """Show the widgets, with what was chosen last; return what is chosen now."""
    kept = session().composing
    left, right = st.columns(2)
    with left:
        kept = _length(kept, style)
        temperature = st.slider(
            "Temperature",
            0.1,
            RANGES["temperature"][1],
            kept.temperature,
            0.05,
            help="How daring the network is: low plays safe and repeats itself, high surprises and goes astray.",
            key="temperature",
        )
    with right:
        tempo_scale = st.slider(
            "Tempo scale",
            *RANGES["tempo_scale"],
            kept.tempo_scale,
            0.05,
            format="%.2f ×",
            help=f"1 × is the speed of the music learned: {style.qpm:.0f} quarter notes per minute.",
            key="tempo",
        )
        seed = _seed(kept)
    kept = _switches(kept, style)
    variations = st.slider(
        "Takes at once", 1, _MOST_AT_ONCE, kept.variations, key="variations", help="Each begins with a seed of its own."
    )
    kept = replace(kept, seed=seed, variations=variations)
    session().composing = replace(kept, temperature=temperature, tempo_scale=tempo_scale)
    return session().composing


def _switches(kept: ComposingSettings, style: Style) -> ComposingSettings:
    """Ask for the learned rhythm and, where bars come back in the music learned, for a form like its own."""
    left, right = st.columns(2)
    rhythm = left.toggle(
        "Learned rhythm",
        kept.rhythm,
        help="Off: all notes are equally spaced, and only the pitches are the network's own.",
        key="rhythm",
    )
    if not (style.grid and any(map(returning, style.forms))):
        return replace(kept, rhythm=rhythm)
    returns = right.toggle(
        "Bars come back",
        kept.returns,
        disabled=not rhythm,
        help="The new music goes back to its own earlier bars where one of the pieces learned from does. "
        "Off: every bar is new.",
        key="returns",
    )
    return replace(kept, rhythm=rhythm, returns=returns)


def _length(kept: ComposingSettings, style: Style) -> ComposingSettings:
    """Ask for bars, or for seconds where the music has no bars."""
    if style.grid:
        metre = f"{style.numerator}/{style.denominator}"
        return replace(kept, bars=st.slider(f"Length (bars of {metre})", 4, 128, kept.bars, key="bars"))
    seconds = st.slider("Length (seconds)", 10, 300, int(kept.play_seconds), key="play-seconds")
    return replace(kept, play_seconds=float(seconds))


def _seed(kept: ComposingSettings) -> int:
    return st.number_input(
        "Seed",
        int(RANGES["seed"][0]),
        HIGHEST_SEED,
        kept.seed,
        help="The number that the random choices begin with. The same number gives the same music again.",
        key=f"seed-{session().draws}",
    )


def primer_form(corpus: Corpus, desk: Desk) -> Piece | None:
    """Ask what to start from; return a passage of one of the person's pieces or takes, or nothing."""
    pieces = dict(zip(corpus.digests, corpus.pieces, strict=True))
    names = dict(zip(corpus.digests, corpus.names, strict=True))
    for kept in desk.takes:
        pieces[f"take-{kept.number}"], names[f"take-{kept.number}"] = (
            kept.take.piece,
            f"{kept.name} (take {kept.number})",
        )
    if not pieces:
        return None
    options: list[str] = [_BEGINNING, *pieces]
    chosen = str(
        st.selectbox(
            "Start from",
            options,
            format_func=lambda key: names.get(key, key),
            key="start",
            help="Or go on from a passage of your music, or of a take.",
        )
    )
    if chosen == _BEGINNING:
        return None
    piece = pieces[chosen]
    first, last = bar_range(piece)
    begin, end = st.slider("Bars of the passage", first, last, (first, min(first + 3, last)), key=f"passage-{chosen}")
    return passage(piece, begin, min(end - begin + 1, _LONGEST_PASSAGE))
