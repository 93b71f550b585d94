"""Owns the composing form: length, temperature and tempo; behind 'More' all other settings.

Knows nothing about how a take is made. Moving a slider composes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from core.config import FEWEST_PITCHES, KEYS, RANGES, ComposingSettings
from core.corpus.corpus import digest
from core.corpus.form import returning
from core.corpus.style import Style
from core.midi.instruments import INSTRUMENTS
from core.notes import Piece, pitch_name
from core.ui.piece_table import estimated_key
from core.ui.session import HIGHEST_SEED, session
from core.ui.span_form import MORE_BARS, MORE_SECONDS

_MOST_AT_ONCE = 8
_ANY_KEY, _GUESS, _LEARNED = "any key", "guess", "as in the music learned"


def composing_form(
    style: Style, on_tempo: Callable[[float], None], tempo_scale: float, primer: Piece | None = None
) -> ComposingSettings:
    """Show the widgets, with what was chosen last; return what is chosen now.

    `tempo_scale` is the one that is heard; `on_tempo` is called with another one before the page runs again.
    """
    with st.container():  # there with or without a primer, so that 'More' keeps its place and stays open
        if primer is not None:
            _more_at_once(style)
    kept = replace(_length(session().composing, style), tempo_scale=tempo_scale)
    kept = replace(kept, temperature=_temperature(kept))
    _tempo(kept, style, on_tempo)
    with st.expander("More", icon=":material/tune:"):
        kept = _more(kept, style, primer)
        session().program = _instrument(session().program)
    session().composing = kept
    return kept


def _length(kept: ComposingSettings, style: Style) -> ComposingSettings:
    """Ask for bars, or for seconds where the music has no bars."""
    if style.grid:
        metre = f"{style.numerator}/{style.denominator}"
        bars = st.slider(f"Length (bars of {metre})", 4, 128, _begin("bars", kept.bars), key="bars")
        return replace(kept, bars=bars)
    begin = _begin("play-seconds", int(kept.play_seconds))
    return replace(kept, play_seconds=float(st.slider("Length (seconds)", 10, 300, begin, key="play-seconds")))


def _begin(key: str, value: int) -> int | None:
    """Return what a slider begins with; None while it takes up what a press has set."""
    return None if st.session_state.get(key, value) != value else value


def _more_at_once(style: Style) -> None:
    """Offer the lengths that one goes on by most; a press sets the slider."""
    label, options, slider = ("bars", MORE_BARS, "bars") if style.grid else ("seconds", MORE_SECONDS, "play-seconds")
    kept, key = session().composing, f"go-on-{slider}"
    now = st.session_state.get(slider, kept.bars if style.grid else int(kept.play_seconds))
    st.session_state[key] = now if now in options else None

    def take() -> None:
        if (many := st.session_state[key]) is not None:
            st.session_state[slider] = many

    st.segmented_control(f"Go on by ({label})", options, key=key, on_change=take)


def _temperature(kept: ComposingSettings) -> float:
    return st.slider(
        "Temperature" if kept.rhythm_temperature is None else "Temperature of the pitches",
        0.1,
        RANGES["temperature"][1],
        kept.temperature,
        0.05,
        help="How daring the network is: low plays safe and repeats itself, high surprises and goes astray.",
        key="temperature",
    )


def _tempo(kept: ComposingSettings, style: Style, on_tempo: Callable[[float], None]) -> None:
    """Show the tempo that is heard: the open take follows at once, without being composed again."""
    mine, low, high = session(), *RANGES["tempo_scale"]
    begin: float | None = kept.tempo_scale
    if "tempo" in st.session_state and mine.shown_tempo != kept.tempo_scale:
        st.session_state["tempo"] = kept.tempo_scale  # not each time: it would overtake a hand that moves on
        begin = None

    def take() -> None:
        mine.shown_tempo = st.session_state["tempo"]
        on_tempo(mine.shown_tempo)

    pace = f": {style.qpm:.0f} quarter notes per minute" if style.grid else ""
    mine.shown_tempo = st.slider(
        "Tempo scale",
        low,
        high,
        begin,
        0.05,
        format="%.2f ×",
        help=f"1 × is the speed of the music learned{pace}. The open take follows at once; it is not composed again.",
        key="tempo",
        on_change=take,
    )


def _more(kept: ComposingSettings, style: Style, primer: Piece | None) -> ComposingSettings:
    chosen: dict[str, Any] = {
        "variations": st.slider(
            "Takes at once",
            1,
            _MOST_AT_ONCE,
            kept.variations,
            key="variations",
            help="Each begins with a seed of its own.",
        ),
        "rhythm_temperature": _rhythm_temperature(kept),
        "top_p": st.slider(
            "Choice (top-p)",
            0.5,
            1.0,
            max(kept.top_p, 0.5),
            0.01,
            key="top-p",
            help="Of all notes that the network thinks possible, only the likeliest are drawn from, which together "
            "reach this share of probability. 1: all of them. Lower: fewer strange notes.",
        ),
        "density": st.slider(
            "Sparser – denser",
            -1.0,
            1.0,
            kept.density,
            0.1,
            format="%+.1f",
            key="density",
            help="0: about as many notes as in the music learned. To the left fewer, with more time between them; "
            "to the right more.",
        ),
        "key": _key(kept, primer),
        **_range(kept, style),
        "seed": _seed(kept),
    }
    return _switches(replace(kept, **chosen), style)


def _rhythm_temperature(kept: ComposingSettings) -> float | None:
    """Open the one temperature into two."""
    apart = st.toggle(
        "Rhythm with a temperature of its own", kept.rhythm_temperature is not None, key="temperature-apart"
    )
    if not apart:
        return None
    now = kept.temperature if kept.rhythm_temperature is None else kept.rhythm_temperature
    return st.slider("Temperature of the rhythm", 0.1, RANGES["temperature"][1], now, 0.05, key="rhythm-temperature")


def _key(kept: ComposingSettings, primer: Piece | None) -> str | None:
    """Ask for a key; that of the music at hand follows what is at hand."""
    mine, (guess, whose) = session(), _guess(primer)
    options: list[str] = [_ANY_KEY, *([_GUESS] if guess else []), *KEYS]
    now = _GUESS if mine.guess_key and guess else kept.key
    chosen = st.selectbox(
        "Key",
        options,
        options.index(now) if now in options else 0,
        format_func=lambda option: f"{whose}: {guess}" if option == _GUESS else option,
        key=f"key-{whose}-{guess}" if guess else "key",  # a list with other words forgets what was chosen
        help="New notes keep to this key, with about as many notes from outside it as the music learned has. "
        "The key of your music is a guess, from how long each of its notes sounds.",
    )
    mine.guess_key = chosen == _GUESS
    return guess if chosen == _GUESS else None if chosen == _ANY_KEY else chosen


def _guess(primer: Piece | None) -> tuple[str, str]:
    """Return the likely key of what a take starts from, or of most pieces of the visit, and whose it is in words."""
    if primer is not None:
        return estimated_key(digest(primer), primer), "that of the start"
    corpus = session().corpus
    keys = Counter(map(estimated_key, corpus.digests, corpus.pieces)).most_common(1)
    if not keys:
        return "", ""
    (key, many), *_ = keys
    return key, "that of your music" if many == len(corpus) else "that of most of your music"


def _range(kept: ComposingSettings, style: Style) -> dict[str, int | None]:
    """Ask for the lowest and the highest note, within those of the music learned."""
    if style.highest - style.lowest < FEWEST_PITCHES:
        return {"lowest": None, "highest": None}
    low = style.lowest if kept.lowest is None else _between(kept.lowest, style)
    high = style.highest if kept.highest is None else _between(kept.highest, style)
    pitches = list(range(style.lowest, style.highest + 1))
    lowest, highest = st.select_slider(
        "Range",
        pitches,
        (low, high),
        format_func=pitch_name,
        key=f"range-{style.lowest}-{style.highest}",
        help="The lowest and the highest new note; C4 is the middle of the piano.",
    )
    lowest = min(lowest, style.highest - FEWEST_PITCHES + 1)
    highest = max(highest, lowest + FEWEST_PITCHES - 1)
    return {
        "lowest": lowest if lowest > style.lowest else None,
        "highest": highest if highest < style.highest else None,
    }


def _between(pitch: int, style: Style) -> int:
    """Return a pitch, or the nearest that the music learned reaches: another model may have been at hand."""
    return min(max(pitch, style.lowest), style.highest)


def _instrument(program: int | None) -> int | None:
    """Ask which instrument plays new takes; None is the one of the music learned."""
    options = [_LEARNED, *INSTRUMENTS]
    chosen = st.selectbox("Instrument of new takes", options, 0 if program is None else program + 1, key="instrument")
    return None if chosen == _LEARNED else INSTRUMENTS.index(chosen)


def _seed(kept: ComposingSettings) -> int:
    return st.number_input(
        "Seed",
        int(RANGES["seed"][0]),
        HIGHEST_SEED,
        kept.seed,
        help="The number that the random choices begin with. The same number gives the same music again.",
        key=f"seed-{session().draws}",
    )


def _switches(kept: ComposingSettings, style: Style) -> ComposingSettings:
    """Ask for an ending, the learned rhythm and, where bars come back in the music learned, a form like its own."""
    ending = st.toggle(
        "Come to an end",
        kept.ending,
        help="A take closes as the music learned does, so it may be a little shorter or longer. Off: it is left open.",
        key="ending",
    )
    kept = replace(kept, ending=ending)
    rhythm = st.toggle(
        "Learned rhythm",
        kept.rhythm,
        help="Off: all notes are equally spaced, and only the pitches are the network's own.",
        key="rhythm",
    )
    if not (style.grid and any(map(returning, style.forms))):
        return replace(kept, rhythm=rhythm)
    returns = st.toggle(
        "Bars come back",
        kept.returns,
        disabled=not rhythm,
        help="The new music goes back to its own earlier bars where one of the pieces learned from does. "
        "Off: every bar is new.",
        key="returns",
    )
    return replace(kept, rhythm=rhythm, returns=returns)
