"""Owns the way from MIDI to sound: MIDI bytes -> WAV bytes (16-bit stereo, 44.1 kHz), and `AudioError`.

Knows nothing about models or pages.
"""

from __future__ import annotations

import logging
import shutil
import struct
import subprocess
import tempfile
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from music21.midi import putVariableLengthNumber

from core.audio import soundfont, synth, waveform
from core.audio.soundfont import SoundfontError
from core.audio.synth import RATE
from core.audio.waveform import Samples, Sound
from core.midi.container import Container, ContainerError, unpack
from core.midi.events import Events, decode
from core.notes import Piece, Tempo, as_notes, seconds_at

LONGEST = 15 * 60.0
"""Seconds of music that we make sound for; a quarter of an hour of WAV is 160 MB."""
TAIL = 3.0
"""Seconds that a sound may ring on after the last note."""

_SHORTEST_TAIL = 0.3
_LONGEST_FADE = 1.0
_FAINTEST = 2e-4  # a lower peak is the noise of the synthesiser
_FAILURES = (subprocess.SubprocessError, OSError, EOFError, wave.Error, ValueError)
_logger = logging.getLogger(__name__)


class AudioError(Exception):
    """Music that cannot be made to sound; the message says why in words for a musician."""


@dataclass(frozen=True)
class Engine:
    """What plays: the program ('fluidsynth' or 'midirenderer') and its soundfont."""

    program: str
    soundfont: Path


def engine() -> Engine:
    """Tell what plays on this machine. Raises AudioError without a soundfont."""
    try:
        return Engine(_programs()[0], soundfont.locate())
    except SoundfontError as error:
        raise AudioError(str(error)) from error


def render(midi: bytes) -> bytes:
    """Play a MIDI file into a WAV that begins with it, reaches -1 dBFS and dies away after the last note.

    Raises AudioError if there is nothing to play, too much of it, or nothing to play it with.
    """
    prolonged, end = _open(midi)
    font = engine().soundfont
    for program in _programs():
        try:
            return _finish(_play(program, font, prolonged), end)
        except _FAILURES as error:
            _logger.warning("%s made no sound: %s %s", program, error, getattr(error, "stderr", None) or "")
            cause = error
    raise AudioError(
        f"No sound could be made with the soundfont {font.name}. The MIDI file is fine: play it in another program."
    ) from cause


def measure(wav: bytes) -> Sound:
    """Measure length, peak and silence of a WAV."""
    return waveform.measure(wav)


def _programs() -> list[str]:
    """Return the programs to try, the better one first."""
    return ["fluidsynth", "midirenderer"] if shutil.which("fluidsynth") else ["midirenderer"]


def _open(midi: bytes) -> tuple[bytes, float]:
    """Return the file with room for the tail, and where its last note ends, in seconds."""
    try:
        container = unpack(midi)
    except ContainerError as error:
        raise AudioError(f"The music cannot be played: the file {error}.") from error
    tracks = [decode(track) for track in container.tracks]
    strokes = [tick for track in tracks for keys in track.strokes.values() for tick, _ in keys]
    clock = _clock(tracks, container)
    end, total = clock(max(strokes, default=0)), clock(max(track.end for track in tracks))
    if not end:
        raise AudioError("There are no notes to play.")
    if total > LONGEST:
        raise AudioError(f"This lasts {total / 60:.0f} minutes; sound is made for at most {LONGEST / 60:.0f} minutes.")
    return _prolong(container, tracks), end


def _clock(tracks: list[Events], container: Container) -> Callable[[int], float]:
    """Return the way from ticks to seconds."""
    marks = sorted(mark for track in tracks for mark in track.tempos) if container.beats else []
    tempos = tuple(Tempo(tick / container.tpq, qpm) for tick, qpm in [(0, 120.0), *marks])
    tempo_map = Piece(as_notes([]), tempos=tempos)
    return lambda tick: float(seconds_at(tempo_map, tick / container.tpq))


def _prolong(container: Container, tracks: list[Events]) -> bytes:
    """Write the file with a last track that ends later: midirenderer stops at the end, whatever still sounds."""
    last_qpm = max((mark for track in tracks for mark in track.tempos), default=(0, 120.0))[1]
    tick = max(track.end for track in tracks) + round(TAIL * last_qpm / 60 * container.tpq)
    chunks = [*container.tracks, putVariableLengthNumber(tick) + b"\xff\x2f\x00"]
    header = struct.pack(">4sIHHH", b"MThd", 6, 1, len(chunks), round(container.tpq))
    return header + b"".join(struct.pack(">4sI", b"MTrk", len(chunk)) + chunk for chunk in chunks)


def _play(program: str, font: Path, midi: bytes) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        score, wav = Path(folder, "music.mid"), Path(folder, "music.wav")
        score.write_bytes(midi)
        synth.run(program, font, score, wav)
        samples, rate = waveform.decode(wav.read_bytes())
    return waveform.resample(samples, rate, RATE)


def _finish(samples: Samples, end: float) -> bytes:
    """Check a rendered sound and give it a good level and a natural end."""
    if len(samples) < end * RATE:
        raise ValueError(f"the sound is {len(samples) / RATE:.1f} s long, but the music {end:.1f} s")
    if waveform.peak_level(samples) < _FAINTEST:
        raise ValueError("the sound is silent")
    last_note = int(end * RATE)
    earliest, latest = last_note + int(_SHORTEST_TAIL * RATE), last_note + int(TAIL * RATE)
    samples = samples[: min(max(waveform.last_audible(samples), earliest), latest)]
    fade = min(len(samples) - last_note, int(_LONGEST_FADE * RATE))
    return waveform.encode(waveform.fade_out(waveform.level(samples), fade), RATE)
