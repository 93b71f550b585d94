"""Owns the small picture of a whole piece: `Piece` -> SVG text, one bar a note.

Knows nothing about axes or players.
"""

from __future__ import annotations

from core.notes import Piece

WIDTH, HEIGHT = 320, 80
"""Of the picture, in its own units; it is shown at any width."""

_COLOUR, _GIVEN_COLOUR = "#199ACD", "#8a8f9c"
_MARGIN = 4
_FEWEST_KEYS = 24
_MOST_NOTES = 4000
_THINNEST = 0.6


def thumbnail(piece: Piece, new_from: float = 0.0) -> str:
    """Draw the notes of a piece; those before the onset `new_from` are grey.

    Of more than 4,000 notes every second, third ... is drawn. Nothing from the piece but numbers goes into the SVG.
    """
    step = -(-len(piece.notes) // _MOST_NOTES) or 1
    notes = piece.notes[::step]
    end = max(piece.end, 1e-9)
    low, high = _keys(piece)
    row = (HEIGHT - 2 * _MARGIN) / (high - low + 1)
    across = WIDTH - 2 * _MARGIN
    bars = "".join(
        f'<rect x="{_MARGIN + onset / end * across:.1f}" y="{_MARGIN + (high - pitch) * row:.1f}" '
        f'width="{max(duration / end * across - 0.3, _THINNEST):.1f}" height="{max(row * 0.9, 1.0):.1f}" '
        f'fill="{_GIVEN_COLOUR if onset < new_from else _COLOUR}"/>'
        for onset, duration, pitch, _, _ in notes.tolist()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'preserveAspectRatio="none" width="{WIDTH}" height="{HEIGHT}">{bars}</svg>'
    )


def _keys(piece: Piece) -> tuple[int, int]:
    """Return the lowest and the highest key of the picture, at least two octaves apart."""
    if not len(piece.notes):
        return 60 - _FEWEST_KEYS // 2, 60 + _FEWEST_KEYS // 2
    low, high = int(piece.notes["pitch"].min()), int(piece.notes["pitch"].max())
    missing = max(_FEWEST_KEYS - (high - low), 0)
    return low - missing // 2, high + missing - missing // 2
