"""From a file that was played to one that is heard, a block at a time."""

import io
import tracemalloc

import numpy as np
import pytest
import soundfile

from core.audio import finishing, waveform
from core.audio.finishing import TAIL, cut, finish, look_at

RATE = 44_100


def played(folder, samples, rate=RATE):
    file = folder / "played.wav"
    file.write_bytes(waveform.encode(samples, rate))
    return look_at(file)


def noise(seconds, loudness=9000):
    return np.random.default_rng(0).integers(-loudness, loudness, (int(seconds * RATE), 2)).astype(np.int16)


def silence(seconds):
    return np.zeros((int(seconds * RATE), 2), np.int16)


def samples_of(sound):
    return soundfile.read(io.BytesIO(sound), dtype="int16")[0]


@pytest.mark.parametrize(("ring", "tail"), [(0.0, 0.3), (1.5, 1.5), (10.0, TAIL)])
def test_a_sound_ends_when_it_has_died_away(ring, tail, tmp_path):
    sound = finish(played(tmp_path, np.concatenate([noise(1 + ring), silence(20 - ring)])), 1.0, "WAV")
    assert waveform.measure(sound).seconds == pytest.approx(1 + tail, abs=0.001)


@pytest.mark.parametrize("container", ["WAV", "FLAC"])
def test_block_by_block_it_is_as_if_all_were_done_at_once(container, tmp_path, monkeypatch):
    monkeypatch.setattr(finishing, "_BLOCK", 10_007)
    whole = noise(5)
    level = waveform.amplify(whole, waveform.gain(waveform.peak_level(whole)))
    found = samples_of(finish(played(tmp_path, whole), 4.5, container))
    assert np.array_equal(found, waveform.fade_out(level, len(whole) - int(4.5 * RATE)))
    beginning = samples_of(cut(played(tmp_path, whole), 2.0, 0.5, container))
    assert np.array_equal(
        beginning, waveform.amplify(whole, waveform.gain(waveform.peak_level(whole), 0.5))[: 2 * RATE]
    )


def test_a_sound_that_is_shorter_than_the_music_is_none(tmp_path):
    with pytest.raises(ValueError, match="s long, but the music"):
        finish(played(tmp_path, noise(1)), 2.0, "WAV")


def test_a_silent_sound_is_none(tmp_path):
    with pytest.raises(ValueError, match="silent"):
        played(tmp_path, noise(1, loudness=4))


def test_a_sound_at_another_rate_is_brought_to_ours(tmp_path):
    sound = played(tmp_path, noise(1), 48_000)
    assert sound.frames == pytest.approx(RATE * RATE / 48_000, abs=2)
    assert soundfile.info(sound.file).samplerate == RATE


def test_a_long_sound_is_never_held_as_samples(tmp_path):
    frames = 60 * RATE
    tone = (9000 * np.sin(np.arange(frames) / 20)).astype(np.int16)
    sound = played(tmp_path, np.stack([tone, tone], axis=1))
    tracemalloc.start()
    flac = finish(sound, 59.0, "FLAC")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most - len(flac) < tone.nbytes
