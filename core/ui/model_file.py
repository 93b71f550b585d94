"""Owns a model as a file on a page: it is downloaded here and opened on another server.

Knows nothing about what is in the file.
"""

from __future__ import annotations

import streamlit as st

from core.models.file import SUFFIX, read_file, write_file
from core.models.model import Model, ModelError
from core.ui.server import queue
from core.ui.session import session
from core.ui.text import literal


def download_model(model: Model) -> None:
    """Offer a model as one file; it is written when it is asked for."""
    st.download_button(
        "Download this model",
        lambda: write_file(model),
        f"model {model.digest[:8]}{SUFFIX}",
        "application/octet-stream",
        key="download-model",
        on_click="ignore",
        icon=":material/download:",
        help="One file, without any of your music. Open it on another server, or on the command line.",
    )


def open_model() -> None:
    """Take in a model file, and go on to compose with it; say why where it cannot be used."""
    with st.expander("Open a model from a file", icon=":material/folder_open:"):
        file = st.file_uploader(f"Model file ({SUFFIX})", [SUFFIX[1:]], key=f"model-file-{session().opened_models}")
        if file is None:
            return
        try:
            model, title = read_file(file.getvalue())
            session().model_key = queue().store.put_model(model, title)
        except ModelError as error:
            st.warning(literal(f"{file.name}: {error}"), icon=":material/block:")
            return
    session().opened_models += 1
    st.switch_page("pages/3_Compose.py")
