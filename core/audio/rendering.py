"""Owns the way from music to sound: `Piece` -> WAV or FLAC (16-bit stereo, 44.1 kHz), and `AudioError`.

Knows nothing about models or pages.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from core.audio import soundfont, synth, waveform
from core.audio.finishing import TAIL, Container, Played, cut, finish, look_at
from core.audio.soundfont import SoundfontError
from core.audio.waveform import Sound
from core.midi import write, written_end
from core.notes import Piece, clip, onsets_at, seconds_at

LONGEST = 15 * 60.0
"""Seconds of music that we make sound for; a quarter of an hour of WAV is 160 MB."""
_FAILURES = (subprocess.SubprocessError, OSError, soundfile.SoundFileError, ValueError)
Floats = NDArray[np.float64]

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


def render(piece: Piece, container: Container = "WAV") -> bytes:
    """Play a piece into a file that begins with it, reaches -1 dBFS and dies away after the last note.

    Raises AudioError if there is nothing to play, too much of it, or nothing to play it with.
    """
    end = _end(piece)
    return _rendered(piece, lambda played: finish(played, end, container))


def render_beginning(piece: Piece, seconds: float, container: Container = "WAV") -> bytes:
    """Play the first `seconds` of a longer piece, as loud as they are in the whole, as far as the notes tell.

    Raises AudioError as `render` does.
    """
    _end(piece)
    beginning = clip(piece, 0.0, float(onsets_at(piece, seconds)))
    _end(beginning)
    share = min(loudest(beginning) / loudest(piece), 1.0)
    return _rendered(beginning, lambda played: cut(played, seconds, share, container), at_once=True)


def loudest(piece: Piece) -> float:
    """Estimate the amplitude of the loudest place from the notes that sound together.

    A synthesiser makes the amplitude of a note (velocity / 127) ** 2 (General MIDI's curve of 40 dB a decade), and
    what notes sound like together adds up in power.
    """
    notes = np.concatenate([piece.notes, piece.drums])
    power = (notes["velocity"] / 127.0) ** 4
    begun, ended = (_sums(times, power) for times in (notes["onset"], notes["onset"] + notes["duration"]))
    return float(np.sqrt((begun(notes["onset"]) - ended(notes["onset"])).max()))


def _sums(times: Floats, values: Floats) -> Callable[[Floats], Floats]:
    """Return the sum of the values up to a time, with those at it, as a function."""
    order = np.argsort(times)
    ordered, sums = times[order], np.concatenate([[0.0], values[order].cumsum()])
    return lambda at: sums[np.searchsorted(ordered, at, side="right")]


def _rendered(piece: Piece, write_played: Callable[[Played], bytes], *, at_once: bool = False) -> bytes:
    midi = write(piece, silence=TAIL * piece.tempos[-1].qpm / 60)  # midirenderer stops where the file ends
    font = engine().soundfont
    for program in _programs():
        try:
            with tempfile.TemporaryDirectory() as folder:
                score, wav = Path(folder, "music.mid"), Path(folder, "music.wav")
                score.write_bytes(midi)
                synth.run(program, font, score, wav, seconds=piece.seconds, at_once=at_once)
                return write_played(look_at(wav))
        except _FAILURES as error:
            _logger.warning("%s made no sound: %s %s", program, error, getattr(error, "stderr", None) or "")
            cause = error.with_traceback(None)  # which would keep what was read
    raise AudioError(
        f"No sound could be made with the soundfont {font.name}. The MIDI file is fine: play it in another program."
    ) from cause


def measure(wav: bytes) -> Sound:
    """Measure length, peak and silence of a WAV."""
    return waveform.measure(wav)


def _programs() -> list[str]:
    """Return the programs to try, the better one first."""
    return ["fluidsynth", "midirenderer"] if shutil.which("fluidsynth") else ["midirenderer"]


def _end(piece: Piece) -> float:
    """Return when the last note or drum hit ends, in seconds. Raises AudioError if that is never or too late."""
    if not len(piece.notes) + len(piece.drums):
        raise AudioError("There are no notes to play.")
    end = float(seconds_at(piece, written_end(piece)))
    if end > LONGEST:
        raise AudioError(f"This lasts {end / 60:.0f} minutes; sound is made for at most {LONGEST / 60:.0f} minutes.")
    return end
