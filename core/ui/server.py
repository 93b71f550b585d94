"""Owns what all visitors of a server share: the store of models, the queue of trainings, the built-in music once read.

Knows nothing about a single visitor. What is made for hearing and looking is shared too, by its content: see `player`.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit import runtime

from core.audio.renderings import Renderings
from core.corpus.corpus import digest
from core.corpus.library import music_set, open_set
from core.jobs.composer import Composer, Composition
from core.jobs.queue import TrainingQueue
from core.lstm.inference import limit_blas_threads
from core.midi import Reading
from core.models.model import Model
from core.models.store import Store
from core.notes import Piece
from core.takes.store import KeptDesk, TakeStore


@st.cache_resource(show_spinner=False)
def queue() -> TrainingQueue:
    """Return the queue of trainings; the first call starts its cluster in the background."""
    limit_blas_threads()
    return TrainingQueue(Store(), is_present)


@st.cache_resource(show_spinner=False)
def renderings() -> Renderings:
    """Return the sounds that are made and kept for all visitors; while something is composed, most of them wait."""
    return Renderings(is_busy=composer().is_busy)


@st.cache_resource(show_spinner=False)
def composer() -> Composer:
    """Return what makes takes for all visitors; the first call starts its process in the background."""
    return Composer()


@dataclass(frozen=True)
class Making:
    """Takes on their way, with the words for the wait and for its end by the person."""

    composition: Composition
    words: str
    stop: str


@st.cache_resource(show_spinner=False)
def makings() -> WeakKeyDictionary[KeptDesk, Making]:
    """Return the takes on their way to each desk, which every window of its visitor shows."""
    return WeakKeyDictionary()


@st.cache_resource(show_spinner=False)
def take_store() -> TakeStore:
    """Return where the takes of all visitors are kept."""
    return TakeStore()


@st.cache_resource(show_spinner=False)
def _windows() -> dict[str, set[str]]:
    return {}


def arrive(visitor: str, window: str) -> None:
    """Note that a visitor, known by a key, has a window open; those that are closed are forgotten."""
    windows = _windows().setdefault(visitor, set())
    windows -= {each for each in windows if not _is_open(each)}
    windows.add(window)


def is_present(visitor: str) -> bool:
    """Tell whether a visitor has a page open; a visitor without a key is a window."""
    return any(map(_is_open, _windows().get(visitor, {visitor})))


def _is_open(window: str) -> bool:
    """Tell whether a window is open; without a server around (in tests) each is."""
    return not runtime.exists() or runtime.get_instance().is_active_session(window)


@st.cache_resource(show_spinner=False, max_entries=20)
def _stored_model(key: str, version: str) -> Model | None:
    """Return a trained model, read once for all visitors; `version` tells a retrained one from the one before."""
    return queue().model(key)


def model(key: str | None) -> Model | None:
    """Return the trained model of a fingerprint, or None where there is none that can be read (yet)."""
    entry = None if key is None else queue().store.entry(key)
    if key is None or entry is None or entry.outdated:
        return None
    return _stored_model(key, entry.version)


@st.cache_resource(show_spinner=False)
def _opened() -> dict[str, list[Reading]]:
    return {}


@st.cache_resource(show_spinner=False)
def opened_pieces() -> dict[str, tuple[str, Piece]]:
    """Return the pieces of the built-in sets that were opened, with their names, by their digests."""
    return {}


def built_in(set_id: str) -> list[Reading]:
    """Return the pieces of a built-in set, with a progress bar while they are read for the first time."""
    if set_id not in _opened():
        chosen = music_set(set_id)
        bar = st.progress(0.0, f"Opening {chosen.name} …")

        def show(done: int, total: int) -> None:
            bar.progress(done / total, f"Opening {chosen.name} …")

        results = open_set(chosen, show)
        bar.empty()
        opened_pieces().update({digest(each.sounding): (each.name, each.sounding) for each in results})
        _opened()[set_id] = results
    return _opened()[set_id]
