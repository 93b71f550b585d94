"""Owns the comparison of a take with the music that it was learned from: which take, then originality and style.

Knows nothing about how either is measured.
"""

from __future__ import annotations

import streamlit as st

from core.ui.compare_originality import compare_originality
from core.ui.compare_style import compare_style
from core.ui.frame import signpost
from core.ui.learned_music import has_news, learned_from
from core.ui.session import session
from core.ui.text import literal


def compare_take() -> None:
    """Ask for a take and show how it lies beside the music; say why where that cannot be."""
    desk = session().desk.now
    if not desk.takes:
        signpost("First compose a take, to be held against your music.", "pages/3_Compose.py", "Compose", stop=False)
        return
    names = {kept.number: f"{kept.name} (take {kept.number})" for kept in desk.takes}
    numbers = list(names)
    opened = numbers.index(desk.opened) if desk.opened in names else 0
    number = st.selectbox("Take", numbers, opened, format_func=names.__getitem__, key="compared")
    kept = next(each for each in desk.takes if each.number == number)
    learned = learned_from(kept)
    if isinstance(learned, str):
        st.info(f"Nothing can be said about {literal(kept.name)}: {learned}.", icon=":material/signpost:")
        return
    if not has_news(kept):
        words = f"{literal(kept.name)} has hardly any new notes, so there is nothing to compare."
        st.info(words, icon=":material/signpost:")
        return
    pieces = len(learned.corpus)
    st.caption(
        f"Held against {'one piece' if pieces == 1 else f'{pieces} pieces'} with {learned.corpus.notes:,} notes."
    )
    st.subheader("Originality", anchor=False)
    compare_originality(learned, kept)
    st.subheader("Style", anchor=False)
    compare_style(learned, kept)
