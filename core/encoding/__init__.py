"""Owns the two ways of writing music as events, behind one interface.

Knows nothing about networks: see `columns` for what an event array is, `joint` and `classic` for the families.
"""

from __future__ import annotations

from core.encoding.classic import ClassicEncoding
from core.encoding.joint import JointEncoding

Encoding = JointEncoding | ClassicEncoding

ENCODINGS: dict[str, type[JointEncoding] | type[ClassicEncoding]] = {
    "joint": JointEncoding,
    "classic": ClassicEncoding,
}
