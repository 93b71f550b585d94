"""Owns the choice of training settings: a preset first, everything else behind 'advanced'.

Knows nothing about what the settings do to a network.
"""

from __future__ import annotations

import streamlit as st

from core.config import LIMITS, TrainingSettings

PRESETS = {"Quick · 20 seconds": 20, "Normal · 1 minute": 60, "Thorough · 5 minutes": 300}
_FAMILIES = {
    "joint": "Joint: rhythm, pitch, length and loudness know each other",
    "classic": "Classic: one network for chords and one for rhythm, as in the first such projects",
}


def training_settings() -> TrainingSettings:
    """Show the widgets and return what is chosen."""
    preset = st.segmented_control("How long to train", list(PRESETS), default="Normal · 1 minute", required=True)
    with st.expander("Advanced", icon=":material/tune:"):
        family = st.radio("Kind of network", list(_FAMILIES), format_func=_FAMILIES.__getitem__, key="family")
        left, right = st.columns(2)
        with left:
            budget = _budget(PRESETS[preset])
            units = _choice("Size of the network (memory cells)", (64, 128, 256, 512), "units")
            layers = _choice("Layers (one on top of the other)", (1, 2, 3), "layers")
            embedding = _choice("Embedding (numbers that describe a symbol)", (16, 32, 64, 128), "embedding")
            semitones = _transposition(family)
        with right:
            length = _choice("Sequence length (notes between two corrections)", (32, 64, 128, 256), "length")
            batch = _choice("Batch (sequences heard side by side)", (8, 16, 32, 64), "batch")
            rate = _choice("Learning rate (size of a correction)", (3e-4, 1e-3, 3e-3, 6e-3), "learning_rate")
            dropout = _choice("Dropout (share of cells that rest, against learning by heart)", (0.0, 0.1, 0.3, 0.5), "dropout")
            seed = st.number_input("Seed (number that the chance begins with)", *map(int, LIMITS["seed"]), 0)
    return TrainingSettings(
        family=family, transposition=semitones, units=units, layers=layers, embedding=embedding, **budget,
        batch=batch, length=length, learning_rate=rate, dropout=dropout, seed=seed,
    )  # fmt: skip


def _budget(seconds: int) -> dict[str, int | None]:
    """Return the budget in seconds, or in steps where the person gives a number of them."""
    steps = st.number_input(
        "Steps (empty: the time chosen above)", *map(int, LIMITS["steps"]), value=None, step=100,
        help="One step is one correction of the network. A number here replaces the time limit.",
    )  # fmt: skip
    return {"seconds": seconds, "steps": steps}


def _transposition(family: str) -> int:
    chosen = st.toggle(
        "Learn every piece in all keys", value=family == "joint", key=f"transpose-{family}",
        help="Each piece is also heard higher and lower, up to six semitones. It makes much of a few pieces.",
    )  # fmt: skip
    return TrainingSettings.transposition if chosen else 0


def _choice(label: str, options: tuple, setting: str):
    """Offer a few values of a setting, its default chosen."""
    return st.select_slider(label, options, value=getattr(TrainingSettings, setting), key=f"setting-{setting}")
