"""Owns what all visitors of a server share: the store of models, the queue of trainings, the built-in music once read.

Knows nothing about a single visitor.
"""

from __future__ import annotations

import streamlit as st

from core.jobs import Jobs
from core.library import music_sets, open_set
from core.midi import Reading
from core.model import Model
from core.store import Store


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the queue of trainings; the first call starts its cluster in the background."""
    return Jobs(Store())


@st.cache_resource(show_spinner=False, max_entries=20)
def stored_model(key: str, version: float) -> Model | None:
    """Return a trained model, read once for all visitors; `version` tells a retrained one from the one before."""
    return jobs().model(key)


def model(key: str | None) -> Model | None:
    """Return the trained model of a fingerprint, or None where there is none (yet)."""
    if key is None or key not in jobs().store:
        return None
    return stored_model(key, jobs().store.version(key))


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
