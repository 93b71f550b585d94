"""Owns what every page begins with: its title, the way between the pages, the look.

Knows nothing about what a page is for.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.ui.lesson import open_lesson
from core.ui.server import composer, queue
from core.ui.session import session
from core.ui.visitor import recognise

_PAGES = (
    ("streamlit_app.py", "Welcome", ":material/home:"),
    ("pages/1_Music.py", "1 Music", ":material/library_music:"),
    ("pages/2_Train.py", "2 Train", ":material/school:"),
    ("pages/3_Compose.py", "3 Compose", ":material/piano:"),
    ("pages/4_Compare.py", "4 Compare", ":material/compare_arrows:"),
    ("pages/5_How_it_works.py", "How it works", ":material/lightbulb:"),
)
_ICON = Path(__file__).parents[2] / "assets" / "icon.png"
_LOOK = """
<style>
.stMainBlockContainer { max-width: 66rem; padding-top: 2.2rem; }
[data-testid="stHeader"] { background: none; pointer-events: none; }
[data-testid="stHeader"] :is(button, a) { pointer-events: auto; }
.st-key-way { border-bottom: 1px solid rgb(128 128 128 / 30%); padding-bottom: .3rem; margin-bottom: .6rem; }
.st-key-way [data-testid="stPageLink"] a { padding: .25rem .6rem; }
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] * { color: light-dark(#fff, #1b1714); }
@media (max-width: 40rem) {
  .stMainBlockContainer { padding: .6rem .9rem 3rem; }
  .st-key-way [data-testid="stPageLink"] a { padding: .25rem .2rem; }
  .st-key-way [data-testid="stPageLink"] p { font-size: .8rem; }
  .st-key-way { gap: 0; justify-content: space-between; }
  .st-key-way a > span:has([data-testid="stIconMaterial"]) { display: none; }
}
</style>
"""
_WIDE = "<style>.stMainBlockContainer { max-width: 92rem; }</style>"


def page(title: str, sentence: str, *, wide: bool = False) -> None:
    """Set up a page: its name in the browser, the links to the others, its heading and what it is for."""
    st.set_page_config(page_title=f"{title} · Encore", page_icon=str(_ICON), layout="wide")
    st.html(_LOOK + (_WIDE if wide else ""))
    with st.container(horizontal=True, key="way", gap="small"):
        for path, label, icon in _PAGES:
            st.page_link(path, label=label, icon=icon)
    st.title(title, anchor=False)
    st.markdown(sentence)
    session().turn_to(title)
    queue()
    composer()
    recognise()
    open_lesson()


def signpost(message: str, path: str, label: str, *, stop: bool = True) -> None:
    """Say what has to be done first and where, and end the page there unless there is more to show."""
    st.info(message, icon=":material/signpost:")
    st.page_link(path, label=label, icon=":material/arrow_forward:")
    if stop:
        st.stop()
