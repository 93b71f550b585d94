import io

import numpy as np
import pytest
import soundfile

from core.audio import compression, waveform

SMALL = [compression.write_mp3, compression.write_ogg]
ALL = [compression.write_flac, compression.write_wav, *SMALL]


def plucked(seconds=2, pitches=(440.0, 550.0)):
    """A tone a side, struck at 1 s and dying away."""
    time = np.arange(int(seconds * 44_100)) / 44_100 - 1
    decay = np.where(time < 0, 0, np.exp(-4 * np.maximum(time, 0)))
    sides = [20_000 * decay * np.sin(2 * np.pi * pitch * time) for pitch in pitches]
    return np.stack(sides, axis=1).astype(np.int16)


def wav(samples=None):
    return waveform.encode(plucked() if samples is None else samples, 44_100)


def decoded(sound):
    return soundfile.read(io.BytesIO(sound), dtype="float64")[0] * 32_768


@pytest.mark.parametrize("write", [compression.write_flac, compression.write_wav])
def test_exact_files_keep_every_sample(write):
    extremes = np.array([[-32_768, 32_767], [1, -1]], np.int16)
    samples = np.concatenate([plucked(), extremes])
    assert np.array_equal(decoded(write(wav(samples))), samples)


@pytest.mark.parametrize("write", ALL)
def test_length_is_kept_to_the_frame(write):
    samples = plucked()[:-1234]
    sound = write(wav(samples))
    assert len(decoded(sound)) == len(samples)
    assert compression.seconds(sound) == len(samples) / 44_100


@pytest.mark.parametrize("write", SMALL)
def test_small_files_keep_the_time_and_the_sound(write):
    sound, samples = decoded(write(wav())), plucked()
    assert np.argmax(np.abs(sound) > 2000, axis=0) == pytest.approx(np.argmax(np.abs(samples) > 2000, axis=0), abs=30)
    assert np.abs(sound).max() == pytest.approx(np.abs(samples).max(), rel=0.1)
    assert ((sound - samples) ** 2).mean() < 0.03 * (samples.astype(float) ** 2).mean()


@pytest.mark.parametrize("write", SMALL)
def test_small_files_come_from_flac_too(write):
    assert np.array_equal(decoded(write(compression.write_flac(wav()))), decoded(write(wav())))


@pytest.mark.parametrize("write", SMALL)
def test_small_files_are_small(write):
    noise = np.random.default_rng(0).integers(-9000, 9000, (88_200, 2)).astype(np.int16)
    assert len(write(wav(noise))) < len(wav(noise)) / 7


@pytest.mark.slow
def test_minutes_of_ogg_can_be_written():
    samples = np.zeros((100 * 44_100, 2), np.int16)
    assert compression.seconds(compression.write_ogg(wav(samples))) == 100


def test_what_is_no_sound_is_refused():
    with pytest.raises(soundfile.SoundFileError):
        compression.write_mp3(b"no sound")
