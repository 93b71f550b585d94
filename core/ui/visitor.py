"""Owns how a visitor is known again after a reload: by a key in the visitor's own browser. There are no accounts.

Knows nothing about what is stored under the key.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import streamlit as st

from core.ui.server import arrive, makings, take_store
from core.ui.session import session, window

_KEY = re.compile(r"[0-9a-f]{32}")


def recognise() -> None:
    """Ask the browser for the key, once a visit; with it come the takes of earlier visits."""
    mine = session()
    answer = st.components.v2.component("encore_visitor", js=_script())(
        key="visitor", data={"known": mine.key is not None}, on_key_change=lambda: None, height="content"
    )
    if mine.key is None and isinstance(answer.key, str) and _KEY.fullmatch(answer.key):
        before = mine.kept
        mine.arrive(answer.key, take_store())
        if (making := makings().pop(before, None)) is not None:
            makings().setdefault(mine.kept, making)
    if mine.key is not None:
        arrive(mine.key, window())


@cache
def _script() -> str:
    return Path(__file__).with_name("browser").joinpath("visitor.js").read_text(encoding="utf-8")
