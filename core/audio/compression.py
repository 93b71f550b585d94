"""Owns the files that a sound travels in: FLAC (exact), MP3 and OGG Vorbis (small), and back to WAV.

Knows nothing about music or about who listens. Each function takes a sound as any of the exact files, WAV or FLAC, and
keeps its rate, its length to the frame and where the notes begin: players leave out what MP3 puts before them.

A minute of music, in seconds of one core and megabytes: FLAC 0.1 and 3 to 6, MP3 2 and 1, OGG 0.7 and 1, WAV 10.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import soundfile
from numpy.typing import NDArray

FLAC_EFFORT = 0.5
"""How much is done to write a small FLAC, 0..1; the samples stay the same."""

_BLOCK = 1 << 15  # frames at a time: libsndfile crashes when it is given a minute of Vorbis at once
_KIND_OF_SAMPLES = "int32"  # libsndfile 1.2 garbles stereo of 16 bits on its way into MP3


def write_flac(sound: bytes) -> bytes:
    """Write a sound as FLAC: every sample as it was, in 500 to 800 kbit/s."""
    return _written(sound, "FLAC", "PCM_16", compression_level=FLAC_EFFORT)


def write_mp3(sound: bytes) -> bytes:
    """Write a sound as MP3 of constant quality, in 110 to 160 kbit/s."""
    return _written(sound, "MP3", "MPEG_LAYER_III", compression_level=0.4, bitrate_mode="VARIABLE")


def write_ogg(sound: bytes, compression: float = 0.5) -> bytes:
    """Write a sound as OGG Vorbis of constant quality, in 140 to 170 kbit/s; in less with more compression, 0..1."""
    return _written(sound, "OGG", "VORBIS", compression_level=compression)


def write_wav(sound: bytes) -> bytes:
    """Write a sound as WAV of 16 bits: every sample as it was, in 1411 kbit/s."""
    return _written(sound, "WAV", "PCM_16")


def seconds(sound: bytes) -> float:
    """Return the length of a sound in seconds."""
    with soundfile.SoundFile(io.BytesIO(sound)) as file:
        return float(file.frames / file.samplerate)


def _written(sound: bytes, container: str, coding: str, **settings: float | str) -> bytes:
    """Return a sound in another file; `settings` are those of soundfile."""
    new = io.BytesIO()
    with (
        soundfile.SoundFile(io.BytesIO(sound)) as old,
        soundfile.SoundFile(new, "w", old.samplerate, old.channels, coding, format=container, **settings) as file,
    ):
        for block in _blocks(old):
            file.write(block)
    return new.getvalue()


def _blocks(file: soundfile.SoundFile) -> Iterator[NDArray]:
    while len(block := file.read(_BLOCK, dtype=_KIND_OF_SAMPLES, always_2d=True)):
        yield block
