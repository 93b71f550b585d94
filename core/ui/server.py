"""Owns what all visitors of a server share: the store of models, the queue of trainings, the built-in music once read.

Knows nothing about a single visitor. What is made for hearing and looking is shared too, by its content: see `player`.
"""

from __future__ import annotations

import streamlit as st
from streamlit import runtime

from core.corpus.library import music_sets, open_set
from core.jobs.queue import TrainingQueue
from core.lstm.inference import limit_blas_threads
from core.midi import Reading
from core.models.model import Model
from core.models.store import Store


@st.cache_resource(show_spinner=False)
def queue() -> TrainingQueue:
    """Return the queue of trainings; the first call starts its cluster in the background."""
    limit_blas_threads()
    return TrainingQueue(Store(), is_present)


def is_present(visitor: str) -> bool:
    """Tell whether a visitor's page is open; without a server around (in tests) everybody is there."""
    return not runtime.exists() or runtime.get_instance().is_active_session(visitor)


@st.cache_resource(show_spinner=False, max_entries=20)
def _stored_model(key: str, version: int) -> Model | None:
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


def built_in(set_id: str) -> list[Reading]:
    """Return the pieces of a built-in set, with a progress bar while they are read for the first time."""
    if set_id not in _opened():
        chosen = next(each for each in music_sets() if each.id == set_id)
        bar = st.progress(0.0, f"Opening {chosen.name} …")

        def show(done: int, total: int) -> None:
            bar.progress(done / total, f"Opening {chosen.name} …")

        results = open_set(chosen, show)
        bar.empty()
        _opened()[set_id] = results
    return _opened()[set_id]
