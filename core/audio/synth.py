"""Owns the two programs that turn a MIDI file into a WAV file: FluidSynth, and midirenderer where that is missing.

Knows nothing about what good sound is. It runs as a process of its own, because FluidSynth may hang and midirenderer
keeps every other thread of its process waiting. As a file, not as a module of the package, it starts in no time:

    python core/audio/synth.py fluidsynth|midirenderer SOUNDFONT MIDI WAV SECONDS
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

RATE = 44_100
TIME_LIMIT = 120.0
"""Seconds that a program may take; a quarter of an hour of dense music takes about 15."""


def run(program: str, soundfont: Path, midi: Path, wav: Path) -> None:
    """Let `program` write `wav` in a process of its own.

    Raises subprocess.SubprocessError if it fails or takes longer than `TIME_LIMIT`.
    """
    command = [sys.executable, __file__, program, str(soundfont), str(midi), str(wav), str(TIME_LIMIT)]
    patience = TIME_LIMIT + 10  # the process ends FluidSynth itself; ending the process alone would leave it behind
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=patience)


def _fluidsynth(soundfont: str, midi: str, wav: str, seconds: float) -> None:
    """Render with FluidSynth through midi2audio, which by itself waits for ever and looks at no exit code."""
    import midi2audio

    class Strict:
        call = partial(subprocess.run, check=True, timeout=seconds, stdin=subprocess.DEVNULL)

    midi2audio.subprocess = Strict
    midi2audio.FluidSynth(soundfont, sample_rate=RATE).midi_to_audio(midi, wav)


def _midirenderer(soundfont: str, midi: str, wav: str, seconds: float) -> None:
    """Render with midirenderer: at 48 kHz, and only as far as the last event of the file."""
    from midirenderer import render_wave_from

    Path(wav).write_bytes(render_wave_from(Path(soundfont).read_bytes(), Path(midi).read_bytes()))


PROGRAMS: dict[str, Callable[[str, str, str, float], None]] = {
    "fluidsynth": _fluidsynth,
    "midirenderer": _midirenderer,
}

if __name__ == "__main__":
    name, *paths, limit = sys.argv[1:]
    soundfont, midi, wav = paths
    PROGRAMS[name](soundfont, midi, wav, float(limit))
