"""Owns the view of the pieces at hand: a row each with a tick for those in use, and one of them in words.

Knows nothing about how pieces were read.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.corpus.description import key_of
from core.notes import Piece
from core.ui.session import Item, session
from core.ui.text import literal

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


@st.cache_data(max_entries=5000, show_spinner=False)
def estimated_key(digest: str, _piece: Piece) -> str:
    """Return the key of a piece, worked out once for all visitors; it depends on the notes, which the digest covers."""
    return key_of(_piece)


def minutes(seconds: float) -> str:
    """Write a length as minutes:seconds."""
    whole, rest = divmod(round(seconds), 60)
    return f"{whole}:{rest:02d}"


def piece_table(items: dict[str, Item]) -> None:
    """Show the pieces and take in what is ticked."""
    rows = [_row(item, estimated_key(digest, item.reading.piece)) for digest, item in items.items()]
    edited = st.data_editor(
        pd.DataFrame(rows, index=list(items)),
        key=f"pieces-{session().batches}",
        hide_index=True,
        column_config=_COLUMNS,
        disabled=[name for name in _COLUMNS if name != "use"],
        height=min(36 * (len(rows) + 1) + 2, 400),
    )
    for digest, used in edited["use"].items():
        items[digest].used = bool(used)


def _row(item: Item, key: str) -> dict[str, object]:
    described = item.description
    return {
        "use": item.used,
        "piece": item.name,
        "length": minutes(described.seconds),
        "notes": described.notes,
        "key": key,
        "tempo": "free" if described.performed else f"{described.qpm:.0f} ♩/min",
        "rhythm": "performed freely" if described.performed else f"on the beat, {described.metre}",
        "remarks": " ".join(described.remarks),
    }


def show_description(digest: str, item: Item) -> None:
    """Say in words what a piece is, with what was left out of it."""
    about, key = item.description, estimated_key(digest, item.reading.piece)
    tempo = f"{about.qpm:.0f} quarter notes per minute, {about.metre}, {about.bars} bars"
    facts = [key, "performed freely, without a steady beat" if about.performed else tempo, minutes(about.seconds)]
    if about.drum_hits:
        facts.append(f"{about.drum_hits:,} drum hits (heard here, not learned)")
    st.markdown(f"**{literal(about.title)}** · {' · '.join(facts)}")
    for remark in about.remarks:
        st.caption(literal(remark))


def track_choice(digest: str, item: Item) -> None:
    """Let the person take tracks in or out."""
    about = item.description
    if len(about.parts) == 1:
        return
    labels = [
        f"{(part.name or 'Track').strip(' :')} · {part.instrument} · {part.notes:,} notes" for part in about.parts
    ]
    item.tracks = st.pills(
        "Tracks in use",
        range(len(labels)),
        selection_mode="multi",
        default=item.tracks,
        format_func=lambda track: literal(labels[track]),
        key=f"tracks-{digest}",
    )
    if not item.tracks:
        st.caption("No track is in use, so nothing is learned from this piece.")
