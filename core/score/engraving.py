"""Owns engraving: a piece -> pages of sheet music as SVG, and which note heads sound when.

Knows nothing about Streamlit. Verovio draws the pages from MusicXML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from pathlib import Path
from threading import Lock

import verovio

from core.notes import Piece, content_hash, seconds_at
from core.score.admission import ScoreError, check
from core.score.heads import Head
from core.score.musicxml import as_musicxml
from core.score.notation import name_of, notate

WIDTH = 900
"""Usual width of a page in pixels."""

_SCALE = 40  # per cent of verovio's own size
_FORMAT = 1.3  # height of a full page in widths
_OPTIONS = {
    "adjustPageHeight": True,
    "breaks": "auto",
    "footer": "none",
    "header": "none",
    "ledgerLineThickness": 0.3,
    "pageMarginBottom": 40,
    "pageMarginLeft": 20,
    "pageMarginRight": 20,
    "pageMarginTop": 40,
    "scale": _SCALE,
    "staffLineWidth": 0.2,
    "svgViewBox": True,
}

_FONTS = str(Path(verovio.__file__).with_name("data"))  # verovio forgets them in every other thread
_NAME = re.compile(r'<svg\b[^>]*\bid="([^"]+)"')
_BLACK = 'class="definition-scale" color="black"'
_COLOUR_OF_TEXT = 'class="definition-scale" fill="currentColor" overflow="visible"'

_lock = Lock()  # verovio numbers what it draws from one seed for the whole process

Times = tuple[tuple[float, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Engraving:
    """Sheet music.

    `pages` are SVG texts that fill their container in the colour of its text. `times` are pairs (second, ids): the note
    heads that sound from there to the second of the next pair, one for each second where a head begins or ends.
    `musicxml` is a file of the same score.
    """

    pages: tuple[str, ...]
    times: Times
    musicxml: bytes


def engrave(piece: Piece, width: int = WIDTH) -> Engraving:
    """Engrave a piece for pages that are `width` pixels wide. Raises ScoreError where there can be no sheet music."""
    check(piece)
    notation = notate(piece)
    musicxml = as_musicxml(notation.score)
    drawn = _draw(musicxml, width, int(content_hash(piece)[:7], 16))
    pages = tuple(_page(svg, name_of(piece), number, len(drawn)) for number, svg in enumerate(drawn, start=1))
    return Engraving(pages, _times(piece, notation.heads), musicxml)


def _draw(musicxml: bytes, width: int, seed: int) -> list[str]:
    """Return the pages as verovio draws them; the same seed gives the same ids."""
    with _lock:
        verovio.enableLog(verovio.LOG_OFF)
        verovio.setDefaultResourcePath(_FONTS)
        toolkit = verovio.toolkit()
        across = width * 100 // _SCALE
        size = {"pageWidth": across, "pageHeight": int(across * _FORMAT), "xmlIdSeed": seed}
        toolkit.setOptions(_OPTIONS | size)
        if not toolkit.loadData(musicxml.decode()):
            raise ScoreError("The sheet music could not be drawn.")
        return [toolkit.renderToSVG(page) for page in range(1, toolkit.getPageCount() + 1)]


def _page(svg: str, title: str, number: int, count: int) -> str:
    """Return a page in the colour of the text around it, with ids of its own and a title that is read aloud."""
    (drawn,) = _NAME.findall(svg)[:1]
    name = f"{drawn}-{number}"
    label = f'<title id="{name}-title">{escape(f"Sheet music: {title}, page {number} of {count}")}</title>'
    tag, rest = svg.replace(drawn, name).split(">", 1)
    page = f'{tag} role="img" aria-labelledby="{name}-title">{label}{rest}'
    return page.replace(_BLACK, _COLOUR_OF_TEXT, 1)


def _times(piece: Piece, heads: Sequence[Head]) -> Times:
    """Return what sounds from each second on, in the piece's own time."""
    begin: dict[Fraction, list[str]] = {}
    end: dict[Fraction, list[str]] = {}
    for head in heads:
        begin.setdefault(head.onset, []).append(head.id)
        end.setdefault(head.end, []).append(head.id)
    onsets = sorted({*begin, *end})
    seconds = seconds_at(piece, [float(onset) for onset in onsets]).tolist()
    sounding: dict[str, None] = {}
    times = []
    for second, onset in zip(seconds, onsets, strict=True):
        for name in end.get(onset, ()):
            del sounding[name]
        sounding |= dict.fromkeys(begin.get(onset, ()))
        times.append((second, tuple(sounding)))
    return tuple(times)
