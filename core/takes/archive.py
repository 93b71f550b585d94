"""Owns takes as one zip archive: the MIDI file of each, what else is asked for, and how they were made.

Knows nothing about what the other files are: their makers are handed in.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from itertools import count

from core import midi
from core.notes import Piece
from core.takes.account import account
from core.takes.desk import KeptTake

ACCOUNT = "how these were made.txt"

_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # by Windows, whatever the ending
_LONGEST_NAME = 150  # bytes; a name may have 255, with its ending

Make = Callable[[Piece], bytes | None]


def write_archive(takes: Sequence[KeptTake], also: Mapping[str, Make] | None = None) -> bytes:
    """Return a zip archive of takes, each as NAME.mid.

    `also` makes further files of a piece, by the ending of their names (`.mp3`); None where there is none of a piece.
    """
    names = file_names(kept.name for kept in takes)
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(ACCOUNT, account(takes, names))
        for kept, name in zip(takes, names, strict=True):
            archive.writestr(f"{name}.mid", midi.write(kept.take.piece))
            for ending, make in (also or {}).items():
                if (made := make(kept.take.piece)) is not None:
                    archive.writestr(f"{name}{ending}", made)
    return data.getvalue()


def file_names(names: Iterable[str]) -> list[str]:
    """Return names of files without their endings, legal and distinct on every system."""
    found: dict[str, str] = {}
    for name in map(_legal, names):
        numbered = (name if number == 1 else f"{name} ({number})" for number in count(1))
        free = next(each for each in numbered if each.casefold() not in found)
        found[free.casefold()] = free
    return list(found.values())


def _legal(name: str) -> str:
    """Return what every system allows of a name."""
    letters = (each if each.isprintable() and each not in _FORBIDDEN else " " for each in name)
    line = " ".join(unicodedata.normalize("NFC", "".join(letters)).split())
    short = line.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(" .-")
    return short if short and not _RESERVED.match(short) else f"take {short}".strip()
