"""Owns which pieces can be written down as sheet music, and what is said of the others.

Knows nothing about how it is done.
"""

from __future__ import annotations

from core.bars import count_bars
from core.notes import Piece, is_performed

MOST_NOTES, MOST_BARS = 6000, 1000  # of piano music; that takes about five seconds


class ScoreError(ValueError):
    """There is no sheet music of a piece; the message says why."""


def is_engravable(piece: Piece) -> bool:
    """Tell whether there can be sheet music of a piece."""
    return not _obstacle(piece)


def check(piece: Piece) -> None:
    """Raise ScoreError where there can be no sheet music."""
    if obstacle := _obstacle(piece):
        raise ScoreError(obstacle)


def _obstacle(piece: Piece) -> str:
    if not len(piece.notes):
        return "There are only drums here." if len(piece.drums) else "There are no notes to write down."
    if is_performed(piece):
        return (
            "This was performed freely, without a steady beat, so it has no bars to write down. "
            "The piano roll shows every note where it sounds."
        )
    if len(piece.notes) > MOST_NOTES or count_bars(piece) > MOST_BARS:
        return (
            f"This piece has {len(piece.notes):,} notes in {count_bars(piece):,} bars. Sheet music is made of up to "
            f"{MOST_NOTES:,} notes in up to {MOST_BARS:,} bars."
        )
    return ""
