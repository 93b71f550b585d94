"""Train a network on the chosen music, watch it learn, stop it, come back to it."""

import streamlit as st

from core.corpus.library import sets_of
from core.ui.frame import page, signpost
from core.ui.model_file import open_model
from core.ui.piece_table import minutes
from core.ui.press import press_button
from core.ui.server import queue
from core.ui.session import session, visitor
from core.ui.training_form import expectation, training_form
from core.ui.training_view import training_view

page("Train", "A network goes through your music again and again, and learns to predict what comes next.")
mine = session()
key = st.query_params.get("model", mine.model_key)

corpus = mine.corpus
if len(corpus):
    seconds = sum(piece.seconds for piece in corpus.pieces)
    st.markdown(f"**{len(corpus)} pieces** · {corpus.notes:,} notes · {minutes(seconds)} minutes of music")
    if words := expectation(len(corpus)):
        st.caption(words)
    settings = training_form()
    if corpus.lack:
        st.info(corpus.lack, icon=":material/music_off:")
    elif press_button("Train", "train", type="primary", icon=":material/school:"):
        key = queue().start(corpus, settings, visitor(), sets_of(corpus.names))
elif key is None:
    open_model()
    signpost("First choose the music to learn from.", "pages/1_Music.py", "Choose music")

if key:
    mine.model_key = st.query_params["model"] = key
    training_view(key)
    st.caption("You may leave this page and come back: the address in your browser leads to this training.")
    open_model()
