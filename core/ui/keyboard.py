"""Owns the small keyboard on the screen: notes are played with the mouse, fingers or the computer's keys.

Knows nothing about what becomes of them. Whatever comes from a browser is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from math import isfinite
from typing import Any

import streamlit as st

from core.corpus.tapping import LONGEST, MOST_TAPS, Tap
from core.ui.component import component

OnTaps = Callable[[tuple[Tap, ...]], None]

_LONGEST_NOTE = 30.0  # seconds
_VELOCITY = 80


def keyboard(key: str, taps: tuple[Tap, ...], on_taps: OnTaps) -> None:
    """Show the keyboard with what was played so far; `on_taps` is called with more of it before the page runs again."""
    mount_key = f"keyboard-{key}"

    def take() -> None:
        if (sent := st.session_state[mount_key]["taps"]) is not None:
            on_taps(read_taps(sent))

    data = {"taps": [asdict(tap) for tap in taps], "most": MOST_TAPS, "longest": LONGEST}
    component("keyboard", "sounds")(key=mount_key, data=data, on_taps_change=take)


def read_taps(sent: Any) -> tuple[Tap, ...]:
    """Return what a browser sent as taps, in their order; what is none is left out."""
    rows = sent if isinstance(sent, list) else []
    taps = (_tap(row) for row in rows[:MOST_TAPS])
    return tuple(sorted((tap for tap in taps if tap is not None), key=lambda tap: tap.second))


def _tap(row: Any) -> Tap | None:
    try:
        second, seconds, pitch = float(row["second"]), float(row["seconds"]), int(row["pitch"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    fits = 0 <= second < LONGEST and 0 < seconds <= _LONGEST_NOTE and 0 <= pitch <= 127
    return Tap(second, seconds, pitch, _VELOCITY) if isfinite(second) and fits else None
