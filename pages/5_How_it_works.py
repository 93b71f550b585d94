"""How it works: six steps, on the visitor's own music and network, each with something to touch and to hear."""

import streamlit as st

from core.ui.frame import page
from core.ui.how_events import events_step
from core.ui.how_expectation import choice_step, expectation_step, past_step
from core.ui.how_learning import glossary, learning_step
from core.ui.how_music import example
from core.ui.how_together import together_step

STEPS = {
    "1 Notes as rows": events_step,
    "2 What comes next?": expectation_step,
    "3 Drawing a note": choice_step,
    "4 Pitch and rhythm": together_step,
    "5 Its own past": past_step,
    "6 Learning": learning_step,
}

page("How it works", "How a network learns music and writes its own, in six steps, without mathematics.")
shown = example()
step = st.segmented_control("Step", list(STEPS), default=next(iter(STEPS)), required=True, key="how-step")
st.subheader(step, anchor=False)
STEPS[step](shown)
glossary()
