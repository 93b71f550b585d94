"""Owns text that comes with a file: its name, and the names and titles in it.

Knows nothing about MIDI, nor where the text is shown.
"""

from __future__ import annotations


def printable(text: str) -> str:
    """Return text as one line that shows what it holds: spaces for what does not print (control characters, halves of
    surrogate pairs, marks that turn the direction of writing), one space for many.
    """
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
