"""Owns the table of the pieces at hand: a row each, with a tick for those in use.

Knows nothing about how pieces were read.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.report import Report, key_of, report
from core.ui.session import Item, session

_COLUMNS = {
    "use": st.column_config.CheckboxColumn("use", help="Only ticked pieces are learned from.", width="small"),
    "piece": st.column_config.TextColumn("piece", width="large"),
    "length": st.column_config.TextColumn("length", help="minutes:seconds"),
    "notes": st.column_config.NumberColumn("notes", format="localized"),
    "key": st.column_config.TextColumn("key", help="estimated from how long each tone sounds"),
    "tempo": st.column_config.TextColumn("tempo", help="quarter notes per minute"),
    "rhythm": st.column_config.TextColumn("rhythm", help="Written music keeps to a beat, a performance flows freely."),
    "remarks": st.column_config.TextColumn("remarks", width="large"),
}


@st.cache_data(max_entries=2000, show_spinner=False)
def described(name: str, _item: Item) -> tuple[Report, str]:
    """Return the report on a piece and its key; `name` is the piece's digest."""
    return report(_item.reading), key_of(_item.reading.piece)


def clock(seconds: float) -> str:
    """Write a length as minutes:seconds."""
    return f"{int(round(seconds)) // 60}:{int(round(seconds)) % 60:02d}"


def piece_table(items: dict[str, Item]) -> None:
    """Show the pieces and take in what is ticked."""
    rows = [_row(item, *described(name, item)) for name, item in items.items()]
    edited = st.data_editor(
        pd.DataFrame(rows, index=list(items)),
        key=f"pieces-{session().uploads}",
        hide_index=True,
        column_config=_COLUMNS,
        disabled=[name for name in _COLUMNS if name != "use"],
        height=min(36 * (len(rows) + 1) + 2, 400),
    )
    for name, used in edited["use"].items():
        items[name].used = bool(used)


def _row(item: Item, described: Report, key: str) -> dict[str, object]:
    return {
        "use": item.used,
        "piece": described.name,
        "length": clock(described.seconds),
        "notes": described.notes,
        "key": key,
        "tempo": "free" if described.performed else f"{described.qpm:.0f} ♩/min",
        "rhythm": "performed freely" if described.performed else f"on the beat, {described.metre}",
        "remarks": " ".join(described.remarks),
    }
