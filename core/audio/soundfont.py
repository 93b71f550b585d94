"""Owns which soundfont sounds: the samples of the General MIDI instruments.

Knows nothing about the programs that play it.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "ENCORE_SOUNDFONT"
"""Environment variable that names a soundfont of one's own."""
SHIPPED = Path(__file__).parents[2] / "assets" / "soundfont" / "TimGM6mb.sf2"
"""Small, but always there: see the README beside it."""

_FLUID_FOLDERS = (
    "/usr/share/sounds/sf2",  # Debian, Ubuntu
    "/usr/share/soundfonts",  # Fedora, Arch
    "/usr/local/share/soundfonts",  # Homebrew on Intel, BSD
    "/opt/homebrew/share/soundfonts",  # Homebrew on Apple silicon
    "~/Library/Audio/Sounds/Banks",  # macOS
    "C:/soundfonts",
)


class SoundfontError(Exception):
    """There is no soundfont to play with; the message says why."""


def locate() -> Path:
    """Return the soundfont to play with: one's own, else FluidR3 where the system has it, else the shipped one.

    Raises SoundfontError if one's own cannot be used or the shipped one was removed.
    """
    own = os.environ.get(VARIABLE)
    if own:
        return _checked(Path(own).expanduser())
    fluid = (Path(folder).expanduser() / "FluidR3_GM.sf2" for folder in _FLUID_FOLDERS)
    return _checked(next(filter(Path.is_file, fluid), SHIPPED))


def _checked(path: Path) -> Path:
    """Return the full path; FluidSynth would quietly play with another soundfont if this one is none."""
    if not path.is_file():
        raise SoundfontError(f"The soundfont {path.name} is not in its place.")
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise SoundfontError(f"{path.name} is not a soundfont (.sf2).")
    return path.resolve()
