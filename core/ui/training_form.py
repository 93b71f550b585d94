"""Owns the choice of training settings: a preset first, everything else behind 'advanced'.

Knows nothing about what the settings do to a network.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.config import BASE, NOTHING, RANGES, TrainingSettings
from core.models.base import with_possible_start
from core.ui.server import queue
from core.ui.session import session

_PRESETS = {20.0: "Quick · 20 s", 60.0: "Normal · 60 s", 300.0: "Thorough · 5 min"}
_ENOUGH = 5  # pieces
_RATES = (3e-4, 1e-3, 3e-3, 6e-3)
_DROPOUTS = (0.0, 0.1, 0.3, 0.5)
_FAMILIES = {
    "joint": "Joint: rhythm, pitch, length and loudness know each other",
    "classic": "Classic: one network for chords and one for rhythm, as in the first such projects",
}


def training_form() -> TrainingSettings:
    """Show the widgets, with what was chosen last; return what is chosen now."""
    kept = session().training
    seconds = st.segmented_control(
        "How long to train",
        sorted({*_PRESETS, kept.seconds}),
        format_func=lambda seconds: _PRESETS.get(seconds, f"{seconds:.0f} s"),
        default=kept.seconds,
        required=True,
    )
    with st.expander("Advanced", icon=":material/tune:"):
        families: list[str] = list(_FAMILIES)
        family = str(
            st.radio("Kind of network", families, families.index(kept.family), _FAMILIES.__getitem__, key="family")
        )
        start = _start(kept)
        left, right = st.columns(2)
        with left:
            chosen = {
                "steps": _steps(kept),
                "units": _choice("Size of the network (memory cells)", (64, 128, 256, 512), "units"),
                "layers": _choice("Layers (one on top of the other)", (1, 2, 3), "layers"),
                "embedding": _choice("Embedding (numbers that describe a symbol)", (16, 32, 64, 128), "embedding"),
                "transposition": _transposition(kept, family),
            }
        with right:
            chosen |= {
                "length": _choice("Sequence length (notes between two corrections)", (32, 64, 128, 256), "length"),
                "batch": _choice("Batch (sequences learned side by side)", (8, 16, 32, 64), "batch"),
                "learning_rate": _choice("Learning rate (size of a correction)", _RATES, "learning_rate"),
                "dropout": _choice(
                    "Dropout (share of cells left out at each step, against learning by heart)", _DROPOUTS, "dropout"
                ),
                "seed": _seed(kept),
            }
        asked = TrainingSettings(family=family, start=start, seconds=seconds, **chosen)
        possible = with_possible_start(asked)
        if possible.start != asked.start:
            st.caption("A network of this kind or size begins from nothing: the one that knows other music is another.")
    session().training = asked
    return possible


def expectation(pieces: int) -> str:
    """Say what can be expected of a few pieces; nothing where there are enough."""
    if pieces == 1:
        return (
            "From one piece alone the network learns that piece and little else: new music will be close to it. "
            "Ten pieces of one kind teach more."
        )
    if pieces < _ENOUGH:
        return "From so few pieces new music will often recall them. Ten pieces of one kind teach more."
    return ""


def _start(kept: TrainingSettings) -> str:
    """Ask where to begin: from the base model, from nothing, or from the network at hand."""
    options = {BASE: "what music has in common", NOTHING: "nothing"}
    if (at_hand := session().model_key) is not None and queue().store.entry(at_hand) is not None:
        options[at_hand] = "the network trained last"
    starts: list[str] = list(options)
    return str(
        st.radio(
            "Start from",
            starts,
            starts.index(kept.start) if kept.start in options else 0,
            options.__getitem__,
            horizontal=True,
            help="A network that knows much other music learns yours faster. Its size and kind cannot be changed.",
            key="start-from",
        )
    )


def _choice(label: str, options: tuple[float, ...], setting: str) -> Any:
    """Offer a few values of a setting."""
    return st.select_slider(label, options, getattr(session().training, setting), key=f"setting-{setting}")


def _steps(kept: TrainingSettings) -> int | None:
    low, high = RANGES["steps"]
    return st.number_input(
        "Steps (empty: the time chosen above)",
        min_value=int(low),
        max_value=int(high),
        value=kept.steps,
        step=100,
        help="One step is one correction of the network. A number here replaces the time limit.",
        key="setting-steps",
    )


def _seed(kept: TrainingSettings) -> int:
    low, high = RANGES["seed"]
    return st.number_input(
        "Seed (number that the random choices begin with)", int(low), int(high), kept.seed, key="setting-seed"
    )


def _transposition(kept: TrainingSettings, family: str) -> int:
    """Ask whether to transpose; for the classic family the answer begins with no, as every key is another chord."""
    chosen = st.toggle(
        "Learn every piece in all keys",
        value=family == "joint" and (kept.transposition > 0 or kept.family == "classic"),
        help="Each piece is also learned higher and lower, up to six semitones. It makes much of a few pieces.",
        key=f"transpose-{family}",
    )
    return TrainingSettings.transposition if chosen else 0
