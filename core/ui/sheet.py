"""Owns the sheet music of a player: pages whose notes light up as they sound, and what there is to download of it.

Knows nothing about how music is engraved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from core.notes import Piece, content_hash
from core.score import Engraving, ScoreError, engrave
from core.ui.component import component

_MOST_SHEETS = 16  # kept for all visitors together
_KEPT = "2h"
_WIDE, _NARROW = 900, 420  # pixels: for a desk, for a phone
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def sheet(piece: Piece, key: str) -> None:
    """Show the pages; a press on a note goes there in the sound. Music without bars is told why it has no pages."""
    width = _NARROW if "Mobi" in st.context.headers.get("User-Agent", "") else _WIDE
    try:
        engraving = _engraved(content_hash(piece), width, piece)
    except ScoreError as error:
        st.info(str(error), icon=":material/music_off:")
        return
    data = {"pages": engraving.pages, "times": engraving.times, "width": width}
    component("sheet", "sounds")(key=f"sheet-{key}", data=data)


@st.cache_resource(max_entries=_MOST_SHEETS, ttl=_KEPT, show_spinner="Writing the sheet music …")
def _engraved(content: str, width: int, _piece: Piece) -> Engraving:
    return engrave(_piece, width)


def one_svg(piece: Piece) -> bytes:
    """Return the sheet music as one SVG file on white, its pages below each other. Raises ScoreError without any."""
    return _stacked(engrave(piece).pages).encode()


def _stacked(pages: Sequence[str]) -> str:
    sizes = [tuple(map(float, found.groups())) for page in pages if (found := _SIZE.search(page))]
    width, height = max(width for width, _ in sizes), sum(height for _, height in sizes)
    placed, top = [], 0.0
    for page, (across, down) in zip(pages, sizes, strict=True):
        placed.append(page.replace("<svg ", f'<svg y="{top:g}" width="{across:g}" height="{down:g}" ', 1))
        top += down
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
    return f'{opening}><rect width="100%" height="100%" fill="#fff"/>{"".join(placed)}</svg>'
