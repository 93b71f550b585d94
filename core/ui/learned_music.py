"""Owns the music that the model of a take has learned from, as far as it is at hand, and what the take shares with it.

Knows nothing about how takes are shown. A model holds only the digests of its pieces: the pieces themselves are those
of this visit, and the built-in ones.
"""

from __future__ import annotations

import streamlit as st

from core.bars import count_bars
from core.comparison.originality import TOLD, Learned, Originality, in_words
from core.comparison.style import Usual, features_of, hold_against, passages_like, strays_in_words, usual_in
from core.corpus.corpus import Corpus
from core.notes import Piece, clip, content_hash, counted, drop_empty_tracks, is_performed
from core.takes.desk import KeptTake
from core.ui.server import model, opened_pieces
from core.ui.session import session
from core.ui.text import literal

_MOST_CORPORA = 4  # kept for all visitors together
_MOST_TAKES = 1000
_KEPT = "2h"
_ABOUT = 4  # bars, so that takes of nearly the same length are held against the same passages


def learned_from(kept: KeptTake) -> Learned | str:
    """Return the pieces that the model of a take has learned from; where they are not at hand, why not, in words."""
    trained = model(kept.origin.fingerprint)
    if trained is None or trained.digest != kept.take.model or not trained.record.learned:
        return "it is not known here which music the network that composed it has learned from"
    known = opened_pieces() | {item.digest: (item.name, item.piece) for item in session().items.values()}
    wanted = sorted({*trained.record.learned, *trained.record.held_out})
    if not set(wanted) <= set(known):
        return (
            "not all of the music that it learned from is in this visit, with the same tracks and the same choice of "
            "the pedal"
        )
    return _indexed(tuple((each, known[each][0]) for each in wanted), [known[each][1] for each in wanted])


def shared_with(learned: Learned, kept: KeptTake) -> Originality:
    """Return what the new notes of a take share with the pieces."""
    piece = kept.as_composed
    return _compared(learned.corpus.digest, content_hash(piece), kept.take.primer_end, learned, piece)


def card_lines(kept: KeptTake) -> list[str]:
    """Say in few words how much of a take stands in the music learned from, and where its style strays from it.

    Nothing is said where that cannot be.
    """
    learned = learned_from(kept)
    if isinstance(learned, str) or not has_news(kept):
        return []
    share = shared_with(learned, kept).shared[TOLD]
    return [f"{share * 100:.0f} % as in your music", f"Style: {_style(learned, kept)}"]


def _style(learned: Learned, kept: KeptTake) -> str:
    take = new_music(kept)
    bars = max(round(count_bars(counted(take)) / _ABOUT) * _ABOUT, 1)
    usual = _usual(learned.corpus.digest, is_performed(take), bars, take, learned)
    strays = strays_in_words(hold_against(take, usual))
    return strays or "as in your music"


def new_music(kept: KeptTake) -> Piece:
    """Return what is new of a take."""
    piece, begin = kept.as_composed, kept.take.primer_end
    return drop_empty_tracks(clip(piece, begin, piece.end + 1)) if begin else piece


def has_news(kept: KeptTake) -> bool:
    """Tell whether there is enough new in a take to be compared: a run of notes at least."""
    return int((kept.take.piece.notes["onset"] >= kept.take.primer_end).sum()) >= TOLD


def sentence(kept: KeptTake) -> str:
    """Say how much of a take stands in the music learned from, and where its longest run does."""
    learned = learned_from(kept)
    if isinstance(learned, str):
        return f"What it shares with your music cannot be said: {learned}."
    if not has_news(kept):
        return ""
    found = shared_with(learned, kept)
    if (run := found.longest) is None:
        return in_words(found)
    place = learned.place(kept.as_composed, run, kept.take.primer_end)
    where = f"{place.take_bar_words} here, “{literal(place.piece)}” from {place.bar_words}"
    return f"{in_words(found)} The longest has {place.notes} notes: {where}."


@st.cache_resource(max_entries=_MOST_CORPORA, ttl=_KEPT, show_spinner="Looking through the music learned from …")
def _indexed(named: tuple[tuple[str, str], ...], _pieces: list[Piece]) -> Learned:
    names, digests = tuple(name for _, name in named), tuple(each for each, _ in named)
    return Learned(Corpus(names, tuple(_pieces), digests))


@st.cache_resource(max_entries=_MOST_TAKES, ttl=_KEPT, show_spinner=False)
def _usual(corpus: str, performed: bool, bars: int, _take: Piece, _learned: Learned) -> Usual:
    """Return what is usual in passages of about so many bars; `bars` tells takes of other lengths apart."""
    return usual_in(passages_like(_take, _learned.corpus.pieces), features_of(_take))


@st.cache_data(max_entries=_MOST_TAKES, show_spinner=False)
def _compared(corpus: str, content: str, begin: float, _learned: Learned, _piece: Piece) -> Originality:
    return _learned.originality(_piece, begin)
