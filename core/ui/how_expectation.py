"""Owns the steps of How it works that show what the network expects: note by note, bent, and from the piece's own past.

Knows nothing about how expectations are worked out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.bars import bars_at, beats_at
from core.composing.sampling import keep_nucleus, sharpen, weigh
from core.composing.take import ComposingError
from core.config import ComposingSettings
from core.figures.expectation import draw_chances, draw_past, draw_surprise
from core.listening.expectation import Expectation
from core.notes import Piece, content_hash, pitch_name, seconds_at
from core.ui.component import component
from core.ui.how_music import Example, heard
from core.ui.how_words import gap_words, surprise_words
from core.ui.player import player
from core.ui.press import press_button
from core.ui.server import composer
from core.ui.sound_button import play_button

_SHOWN, _GAPS = 12, 4  # the likeliest pitches and gaps that are sent to the browser
_SURPRISES, _APART = 5, 12  # moments, and notes between two of them
_LEAD = 3.0  # seconds that are heard before a moment
_MOST_FOLLOWED = 16  # kept for all visitors together
_QUIET = {"displayModeBar": False}
_ENDS = {"careful": 0.4, "daring": 1.5}  # temperatures
_BARS, _SECONDS = 3, 6.0
_PRIMER = 4


def expectation_step(shown: Example) -> None:
    """Show what the network expects while the piece plays, and where it was surprised the most."""
    expected = heard(shown)
    st.markdown(
        "Before each note the network gives **every possible note a chance**. Play the piece and watch: the blue bars "
        "are what it expects, the red one is what came. Training means no more than this: to be less surprised."
    )
    player(shown.piece, "how-piece", axis=shown.unit, file_stem="encore piece")
    component("expectation", "sounds")(
        key="how-keys", data=_followed(shown.model.digest, content_hash(shown.piece), shown)
    )
    piece, order = shown.piece, expected.order
    times = shown.times(piece.notes["onset"][order])
    moments = expected.most_surprising(_SURPRISES, _APART)
    st.plotly_chart(
        draw_surprise(times, expected.surprise, moments, shown.unit), key="how-surprise", config=_QUIET,
        alt="How surprising each note was",
    )  # fmt: skip
    st.markdown(
        "**The most surprising moments.** A bit is one chance in two, ten bits are one in a thousand. Each is played "
        "from a few seconds before:"
    )
    for number, place in enumerate(moments, 1):
        note = piece.notes[order[place]]
        begin = max(float(seconds_at(piece, note["onset"])) - _LEAD, 0.0)
        left, right = st.columns([1, 14], vertical_alignment="center")
        with left:
            play_button(piece, f"how-moment-{number}", f"Play moment {number}", begin=begin)
        right.markdown(f"{number}: {_where(shown, note)} came {_told(shown, expected, place)}")


def choice_step(shown: Example) -> None:
    """Bend the chances of one moment by temperature and top-p; let both ends be heard."""
    expected = heard(shown)
    st.markdown(
        "To compose, a note is **drawn** by these chances, as with a weighted die. *Temperature* bends them: below 1 "
        "the likely becomes likelier, above 1 the unlikely gets its turn. *Top-p* leaves out the least likely."
    )
    most = expected.most_surprising(1, 1)[0] + 1 if len(expected.order) > 1 else 1
    left, right = st.columns([1, 2], gap="large")
    with left:
        number = st.number_input("Note of the piece", 1, len(expected.order), most, key="how-note")
        temperature = st.slider("Temperature", 0.1, 2.0, 1.0, 0.05, key="how-temperature")
        top_p = st.slider("Choice (top-p)", 0.5, 1.0, 0.95, 0.01, key="how-top-p")
    chances = expected.pitches[number - 1]
    came = int(shown.piece.notes["pitch"][expected.order[number - 1]])
    with right:
        bent = bend(chances, temperature, top_p)
        st.plotly_chart(draw_chances(chances, bent, came), key="how-chances", config=_QUIET, alt="Chances of notes")
    st.markdown("Hear it: three bars that go on from the beginning of the piece, drawn at either end.")
    for column, (words, at) in zip(st.columns(2), _ENDS.items(), strict=True):
        with column:
            _end(shown, words, at)


def past_step(shown: Example) -> None:
    """Show where the piece's own past has its say."""
    expected = heard(shown)
    st.markdown(
        "The network has learned from *other* music. Beside it stands a second predictor that knows **only this piece "
        "so far**, and counts what followed what, also in another key. Whichever predicted better lately is "
        "listened to more; the longer a passage has come back already, the more the second one counts. Where a strain "
        "comes back, the curve goes up: the piece now tells itself."
    )
    times = shown.times(shown.piece.notes["onset"][expected.order])
    st.plotly_chart(draw_past(times, expected.past, shown.unit), key="how-past", config=_QUIET, alt="Share of the past")
    share = float(expected.past.mean()) * 100
    st.markdown(f"In this piece {share:.0f} % of the expectation of a note comes from its own past, on average.")


def bend(chances: NDArray[np.float64], temperature: float, top_p: float) -> NDArray[np.float64]:
    """Return chances, (ids,), as they are drawn from at a temperature and a top-p."""
    logits = np.log(np.maximum(chances, np.finfo(np.float64).tiny))[None]
    weights = keep_nucleus(weigh(sharpen(logits, temperature)), top_p)[0]
    return np.asarray(weights / weights.sum())


@st.cache_data(max_entries=_MOST_FOLLOWED, show_spinner=False)
def _followed(digest: str, content: str, _shown: Example) -> dict[str, Any]:
    """Return what the keyboard in the browser shows at each note, worked out once for all visitors."""
    shown, expected = _shown, heard(_shown)
    notes = shown.piece.notes[expected.order]
    likely = [_likeliest(row, _SHOWN) for row in expected.pitches]
    pitches = np.concatenate([notes["pitch"], [pitch for row in likely for pitch, _ in row]]).astype(int)
    lowest, highest = int(pitches.min()), int(pitches.max())
    words = [f"Came {_told(shown, expected, place)}" for place in range(len(notes))]
    return {
        "player": "how-piece",
        "lowest": lowest,
        "names": [pitch_name(pitch) for pitch in range(lowest, highest + 1)],
        "times": np.round(seconds_at(shown.piece, notes["onset"]), 3).tolist(),
        "pitches": likely,
        "came": notes["pitch"].tolist(),
        "gaps": [
            [[gap_words(gap, shown.barred), share] for gap, share in _likeliest(row, _GAPS)] for row in expected.gaps
        ],
        "gap": [gap_words(int(gap), shown.barred) for gap in shown.model.encoding.encode(shown.piece)[:, 0]],
        "words": words,
    }


def _likeliest(chances: NDArray[np.float64], many: int) -> list[tuple[int, int]]:
    """Return the likeliest ids with their chances in per cent, those of one per cent at least."""
    ids = np.argsort(-chances, kind="stable")[:many]
    return [(int(each), round(100 * chances[each])) for each in ids if chances[each] >= 0.01]


def _told(shown: Example, expected: Expectation, place: int) -> str:
    """Say what came, what had been expected, and how great the surprise was."""
    came = int(shown.piece.notes["pitch"][expected.order[place]])
    likely = _likeliest(expected.pitches[place], 2)
    chance = 100 * expected.pitches[place][came]
    if likely and likely[0][0] == came:
        hoped = ", as expected"
    else:
        hoped = f", where {' or '.join(f'{pitch_name(pitch)} ({share} %)' for pitch, share in likely)} was expected"
    return (
        f"{pitch_name(came)} ({chance:.{0 if chance >= 1 else 1}f} %){hoped}. {surprise_words(expected.bits[:, place])}"
    )


def _where(shown: Example, note: np.void) -> str:
    if not shown.barred:
        return f"at {float(seconds_at(shown.piece, note['onset'])):.1f} s"
    bar, beat = float(bars_at(shown.piece, note["onset"])), float(beats_at(shown.piece, note["onset"]))
    return f"in bar {int(bar)}, beat {beat:.3g},"


def _end(shown: Example, words: str, temperature: float) -> None:
    """Offer a few bars at one temperature, and play them once they are asked for."""
    if press_button(f"Compose three bars, {words} ({temperature:g})", f"how-{words}", icon=":material/casino:"):
        st.session_state[f"how-{words}-take"] = _composed(shown, temperature)
    of, piece = st.session_state.get(f"how-{words}-take", ("", None))
    if of == content_hash(shown.piece) and piece is not None:
        player(piece, f"how-{words}", file_stem=f"encore {words}")


def _composed(shown: Example, temperature: float) -> tuple[str, Piece | None]:
    settings = ComposingSettings(
        bars=_BARS, play_seconds=_SECONDS, temperature=temperature, top_p=1.0, seed=1, ending=False
    )
    with st.spinner("Composing …"):
        try:
            take = composer().compose_after(shown.model, shown.piece, settings, _PRIMER)
        except ComposingError as error:
            st.info(str(error), icon=":material/music_off:")
            return content_hash(shown.piece), None
    return content_hash(shown.piece), take.piece
