"""Welcome: something to hear at once, what Encore does, and where to begin."""

import streamlit as st

from core.ui.demo import demo
from core.ui.frame import page
from core.ui.press import press_button
from core.ui.server import built_in
from core.ui.session import session

page("Encore", "Give it a few MIDI files. In about a minute it learns how they go, then it plays you something new.")

st.subheader("Hear something now", anchor=False)
demo()

st.subheader("Then with your own music", anchor=False)
steps = (
    ("1 Music", "Drop in MIDI files, your own or from anywhere, or take built-in music.", "pages/1_Music.py"),
    ("2 Train", "A small network learns pitches *and* rhythm from them, here, on this computer.", "pages/2_Train.py"),
    ("3 Compose", "Choose how long and how daring; listen, look, download.", "pages/3_Compose.py"),
)
for column, (name, about, path) in zip(st.columns(3), steps, strict=True):
    with column.container(border=True, height="stretch"):
        st.page_link(path, label=f"**{name}**")
        st.markdown(about)

with st.container(horizontal=True, vertical_alignment="center"):
    st.markdown("No files at hand? Take twelve piano rags by Scott Joplin and friends, and train on them.")
    if press_button("Try it with ragtime", "try", type="primary", icon=":material/piano:"):
        session().add(built_in("ragtime"))
        st.switch_page("pages/2_Train.py")
