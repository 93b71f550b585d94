"""Owns what the page How it works speaks about: a model and a piece, the visitor's own or built-in ones.

Knows nothing about what is shown of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.bars import count_bars, first_bar, passage
from core.encoding import JointEncoding
from core.figures.time_axis import Axis, axis_positions
from core.listening.expectation import Expectation, expect
from core.models.base import base_model
from core.models.model import Model
from core.notes import Piece, clip, content_hash, drop_empty_tracks, is_performed, onsets_at
from core.ui.server import built_in, model
from core.ui.session import session

_MOST_BARS, _MOST_SECONDS, _MOST_NOTES = 48, 90.0, 900
_MOST_HEARD = 16  # kept for all visitors together
_KEPT = "2h"
_BUILT_IN = "ragtime"


@dataclass(frozen=True, eq=False)
class Example:
    """A model, and a piece of at most 48 bars or 90 seconds that it hears; `own` tells whose model it is."""

    model: Model
    piece: Piece
    own: bool

    @property
    def barred(self) -> bool:
        """Whether the piece has bars."""
        return not is_performed(self.piece)

    def opening(self, bars: int, seconds: float) -> Piece:
        """Return the first bars, or seconds of a performance."""
        return _beginning(self.piece, bars, seconds)

    def times(self, onsets: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where onsets lie: bars, or seconds of a performance."""
        return np.asarray(axis_positions(self.piece, onsets, self.unit))

    @property
    def unit(self) -> Axis:
        """What times are counted in."""
        return "bars" if self.barred else "seconds"


def example() -> Example:
    """Ask for a piece; the model is the one at hand, or the base model."""
    trained = model(session().model_key)
    own = trained is not None and isinstance(trained.encoding, JointEncoding)
    corpus = session().corpus
    pieces = dict(zip(corpus.digests, corpus.pieces, strict=True))
    names = dict(zip(corpus.digests, corpus.names, strict=True))
    if not pieces:
        readings = built_in(_BUILT_IN)
        pieces = {content_hash(each.sounding): each.sounding for each in readings}
        names = dict(zip(pieces, (each.name for each in readings), strict=True))
    key = str(st.selectbox("Piece", list(pieces), format_func=names.__getitem__, key="how-piece"))
    music = "" if corpus.digests else "Built-in music, as there is none of yours in this visit. "
    network = "yours, the one at hand" if own else "the built-in one, which knows what much old music has in common"
    st.caption(f"{music}The network is {network}.")
    piece = _beginning(drop_empty_tracks(pieces[key]), _MOST_BARS, _MOST_SECONDS)
    return Example(trained if own and trained is not None else base_model(), piece, own)


def heard(shown: Example) -> Expectation:
    """Return what the model expects of the piece, worked out once for all visitors."""
    return _heard(shown.model.digest, content_hash(shown.piece), shown)


@st.cache_resource(max_entries=_MOST_HEARD, ttl=_KEPT, show_spinner="The network listens …")
def _heard(digest: str, content: str, _shown: Example) -> Expectation:
    return expect(_shown.model, _shown.piece)


def _beginning(piece: Piece, bars: int, seconds: float) -> Piece:
    if is_performed(piece):
        begun = clip(piece, 0.0, min(float(onsets_at(piece, seconds)), piece.end))
    else:
        begun = passage(piece, first_bar(piece), min(bars, count_bars(piece)))
    if len(begun.notes) > _MOST_NOTES:
        begun = clip(begun, 0.0, float(np.sort(begun.notes["onset"])[_MOST_NOTES]))
    return begun
