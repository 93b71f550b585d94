import numpy as np
import pytest

from core.audio import waveform


def tone(seconds=1.0, rate=44_100, pitch=1000.0, height=3000):
    wave = height * np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate)
    return np.repeat(np.round(wave).astype(np.int16)[:, None], 2, axis=1)


def test_decode_inverts_encode():
    samples, rate = waveform.decode(waveform.encode(tone(), 44_100))
    assert rate == 44_100
    assert np.array_equal(samples, tone())


def test_long_sounds_are_encoded_whole():
    frames = np.arange(1_300_000)
    samples = np.stack([frames % 30_000, frames // 30_000], axis=1).astype(np.int16)
    assert np.array_equal(waveform.decode(waveform.encode(samples, 44_100))[0], samples)


def test_measure_tells_length_peak_and_silence():
    half_silent = np.concatenate([tone(1.0, height=32_767), np.zeros((44_100, 2), np.int16)])
    sound = waveform.measure(waveform.encode(half_silent, 44_100))
    assert sound.seconds == 2
    assert sound.peak == pytest.approx(0, abs=0.01)
    assert sound.silence == pytest.approx(0.5, abs=0.05)


def test_nothing_is_all_silence():
    assert waveform.measure(waveform.encode(np.zeros((0, 2), np.int16), 44_100)) == waveform.Sound(0.0, -np.inf, 1.0)


def test_level_reaches_the_peak():
    loud = waveform.amplify(tone(), waveform.gain(waveform.peak_level(tone())))
    assert 20 * np.log10(waveform.peak_level(loud)) == pytest.approx(waveform.PEAK, abs=0.01)
    half = waveform.amplify(tone(), waveform.gain(waveform.peak_level(tone()), 0.5))
    assert 2 * waveform.peak_level(half) == pytest.approx(waveform.peak_level(loud), abs=0.001)


def test_fade_ends_in_silence_and_leaves_the_rest():
    faded = waveform.fade_out(tone(), 4410)
    assert np.array_equal(faded[:-4410], tone()[:-4410])
    assert np.abs(faded[-10:]).max() <= 1


def test_last_audible_passes_over_silence_at_the_end():
    samples = np.concatenate([tone(), np.zeros((9999, 2), np.int16)])
    assert waveform.last_audible(samples, 1.0) == pytest.approx(len(tone()), abs=99)
    assert waveform.last_audible(samples[len(tone()) :], 1.0) == 0


def test_what_is_audible_depends_on_the_peak_of_the_whole_sound():
    faint = (tone() * 0.001).astype(np.int16)
    assert waveform.last_audible(faint, 1.0) == 0
    assert waveform.last_audible(faint, 0.001) > len(faint) - 99


@pytest.mark.parametrize("pitch", [440.0, 10_000.0, 18_000.0])
def test_resampling_keeps_pitch_and_level(pitch):
    resampled = waveform.resample(tone(rate=48_000, pitch=pitch), 48_000, 44_100)
    error = resampled[500:-500].astype(float) - tone(pitch=pitch)[500:-500]
    assert len(resampled) == 44_100
    assert np.abs(error).max() < 0.005 * 3000
