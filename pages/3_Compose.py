"""Compose new music with a trained network: choose how, hear it, see it, change it, keep it."""

import streamlit as st

from core.takes.desk import Origin
from core.ui.composing_form import composing_form
from core.ui.frame import page
from core.ui.making import making_view, start_composing
from core.ui.open_take import open_take
from core.ui.press import press_button
from core.ui.primer_form import primer_form
from core.ui.session import session
from core.ui.sharing import open_shared_take
from core.ui.take_list import take_list
from core.ui.take_tools import change_tempo
from core.ui.trained import model_at_hand

page("Compose", "The network writes on, note by note, and you decide how long, how daring and how fast.", wide=True)
mine = session()
open_shared_take()
trained = model_at_hand()
kept = mine.desk.now.open_take

wishes, middle = st.columns([1, 2], gap="large")
with wishes:
    if trained is not None:
        scale = kept.origin.settings.tempo_scale if kept else mine.composing.tempo_scale
        with st.container():  # what follows keeps its place, and what is open there stays so
            primer = primer_form(trained.style)
        settings = composing_form(trained.style, change_tempo, scale, primer)
        with st.container(horizontal=True):
            wanted = press_button("Compose", "compose", type="primary", icon=":material/piano:")
            again = press_button("Again, differently", "again", icon=":material/casino:", on_press=mine.reseed)
        if wanted or again:
            start_composing(trained, settings, primer, Origin(settings, mine.model_key), mine.program)
with middle:
    with st.container(key="on-its-way"):  # it has its place also when it is empty: the sound below must go on
        making_view()
    wait_for_sound = open_take(mine.desk.now.open_take, trained)
if mine.desk.now.takes or mine.desk.before or mine.kept.lost:
    take_list()
wait_for_sound()
