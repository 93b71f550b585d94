"""Owns the two programs that turn a MIDI file into a WAV file: FluidSynth, and midirenderer where that is missing.

Knows nothing about what good sound is. Each runs as a process of its own, because FluidSynth may hang and midirenderer
keeps every other thread of its process waiting. This file is that process for midirenderer: as a file, not as a module
of the package, it starts in no time.

    python core/audio/synth.py SOUNDFONT MIDI WAV
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path

RATE = 44_100
TIME_LIMIT, TIME_SHARE = 20.0, 0.2
"""Seconds that a program may take, and as much more of the length of the music; it needs about a sixtieth of that."""

_FLUIDSYNTH_OPTIONS = (
    *("-o", "synth.dynamic-sample-loading=1"),  # of a soundfont of 140 MB only the instruments that play
    *("-z", "1024"),  # frames at a time, not 64: a sixth less work, and 65 dB below the sound what differs
)
_NICENESS = "5"  # a third of what others get, where all cores are busy
_haste = ContextVar("_haste", default=(False, TIME_LIMIT))  # midi2audio hands nothing on
_NO_SOUND_CARD = {"SDL_AUDIODRIVER": "dummy"}  # else FluidSynth looks for sound cards, and waits 0.1 s for that to end


def run(program: str, soundfont: Path, midi: Path, wav: Path, *, seconds: float = 0.0, at_once: bool = False) -> None:
    """Let `program` ('fluidsynth' or 'midirenderer') write `wav` in a process of its own.

    It lets others go first, such as who composes or shows a page, unless the sound is needed `at_once`. `seconds` is
    the length of the music. Raises subprocess.SubprocessError if it fails or takes too long.
    """
    before = _haste.set((at_once, TIME_LIMIT + TIME_SHARE * seconds))
    try:
        PROGRAMS[program](str(soundfont), str(midi), str(wav))
    finally:
        _haste.reset(before)


def _fluidsynth(soundfont: str, midi: str, wav: str) -> None:
    """Render with FluidSynth through midi2audio, which by itself waits for ever and looks at no exit code."""
    import midi2audio

    midi2audio.subprocess = _Strict
    midi2audio.FluidSynth(soundfont, sample_rate=RATE).midi_to_audio(midi, wav)


class _Strict:
    """What midi2audio starts FluidSynth with."""

    @staticmethod
    def call(command: list[str]) -> None:
        program, *arguments = command
        _process([program, *_FLUIDSYNTH_OPTIONS, *arguments], _NO_SOUND_CARD)


def _midirenderer(soundfont: str, midi: str, wav: str) -> None:
    """Render with midirenderer: at 48 kHz, and only as far as the last event of the file."""
    _process([sys.executable, __file__, soundfont, midi, wav])


def _process(command: list[str], variables: dict[str, str] | None = None) -> None:
    at_once, limit = _haste.get()
    patience = [nice, "-n", _NICENESS] if (nice := shutil.which("nice")) and not at_once else []
    subprocess.run(
        [*patience, *command], check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=limit,
        env=os.environ | (variables or {}),
    )  # fmt: skip


PROGRAMS: dict[str, Callable[[str, str, str], None]] = {"fluidsynth": _fluidsynth, "midirenderer": _midirenderer}

if __name__ == "__main__":
    from midirenderer import render_wave_from

    font, score, sound = map(Path, sys.argv[1:])
    sound.write_bytes(render_wave_from(font.read_bytes(), score.read_bytes()))
