"""Owns MIDI files: bytes -> `Piece` and back.

container (chunks) -> events (of a track) -> strokes (notes of a channel) -> parts (a piece) -> silence -> reading

Knows nothing about networks or sound.
"""

from core.midi.reading import LIMITS, Limits, MidiError, Reading, read
from core.midi.writing import write

__all__ = ["LIMITS", "Limits", "MidiError", "Reading", "read", "write"]
