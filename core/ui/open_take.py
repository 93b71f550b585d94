"""Owns the view of the take that is open: its name, its player, where it comes from, what can be done with it.

Knows nothing about how takes are made.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.corpus.style import Style
from core.figures.pianoroll import draw_empty_roll
from core.models.model import Model
from core.notes import Metre
from core.takes.desk import KeptTake
from core.ui.learned_music import sentence
from core.ui.making import on_its_way
from core.ui.passage_form import mark
from core.ui.player import player
from core.ui.session import session
from core.ui.sharing import share
from core.ui.sound import expect_audio
from core.ui.take_tools import take_tools
from core.ui.text import literal


def open_take(kept: KeptTake | None, model: Model | None) -> Callable[[], None]:
    """Show the open take, or what will stand here. Returns what waits for its sound, see `player`."""
    if kept is None:
        if model is not None:
            _empty_roll(model.style)
        return lambda: None
    take = kept.take
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(literal(kept.name), anchor=False, width="stretch")
        share(kept)
    wait_for_sound = player(
        take.piece,
        f"take-{kept.number}",
        file_stem=f"encore {kept.name}",
        new_from=take.primer_end or None,
        colour_by="velocity",
        axis="bars" if take.grid else "seconds",
        box=session().boxes.get(kept.number),
        on_box=lambda box: mark(kept, box),
        waits=False,
    )
    st.caption(" ".join(_about(kept, model)))
    take_tools(kept, model)
    return wait_for_sound


def _empty_roll(style: Style) -> None:
    """Show where the music will stand; with this, what draws and plays it is in the browser before the first take."""
    metre = Metre(0.0, style.numerator, style.denominator)
    st.markdown("Your music will stand here." + (" Press **Compose**." if on_its_way() is None else ""))
    roll = draw_empty_roll(session().composing.bars, metre, style.lowest, style.highest)
    st.plotly_chart(roll, key="empty-roll", config={"staticPlot": True}, alt="An empty piano roll")
    expect_audio()


def _about(kept: KeptTake, model: Model | None) -> list[str]:
    """Say where a take comes from."""
    origin = kept.origin
    if origin.parent is None:
        about = [f"Seed {kept.take.seed}: the same seed and settings give the same music again."]
    else:
        about = [f"Made from take {origin.parent}: {literal(origin.how)}."]
    if model is not None and kept.take.model != model.digest:
        about.append("It was composed with another model than the one at hand.")
    return [*about, *filter(None, [sentence(kept)])]
