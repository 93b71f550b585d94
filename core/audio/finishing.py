"""Owns the finish of a sound that was played: its level, its end and its fade, from file to file, a block at a time.

Knows nothing about MIDI. A quarter of an hour of samples has 160 MB, so no more than a block of them is held at once.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import soundfile

from core.audio import waveform
from core.audio.compression import FLAC_EFFORT
from core.audio.synth import RATE
from core.audio.waveform import Samples

TAIL = 3.0
"""Seconds that a sound may ring on after the last note."""

Container = Literal["WAV", "FLAC"]
"""The file that a sound is written to; both are exact."""

_SETTINGS: dict[Container, dict[str, float]] = {"WAV": {}, "FLAC": {"compression_level": FLAC_EFFORT}}
_BLOCK = 1 << 16  # frames
_SHORTEST_TAIL = 0.3
_LONGEST_FADE = 1.0
_FAINTEST = 2e-4  # a lower peak is the noise of the synthesiser


@dataclass(frozen=True)
class Played:
    """A WAV file at our rate, with its length in frames and its peak as a share of full scale."""

    file: Path
    frames: int
    peak: float

    def blocks(self, first: int, stop: int, size: int = _BLOCK) -> Iterator[Samples]:
        """Yield the samples from one frame up to another."""
        with soundfile.SoundFile(self.file) as file:
            file.seek(first)
            for at in range(first, stop, size):
                yield waveform.stereo(file.read(min(size, stop - at), dtype="int16", always_2d=True))


def look_at(file: Path) -> Played:
    """Return a WAV file as it was played, at our rate. Raises ValueError if it is silent."""
    with soundfile.SoundFile(file) as sound:
        rate, frames = sound.samplerate, sound.frames
    if rate != RATE:
        samples = waveform.resample(waveform.decode(file.read_bytes())[0], rate, RATE)
        file.write_bytes(waveform.encode(samples, RATE))
        frames = len(samples)
    peak = max(map(waveform.peak_level, Played(file, frames, 0.0).blocks(0, frames)), default=0.0)
    if peak < _FAINTEST:
        raise ValueError("the sound is silent")
    return Played(file, frames, peak)


def finish(played: Played, end: float, container: Container) -> bytes:
    """Return a sound at a good level, which ends when it has died away after the last note, at `end` seconds.

    Raises ValueError if it is shorter than the music.
    """
    if played.frames < end * RATE:
        raise ValueError(f"the sound is {played.frames / RATE:.1f} s long, but the music {end:.1f} s")
    last_note = int(end * RATE)
    earliest, latest = last_note + int(_SHORTEST_TAIL * RATE), min(last_note + int(TAIL * RATE), played.frames)
    tail = next(played.blocks(last_note, latest, size=RATE * int(TAIL + 1)), None)
    audible = 0 if tail is None else waveform.last_audible(tail, played.peak)
    stop = min(max(last_note + audible, earliest), latest)
    return _written(played, stop, min(stop - last_note, int(_LONGEST_FADE * RATE)), 1.0, container)


def cut(played: Played, seconds: float, share: float, container: Container) -> bytes:
    """Return the beginning of a sound, at a share of the level that a whole sound has."""
    return _written(played, min(int(seconds * RATE), played.frames), 0, share, container)


def _written(played: Played, stop: int, fade: int, share: float, container: Container) -> bytes:
    """Write a sound up to a frame, the last `fade` frames of which die away."""
    gain, new = waveform.gain(played.peak, share), io.BytesIO()
    with soundfile.SoundFile(new, "w", RATE, 2, "PCM_16", format=container, **_SETTINGS[container]) as file:
        for block in played.blocks(0, stop - fade):
            file.write(waveform.amplify(block, gain))
        for block in played.blocks(stop - fade, stop, size=max(fade, 1)):
            file.write(waveform.fade_out(waveform.amplify(block, gain), fade))
    return new.getvalue()
