"""Owns the view of a training that runs: its place in line, progress, curves, the way to stop it.

Knows nothing about how a training is started.
"""

from __future__ import annotations

import streamlit as st

from core.config import TrainingSettings
from core.figures.curves import draw_curves
from core.jobs.queue import Status
from core.models.model import Model, Record
from core.models.store import fingerprint
from core.ui.model_file import download_model
from core.ui.piece_table import minutes
from core.ui.press import press_button
from core.ui.server import built_in, model, queue
from core.ui.session import session, visitor
from core.ui.sketch_strip import sketch_strip

_SURPRISE = (
    "The curves show how surprised the network is by each note, in bits: 0 would be knowing every note in "
    "advance. What counts is the music kept aside, which it never learns from; when that stops falling, it has "
    "learned what it can, and the best moment is kept."
)


def training_view(key: str) -> None:
    """Show a training until it is over, refreshing by itself; with each sketch, and at the end, run the page again."""
    queue().join(key, visitor())
    before = queue().status(key)

    @st.fragment(run_every=0.5 if before.active else None)
    def view() -> None:
        status = queue().status(key)
        if before.active and (not status.active or len(status.sketches) != len(before.sketches)):
            st.rerun()
        _show(key, status)

    view()
    trained = None if before.active else model(key)  # below, as what can be pressed there runs by itself
    sketch_strip(before.sketches if trained is None else trained.record.sketches)


def _show(key: str, status: Status) -> None:
    if status.active:
        _show_active(key, status)
    elif status.state == "failed":
        st.error(status.message, icon=":material/error:")
    elif status.state == "lost":
        _show_lost(key, status)
    elif status.state == "unknown":
        st.info("No training is known under this address. It was cancelled before it began, or the model was deleted.")
    elif status.state == "outdated":
        st.info("This model was made by an earlier version of Encore and cannot be read any more. Train it again.")
    elif (trained := model(key)) is not None:
        _show_result(key, trained)
    else:
        st.warning("The files of this model are damaged or were deleted. Train it again.")


def _show_lost(key: str, status: Status) -> None:
    """Say that the server was started anew meanwhile, and offer to train again where the music is at hand."""
    mine = session()
    st.warning(
        "Encore was started anew while this training ran, so what it had learned is lost.", icon=":material/bolt:"
    )
    settings = status.settings or mine.training
    if not len(mine.corpus):
        mine.training = settings  # for the form, which is not there yet
    if fingerprint(mine.corpus, settings) != key and not status.sets:
        st.page_link("pages/1_Music.py", label="**Choose the same music once more**: the settings are kept")
    elif press_button("Train again", "train-again", type="primary", about=key, icon=":material/school:"):
        for name in status.sets:
            mine.add(built_in(name))
        st.query_params["model"] = mine.model_key = queue().start(mine.corpus, settings, visitor(), status.sets)
        st.rerun()


def _show_active(key: str, status: Status) -> None:
    now = status.history[-1] if status.history else None
    st.progress(now.done if now else 0.0, _words(status))
    _end_button(key, bool(now))
    if now:
        points = [(each.seconds, each.learned_bits, each.held_out_bits) for each in status.history]
        curves = draw_curves(points, _budget(status.settings), [each.seconds for each in status.sketches])
        st.plotly_chart(curves, key="curves", config={"displayModeBar": False})
        st.caption(_SURPRISE)


def _end_button(key: str, runs: bool) -> None:
    """Offer to end the training, or only to leave it where others wait for it too."""
    others = queue().others(key, visitor())
    if others:
        st.caption("Someone else waits for this training too, so it goes on when you leave it.")
    label = "Leave it" if others else "Stop and keep the best so far" if runs else "Cancel"
    if press_button(label, "end-training", about=key, icon=":material/stop_circle:"):
        if queue().leave(key, visitor()) or not queue().status(key).active:
            st.toast("Stopping …")
            return
        session().model_key = None
        st.query_params.pop("model", None)
        st.rerun()


def _budget(settings: TrainingSettings | None) -> float | None:
    return settings.seconds if settings is not None and settings.steps is None else None


def _words(status: Status) -> str:
    """Say in a sentence what is going on."""
    if status.state == "waiting":
        others = "one training" if status.ahead == 1 else f"{status.ahead} trainings"
        wait = "" if status.wait is None else f", about {minutes(status.wait)} minutes"
        return f"Waiting in line: {others} before yours{wait}. You may leave this page and come back."
    if not status.history:
        return "Warming up; this takes some seconds …"
    now = status.history[-1]
    left = now.seconds / now.done - now.seconds if now.done else 0.0
    return f"Learning: about {left:.0f} s left · {now.notes_per_second:,.0f} notes per second · step {now.steps:,}"


def _show_result(key: str, trained: Model) -> None:
    record = trained.record
    st.success(_outcome(trained), icon=":material/check_circle:")
    if (entry := queue().store.entry(key)) is not None and entry.unsaved:
        words = "This server cannot store models now, so this one is gone when it sleeps. Download it to keep it."
        st.warning(words, icon=":material/save:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link("pages/3_Compose.py", label="**Compose with it**", icon=":material/arrow_forward:")
        download_model(trained)
    curves = draw_curves(record.curve, record.seconds, [each.seconds for each in record.sketches])
    st.plotly_chart(curves, key="curves", config={"displayModeBar": False})
    st.caption(_SURPRISE)
    with st.expander("What it learned from"):
        st.text("\n".join(session().names(record.learned)))
        if record.held_out:
            ends = " (the end of each)" if set(record.held_out) <= set(record.learned) else ""
            st.markdown(f"Kept aside to test it{ends}:")
            st.text("\n".join(session().names(record.held_out)))


def _outcome(trained: Model) -> str:
    record = trained.record
    ending = "Stopped early: the best so far is kept." if record.stopped else "The training is finished."
    learned = (
        f"It learned from {_pieces(len(record.learned))} ({record.notes:,} notes) for {record.seconds:.0f} seconds"
    )
    if record.network_only is None:
        return f"{ending} {learned}."
    surprise = f"music that it never learned from surprises it by {record.network_only:.2f} bits per note"
    return f"{ending} {learned}; {surprise}.{_kept_of_it(record)}"


def _kept_of_it(record: Record) -> str:
    """Say how much of what was learned is in the network, where that is not all."""
    if record.trained_share == 1:
        return ""
    if record.trained_share == 0:
        return (
            " What it began with was better on that music than all that it learned, so it was kept as it was. "
            "More pieces of one kind help."
        )
    return f" It kept {record.trained_share:.0%} of what it learned, which is the best on that music."


def _pieces(number: int) -> str:
    return f"{number} piece{'' if number == 1 else 's'}"
