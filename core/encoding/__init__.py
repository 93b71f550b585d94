"""Owns the two ways of writing music as events, behind one interface.

interface (what an encoding offers), columns (what an event array is), time_grid (the alphabet of time), active_notes
(what sounds at an onset), pitch_memory (which pitch classes were heard lately), context (both) -> joint, classic (the
families)

Knows nothing about networks.
"""

from __future__ import annotations

from core.encoding.classic import ClassicEncoding
from core.encoding.interface import Encoding, EventFormat, Inputs
from core.encoding.joint import JointEncoding

ENCODINGS: dict[str, type[Encoding]] = {"joint": JointEncoding, "classic": ClassicEncoding}

__all__ = ["ENCODINGS", "ClassicEncoding", "Encoding", "EventFormat", "Inputs", "JointEncoding"]
