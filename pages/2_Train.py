"""Train a network on the chosen music, watch it learn, stop it, come back to it."""

import streamlit as st

from core.ui.choices import training_settings
from core.ui.frame import page, signpost
from core.ui.server import jobs
from core.ui.session import session
from core.ui.table import clock
from core.ui.watch import watch

page("Train", "A network listens to your music again and again, and learns to guess what comes next.")
mine = session()
key = st.query_params.get("model", mine.model_key)

if mine.corpus:
    notes = sum(len(piece.notes) for _, piece in mine.corpus)
    seconds = sum(piece.seconds for _, piece in mine.corpus)
    st.markdown(f"**{len(mine.corpus)} pieces** · {notes:,} notes · {clock(seconds)} minutes of music")
    settings = training_settings()
    if st.button("Train", type="primary", icon=":material/school:", key="train"):
        key = jobs().start(mine.corpus, settings)
elif key is None:
    signpost("First choose the music to learn from.", "pages/1_Music.py", "Choose music")

if key:
    mine.model_key = st.query_params["model"] = key
    watch(key)
    st.caption("You may leave this page and come back: the address in your browser leads to this training.")
