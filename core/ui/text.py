"""Owns text from files and people on a page: shown letter by letter where Markdown would take it for something else.

Knows nothing about where it stands.
"""

from __future__ import annotations

import re

from core.midi.text import printable

_JOINER = "\u2060"
_MEANT = re.compile(r"(?i)(?<=www)(?=\.)|(?=://)|(?=@)|(?<=:)(?=\w)")  # in www.a.b, https://a, a@b, :streamlit:
_PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"  # one that is clear


def literal(text: str) -> str:
    """Return text from a file so that Markdown shows it letter by letter.

    Addresses, emoji and icons are looked for in what is left when Markdown is read, so a character without width is put
    where theirs would not have it.
    """
    parted = _MEANT.sub(_JOINER, printable(text))
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|<>~$:&" else letter for letter in parted)


def spoken(text: str) -> str:
    """Return text that is heard where a label is read aloud and takes no room on the screen."""
    return f"![{literal(text)}]({_PIXEL})"
