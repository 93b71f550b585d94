"""Owns prepared visits: an address that chooses music and settings, so that a class begins at the same place.

Knows nothing about what is done there. Parameters of the address, on any page:

lesson  : the id of a built-in set, see `assets/music/sets.json`
seconds : how long a training takes
seed    : of the training
page    : music, train or compose
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core.config import SettingsError
from core.corpus.library import music_sets
from core.ui.server import built_in
from core.ui.session import session
from core.ui.text import literal

_SHOWN = 20  # letters of what an address asks for
_PAGES = {"music": "pages/1_Music.py", "train": "pages/2_Train.py", "compose": "pages/3_Compose.py"}


def open_lesson() -> None:
    """Prepare the visit that the address asks for, once, and go to its page; say so where it asks for nothing known."""
    name = st.query_params.get("lesson")
    if name is None:
        return
    asked = {key: st.query_params.get(key) for key in ("seconds", "seed", "page")}
    known = [each.id for each in music_sets()]
    if name not in known:
        st.warning(f"There is no lesson of this name. There are: {', '.join(known)}.", icon=":material/school:")
        return
    session().add(built_in(name))
    _settings({key: value for key in ("seconds", "seed") if (value := asked[key]) is not None})
    for key in ("lesson", *asked):  # last: what interrupts this begins it anew
        st.query_params.pop(key, None)
    st.switch_page(_PAGES.get(asked["page"] or "train", _PAGES["train"]))


def _settings(asked: dict[str, str]) -> None:
    """Take in the settings of the training that are numbers in their ranges; the others stay as they are."""
    for key, value in asked.items():
        try:
            number: Any = int(value)
            session().training = replace(session().training, **{key: number})
        except (ValueError, SettingsError) as error:
            st.toast(f"The address asks for {key} = {literal(value[:_SHOWN])}, which cannot be: {literal(str(error))}")
