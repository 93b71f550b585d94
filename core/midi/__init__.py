"""Owns MIDI files: bytes -> `Piece` and back.

container (chunks) -> events (of a track) -> key_events (notes of a channel) -> parts (a piece) -> silence -> reading

Knows nothing about networks or sound.
"""

from core.midi.reading import FILE_LIMITS, FileLimits, MidiError, Reading, read
from core.midi.writing import write, written_end

__all__ = ["FILE_LIMITS", "FileLimits", "MidiError", "Reading", "read", "write", "written_end"]
