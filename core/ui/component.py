"""Owns how parts of a page that run in the browser are put together from the files in `browser/`.

Knows nothing about what they do.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_FOLDER = Path(__file__).with_name("browser")


def component(name: str, *scripts: str) -> ComponentRenderer:
    """Return what mounts `name`; the named scripts, then its own, become one module.

    It is registered at each call, as a server may forget it.
    """
    return st.components.v2.component(
        f"encore_{name}",
        html=_source(f"{name}.html"),
        css=_source(f"{name}.css"),
        js=_source(*(f"{script}.js" for script in (*scripts, name))),
    )


@cache
def _source(*names: str) -> str:
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in names)
