"""Owns buttons whose press is never lost: Streamlit forgets one where another rerun breaks off the run that has it.

Knows nothing about what is done at a press.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.ui.session import session


def press_button(
    label: str, key: str, *, about: object = None, on_press: Callable[[], None] | None = None, **look: Any
) -> bool:
    """Show a button, and return whether it was pressed and nothing has been done about it yet.

    `about` tells what the press is about, where the same button may be about something else the next time: a press that
    comes too late for one thing is none for another. `on_press` is called at once, before the page runs. The press is
    remembered until a run comes by here; one on a page that was left is forgotten, see `page`.
    """
    waiting, press = session().presses, (key, str(about))

    def note() -> None:
        waiting.add(press)
        if on_press is not None:
            on_press()

    st.button(label, key=key, on_click=note, **look)
    if press not in waiting:
        return False
    waiting.discard(press)
    return True
