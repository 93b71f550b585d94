"""Owns sheet music: `Piece` -> MusicXML and pages of SVG.

staves (who plays what) -> quantize (when, exactly) -> rhythm (note values) -> notation -> musicxml -> engraving

Knows nothing about Streamlit or sound.
"""

from core.score.admission import ScoreError, is_engravable
from core.score.engraving import Engraving, engrave
from core.score.musicxml import write_musicxml

__all__ = ["Engraving", "ScoreError", "engrave", "is_engravable", "write_musicxml"]
