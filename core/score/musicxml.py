"""Owns MusicXML: a piece or its score -> bytes that notation programs open.

Knows nothing about how the score came about.
"""

from __future__ import annotations

from xml.etree import ElementTree

from music21 import stream
from music21.musicxml.m21ToXml import ScoreExporter

from core.notes import Piece
from core.score.admission import check
from core.score.notation import notate

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
_MADE_UP = (
    (".//identification", "creator"),
    (".//encoding", "encoding-date"),
    (".//midi-instrument", "midi-channel"),
)


def write_musicxml(piece: Piece) -> bytes:
    """Return a piece as a MusicXML file. Raises ScoreError where there can be no sheet music."""
    check(piece)
    return as_musicxml(notate(piece).score)


def as_musicxml(score: stream.Score) -> bytes:
    """Return a score with finished bars as a MusicXML file (version 4.0, UTF-8); equal scores give equal bytes."""
    root = ScoreExporter(score, makeNotation=False).parse()
    _keep_facts(root)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_DOCTYPE}\n{body}\n'.encode()


def _keep_facts(root: ElementTree.Element) -> None:
    """Leave out what music21 makes up: itself as the composer, the date, MIDI channels."""
    for path, tag in _MADE_UP:
        for parent in root.iterfind(path):
            for child in parent.findall(tag):
                parent.remove(child)
