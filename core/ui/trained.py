"""Owns the way to the model at hand on the page Compose, or to where one can be had.

Knows nothing about what is done with it.
"""

from __future__ import annotations

import streamlit as st

from core.models.model import Model
from core.ui.frame import signpost
from core.ui.making import on_its_way
from core.ui.model_file import open_model
from core.ui.server import model, queue
from core.ui.session import session


def model_at_hand() -> Model | None:
    """Return the model that the address names, or the last one; say where to go where there is none.

    Without a model and without takes the page ends there.
    """
    mine = session()
    key = st.query_params.get("model", mine.model_key)
    trained = model(key)
    if key is not None and trained is not None:
        mine.model_key = st.query_params["model"] = key
        return trained
    if not (mine.desk.now.takes or on_its_way()):
        open_model()
    learning = key is not None and queue().status(key).active
    words = "The network is still learning." if learning else "First train a network; it takes about a minute."
    label = "Watch it learn" if learning else "Train"
    signpost(words, "pages/2_Train.py", label, stop=not mine.desk.now.takes)
    return None
