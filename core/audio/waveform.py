"""Owns sound as samples: reading and writing WAV, level, tail and sample rate.

Knows nothing about MIDI or about the programs that render it.

Conventions
-----------
samples : int16 array of shape (frames, 2), left and right
peak    : highest sample, in dBFS: 0 is the loudest that a WAV can hold
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import ceil

import numpy as np
import soundfile
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Samples = NDArray[np.int16]

FULL = 32_767
PEAK = -1.0
"""Level that a finished sound reaches, in dBFS."""
SILENCE = 1e-3
"""Share of the peak below which nothing is audible: -60 dB."""

_BLOCK_SECONDS = 0.05
_BLOCK_FRAMES = 1 << 20  # written at a time: soundfile copies each block
_SINC_ZEROS = 16  # crossings on either side: flat to 20 kHz, aliases below -70 dB


@dataclass(frozen=True)
class Sound:
    """What can be measured of a WAV: length in seconds, peak in dBFS, share of it that is silent (0..1)."""

    seconds: float
    peak: float
    silence: float


def decode(wav: bytes) -> tuple[Samples, int]:
    """Read 16-bit WAV into samples and their rate; mono becomes two equal sides."""
    samples, rate = soundfile.read(io.BytesIO(wav), dtype="int16", always_2d=True)
    return stereo(samples), rate


def stereo(samples: Samples) -> Samples:
    """Return samples of one or two sides, (frames, sides), as those of two."""
    return np.repeat(samples, 2, axis=1) if samples.shape[1] == 1 else samples


def encode(samples: Samples, rate: int) -> bytes:
    """Write samples as 16-bit stereo WAV."""
    wav = io.BytesIO()
    with soundfile.SoundFile(wav, "w", rate, 2, "PCM_16", format="WAV") as file:
        for start in range(0, len(samples), _BLOCK_FRAMES):
            file.write(samples[start : start + _BLOCK_FRAMES])
    return wav.getvalue()


def measure(wav: bytes) -> Sound:
    """Measure length, peak and the share of twentieths of a second that stay 60 dB below full scale."""
    samples, rate = decode(wav)
    starts = np.arange(0, len(samples), max(1, int(rate * _BLOCK_SECONDS)))
    levels = np.maximum.reduceat(_levels(samples), starts) if len(samples) else np.zeros(1)
    with np.errstate(divide="ignore"):
        peak = 20 * np.log10(levels.max() / FULL)
    return Sound(len(samples) / rate, float(peak), float((levels < SILENCE * FULL).mean()))


def peak_level(samples: Samples) -> float:
    """Return the highest sample as a share of full scale, 0..1."""
    return max(int(samples.max(initial=0)), -int(samples.min(initial=0))) / FULL


def last_audible(samples: Samples, peak: float) -> int:
    """Return the frame after the last audible one in a sound whose peak is a share of full scale, 0..1."""
    threshold = max(SILENCE * FULL * peak, 2)  # below 2 there is only the dither of the synthesiser
    audible = np.flatnonzero(_levels(samples) > threshold)
    return int(audible[-1]) + 1 if len(audible) else 0


def gain(peak: float, share: float = 1.0) -> float:
    """Return what brings a peak, as a share of full scale, to a share of `PEAK`, 0..1."""
    return share * float(10 ** (PEAK / 20)) / peak


def amplify(samples: Samples, gain: float) -> Samples:
    """Multiply samples by a gain."""
    return np.multiply(samples, gain, out=np.empty_like(samples), casting="unsafe")


def fade_out(samples: Samples, frames: int) -> Samples:
    """Let the last `frames` die away along half a cosine."""
    faded = samples.copy()
    curve = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, frames))
    faded[len(samples) - frames :] = samples[len(samples) - frames :] * curve[:, None]
    return faded


def resample(samples: Samples, rate: int, new_rate: int) -> Samples:
    """Change the sample rate by windowed-sinc interpolation, one phase of the new rate at a time.

    Source: J. O. Smith, Digital Audio Resampling, https://ccrma.stanford.edu/~jos/resample/
    """
    if rate == new_rate:
        return samples
    common = np.gcd(rate, new_rate)
    phases, stride = new_rate // common, rate // common
    cutoff = min(1.0, new_rate / rate)
    half = ceil(_SINC_ZEROS / cutoff)
    windows = sliding_window_view(np.pad(samples, ((half, half + stride), (0, 0))), 2 * half, axis=0)
    new = np.empty((ceil(len(samples) * phases / stride), 2), dtype=np.int16)
    for phase in range(min(phases, len(new))):
        first, offset = divmod(phase * stride, phases)
        distance = np.arange(1 - half, half + 1) - offset / phases
        kernel = cutoff * np.sinc(cutoff * distance) * np.cos(np.pi * distance / (2 * half + 2)) ** 2
        count = len(new[phase::phases])
        values = windows[first + 1 :: stride][:count] @ kernel.astype(np.float32)
        new[phase::phases] = np.clip(np.round(values), -FULL - 1, FULL)
    return new


def _levels(samples: Samples) -> Samples:
    """Return the height of every frame on its louder side; ~x is -x - 1, because -32768 has no opposite in 16 bits."""
    left, right = samples.T
    return np.maximum(np.maximum(left, ~left), np.maximum(right, ~right))
