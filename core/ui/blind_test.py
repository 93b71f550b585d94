"""Owns the blind test: music by one or two networks and a real passage, in an order that nobody knows.

Knows nothing about how music is made.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.bars import count_bars, first_bar, passage
from core.composing.take import ComposingError
from core.config import ComposingSettings
from core.models.model import Model
from core.notes import Piece, as_notes, clip, drop_empty_tracks, is_performed, onsets_at
from core.ui.player import player
from core.ui.press import press_button
from core.ui.server import composer
from core.ui.session import session
from core.ui.text import literal

_BARS, _SECONDS = 8, 15.0
_STATE, _TALLY = "blind-test", "blind-tally"


@dataclass(frozen=True, eq=False)
class Round:
    """What is heard, with who made each; `real` is the place of the passage by a person; rounds are numbered."""

    number: int
    pieces: tuple[Piece, ...]
    makers: tuple[str, ...]
    real: int


def blind_test(named: Mapping[str, Model]) -> None:
    """Play a round, take the answer, and count."""
    st.markdown("One of these was written by a person. The others were composed just now. Which one is real?")
    if press_button("Begin a round", "blind-begin", icon=":material/shuffle:"):
        st.session_state[_STATE] = _new_round(list(named.items())[:2])
        st.session_state.pop("blind-answer", None)
    current: Round | None = st.session_state.get(_STATE)
    if current is None:
        return
    letters = "ABC"[: len(current.pieces)]
    for column, letter, piece in zip(st.columns(len(letters)), letters, current.pieces, strict=True):
        with column:
            st.markdown(f"**{letter}**")
            player(piece, f"blind-{letter}", file_stem=f"encore {letter}")
    answer = st.radio("The real one is", list(letters), None, horizontal=True, key="blind-answer")
    if answer is not None:
        _answered(current, letters.index(answer), letters)


def _answered(current: Round, answer: int, letters: str) -> None:
    """Say who made what, and how often the listener was right."""
    tally = _tally()
    tally.setdefault(current.number, answer == current.real)  # the first answer to a round counts
    told = "; ".join(f"{letter} is by {literal(maker)}" for letter, maker in zip(letters, current.makers, strict=True))
    st.markdown(f"{'Right.' if answer == current.real else 'No.'} {told}.")
    right, rounds = sum(tally.values()), len(tally)
    chance = round(100 / len(letters))
    st.markdown(f"You were right {right} of {rounds} times. By guessing it would be {chance} of a hundred.")


def _tally() -> dict[int, bool]:
    """Return whether each round was answered rightly."""
    tally: dict[int, bool] = st.session_state.setdefault(_TALLY, {})
    return tally


def _new_round(named: Sequence[tuple[str, Model]]) -> Round | None:
    """Compose with each model, take a real passage, and shuffle."""
    rng = random.Random()
    corpus = session().corpus
    number = rng.randrange(len(corpus))
    found = [(_passage(corpus.pieces[number], rng), f"a person, from “{corpus.names[number]}”")]
    with st.spinner("Composing …"):
        for name, trained in named:
            settings = ComposingSettings(bars=_BARS, play_seconds=_SECONDS, seed=rng.randrange(1_000_000))
            try:
                found.append((composer().compose(trained, settings)[0].piece, name))
            except ComposingError as error:
                st.info(str(error), icon=":material/music_off:")
                return None
    order = list(range(len(found)))
    rng.shuffle(order)
    pieces, makers = zip(*(found[place] for place in order), strict=True)
    return Round(len(_tally()) + 1, tuple(map(_nameless, pieces)), makers, order.index(0))


def _passage(piece: Piece, rng: random.Random) -> Piece:
    """Return some bars of a piece, or seconds of a performance."""
    if is_performed(piece):
        begin = rng.uniform(0.0, max(piece.seconds - _SECONDS, 0.0))
        start, stop = onsets_at(piece, [begin, begin + _SECONDS]).tolist()
        found = clip(piece, start, stop)
    else:
        first = first_bar(piece)
        found = passage(piece, first + rng.randrange(max(count_bars(piece) - _BARS, 1)), _BARS)
    return drop_empty_tracks(found)


def _nameless(piece: Piece) -> Piece:
    """Return a piece without what tells who made it: names, drums, hands on tracks of their own."""
    tracks, notes = tuple(replace(track, name="") for track in piece.tracks), piece.notes
    if len(set(tracks)) == 1:
        tracks, notes = tracks[:1], piece.notes.copy()
        notes["track"] = 0
    return replace(piece, notes=as_notes(notes), tracks=tracks, drums=piece.drums[:0], title="")
