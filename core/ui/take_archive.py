"""Owns the download of several takes together, with a text that says how each was made.

Knows nothing about what is in the archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.audio import AudioError
from core.audio.compression import write_mp3
from core.audio.renderings import make
from core.notes import Piece
from core.score import is_engravable, write_musicxml
from core.takes.archive import Make, write_archive
from core.takes.desk import KeptTake
from core.ui.session import session

_STARRED, _ALL = "with a star", "all"


def take_archive() -> None:
    """Offer all takes, or those with a star, as one zip archive; it is written when it is asked for."""
    takes = session().desk.now.takes
    with st.popover("Download several", icon=":material/folder_zip:"):
        which = st.segmented_control("Takes", [_ALL, _STARRED], default=_ALL, required=True, key="zip-takes")
        chosen = [kept for kept in takes if kept.starred or which == _ALL]
        kinds: Sequence[str] = st.pills(
            "Besides MIDI", list(_MAKERS), selection_mode="multi", default=[], key="zip-kinds"
        )
        st.caption("Making the sound takes some seconds for each minute of music.")
        also: Mapping[str, Make] = dict(_MAKERS[kind] for kind in kinds)
        _button(chosen, also)


def _button(chosen: Sequence[KeptTake], also: Mapping[str, Make]) -> None:
    label = "one take" if len(chosen) == 1 else f"{len(chosen)} takes"
    st.download_button(
        f"Download {label}",
        lambda: write_archive(chosen, also),
        "encore takes.zip",
        "application/zip",
        key="zip",
        on_click="ignore",
        disabled=not chosen,
        icon=":material/download:",
    )


def _mp3(piece: Piece) -> bytes | None:
    """Return the sound of a piece; None for one that cannot be made to sound, which its MIDI file still holds."""
    try:
        return write_mp3(make(piece).data)
    except AudioError:
        return None


def _musicxml(piece: Piece) -> bytes | None:
    return write_musicxml(piece) if is_engravable(piece) else None


_MAKERS: dict[str, tuple[str, Make]] = {
    "sound (MP3)": (".mp3", _mp3),
    "sheet music (MusicXML)": (".musicxml", _musicxml),
}
