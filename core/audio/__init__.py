"""Owns sound: `Piece` -> WAV, at a good level and never silent; made in the background too, as FLAC.

soundfont (which instruments) -> synth (a program plays) -> waveform, finishing (level, trim, fade) -> rendering (all)
rendering, compression (WAV -> FLAC, MP3, OGG) -> renderings (in the background, once for all)

Knows nothing about networks or pages.
"""

from core.audio.rendering import LONGEST, TAIL, AudioError, Engine, engine, measure, render
from core.audio.waveform import Sound

__all__ = ["LONGEST", "TAIL", "AudioError", "Engine", "Sound", "engine", "measure", "render"]
