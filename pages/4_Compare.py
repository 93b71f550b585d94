"""Compare: a take with the music learned from, one network with another, a person with both."""

import streamlit as st

from core.ui.blind_test import blind_test
from core.ui.compare_models import compare_models, models_of_the_visit
from core.ui.compare_take import compare_take
from core.ui.frame import page, signpost
from core.ui.session import session

TAKE, NETWORKS, BLIND = "A take and your music", "Two networks", "Blind test"

page("Compare", "Did it copy your music? What did it learn? A take beside the music that it was learned from.")
what = st.segmented_control("Compare", [TAKE, NETWORKS, BLIND], default=TAKE, required=True, key="compare-what")
if what == TAKE:
    compare_take()
elif not len(session().corpus):
    signpost("First choose the music of this visit: it is what networks are held against.", "pages/1_Music.py", "Music")
elif what == NETWORKS:
    compare_models(models_of_the_visit())
else:
    blind_test(models_of_the_visit())
