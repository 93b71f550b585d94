"""Compose new music with a trained network: choose how, hear it, see it, keep it."""

import streamlit as st

from core.ui.composing_form import composing_form, primer_form
from core.ui.frame import literal, page, signpost
from core.ui.player import player
from core.ui.server import model, queue
from core.ui.session import session
from core.ui.take_list import take_list
from core.ui.take_tools import compose_and_keep, take_tools

page("Compose", "The network writes on, note by note, and you decide how long, how daring and how fast.")
mine = session()
key = st.query_params.get("model", mine.model_key)
trained = model(key)
if key is not None and queue().status(key).active:
    signpost("The network is still learning.", "pages/2_Train.py", "Watch it learn")
if key is None or trained is None:
    signpost("First train a network; it takes about a minute.", "pages/2_Train.py", "Train")
mine.model_key = st.query_params["model"] = key

settings = composing_form(trained.style)
primer = primer_form(mine.corpus, mine.desk.now)
with st.container(horizontal=True):
    wanted = st.button("Compose", type="primary", icon=":material/piano:", key="compose")
    again = st.button("Again, differently", icon=":material/casino:", key="again", on_click=mine.reseed)
if wanted or again:
    compose_and_keep(trained, settings, primer)

kept = mine.desk.now.open_take
if kept is not None:
    take = kept.take
    st.subheader(literal(kept.name), anchor=False)
    player(
        take.piece, "take", file_stem=f"encore {kept.name}", new_from=take.primer_end or None, colour_by="velocity",
        axis="bars" if take.grid else "seconds",
    )  # fmt: skip
    if kept.parent is None:
        st.caption(f"Seed {take.seed}: the same seed and settings give the same music again.")
    if take.model != trained.digest:
        st.caption("This was composed with another model than the one at hand.")
    take_tools(kept, trained)
if mine.desk.now.takes or mine.desk.before:
    take_list()
