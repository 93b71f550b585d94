"""Owns the view of a training that runs: its place in line, progress, curves, the way to stop it.

Knows nothing about how a training is started.
"""

from __future__ import annotations

import streamlit as st

from core.config import TrainingSettings
from core.curves import figure
from core.jobs import Status
from core.model import Model
from core.ui.server import jobs, model

_SURPRISE = (
    "The curves show how surprised the network is by each note it hears, in bits: 0 would be knowing every note in "
    "advance. What counts is the music kept aside, which it never learns from; when that stops falling, it has "
    "learned what it can, and the best moment is kept."
)


def watch(key: str) -> None:
    """Show a training until it is over, refreshing by itself; then run the page again."""
    running = jobs().status(key).active

    @st.fragment(run_every=0.5 if running else None)
    def view() -> None:
        status = jobs().status(key)
        if running and not status.active:
            st.rerun()
        _show(key, status)

    view()


def _show(key: str, status: Status) -> None:
    if status.active:
        _show_active(key, status)
    elif status.state == "failed":
        st.error(status.message, icon=":material/error:")
    elif status.state == "unknown":
        st.info("No training is known under this address. It was stopped before it began, or its time here is over.")
    elif (trained := model(key)) is not None:
        _show_result(trained)


def _show_active(key: str, status: Status) -> None:
    now = status.history[-1] if status.history else None
    st.progress(now.done if now else 0.0, _words(status))
    if st.button("Stop and keep the best so far" if now else "Take it back", icon=":material/stop_circle:"):
        jobs().stop(key)
        st.toast("Stopping …")
    if now:
        points = [(each.seconds, each.learned_bits, each.held_out_bits) for each in status.history]
        st.plotly_chart(figure(points, _budget(status.settings)), key="curves", config={"displayModeBar": False})
        st.caption(_SURPRISE)


def _budget(settings: TrainingSettings | None) -> float | None:
    return settings.seconds if settings is not None and settings.steps is None else None


def _words(status: Status) -> str:
    """Say in a sentence what is going on."""
    if status.state == "waiting":
        others = "one training" if status.ahead == 1 else f"{status.ahead} trainings"
        return f"Waiting in line: {others} before yours. You may leave this page and come back."
    if not status.history:
        return "Warming up; this takes some seconds …"
    now = status.history[-1]
    left = now.seconds / now.done - now.seconds if now.done else 0.0
    return f"Learning: about {left:.0f} s left · {now.notes_per_second:,.0f} notes per second · step {now.steps:,}"


def _show_result(trained: Model) -> None:
    record = trained.record
    st.success(_outcome(trained), icon=":material/check_circle:")
    st.page_link("pages/3_Compose.py", label="**Compose with it**", icon=":material/arrow_forward:")
    st.plotly_chart(figure(record.curve, record.seconds), key="curves", config={"displayModeBar": False})
    st.caption(_SURPRISE)
    with st.expander("What it learned from"):
        st.text("\n".join(record.pieces))
        if record.held_out:
            st.markdown("Kept aside to test it:")
            st.text("\n".join(record.held_out))


def _outcome(trained: Model) -> str:
    record = trained.record
    ending = "Stopped early: the best so far is kept." if record.stopped else "The training is finished."
    heard = f"It learned from {len(record.pieces)} pieces ({record.notes:,} notes) for {record.seconds:.0f} seconds"
    if record.network_alone is None:
        return f"{ending} {heard}."
    return f"{ending} {heard}; music it has never heard surprises it by {record.network_alone:.2f} bits per note."
