import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest

from core import audio
from core.audio import AudioError, rendering, soundfont, synth, waveform
from core.notes import Piece, Tempo, as_notes

needs_fluidsynth = pytest.mark.skipif(not shutil.which("fluidsynth"), reason="there is no fluidsynth program")
ENGINES = [pytest.param("fluidsynth", marks=needs_fluidsynth), "midirenderer"]


@pytest.fixture(autouse=True)
def shipped_soundfont(monkeypatch):
    monkeypatch.setenv(soundfont.VARIABLE, str(soundfont.SHIPPED))


def scale(count=8, qpm=120.0):
    rows = [(float(onset), 1.0, 60 + onset % 12, 80, 0) for onset in range(count)]
    return Piece(as_notes(rows), tempos=(Tempo(0.0, qpm),))


def only(monkeypatch, *programs):
    monkeypatch.setattr(rendering, "_programs", lambda: list(programs))


def stand_in(folder, monkeypatch, line):
    """Put a program of one line in the place of fluidsynth."""
    program = folder / "fluidsynth"
    program.write_text(f"#!{sys.executable}\n{line}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.slow
@pytest.mark.parametrize("program", ENGINES)
def test_sound_is_as_long_as_the_music_and_its_tail(program, monkeypatch):
    only(monkeypatch, program)
    sound = audio.measure(audio.render(scale()))
    assert 4.0 < sound.seconds <= 4.0 + audio.TAIL
    assert -3 < sound.peak < 0
    assert sound.silence < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("program", ENGINES)
def test_sound_begins_with_the_music_and_dies_away(program, monkeypatch):
    only(monkeypatch, program)
    samples, rate = waveform.decode(audio.render(scale()))
    assert rate == 44_100
    assert np.abs(samples[: rate // 10]).max() > 1000
    assert np.abs(samples[-20:]).max() < 20


@pytest.mark.slow
@needs_fluidsynth
def test_programs_agree_on_when_notes_sound(monkeypatch):
    def envelope(program):
        only(monkeypatch, program)
        samples, _ = waveform.decode(audio.render(scale(qpm=60.0)))
        return np.abs(samples[: 8 * 44_100, 0].astype(float)).reshape(-1, 4410).mean(axis=1)

    assert np.corrcoef(envelope("fluidsynth"), envelope("midirenderer"))[0, 1] > 0.8


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
@pytest.mark.parametrize("line", ["raise SystemExit(1)", "pass", "import time; time.sleep(60)"])
def test_failing_silent_or_hanging_fluidsynth_is_replaced(line, tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, line)
    monkeypatch.setattr(synth, "TIME_LIMIT", 2.0)
    assert audio.measure(audio.render(scale())).seconds > 4


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
def test_time_limit_ends_the_program_too(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, f"import time; time.sleep(2); open({str(tmp_path / 'late')!r}, 'w')")
    monkeypatch.setattr(synth, "TIME_LIMIT", 0.5)
    with pytest.raises(subprocess.SubprocessError):
        synth.run("fluidsynth", soundfont.SHIPPED, tmp_path / "in.mid", tmp_path / "out.wav")
    time.sleep(2)
    assert not (tmp_path / "late").exists()


def test_missing_soundfont_is_an_audio_error(monkeypatch):
    monkeypatch.setenv(soundfont.VARIABLE, "nowhere.sf2")
    with pytest.raises(AudioError, match=r"nowhere\.sf2"):
        audio.render(scale())


@pytest.mark.slow
def test_broken_soundfont_is_an_audio_error(tmp_path, monkeypatch):
    only(monkeypatch, "midirenderer")
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF----sfbk")
    monkeypatch.setenv(soundfont.VARIABLE, str(broken))
    with pytest.raises(AudioError, match=r"broken\.sf2"):
        audio.render(scale())


def test_empty_music_is_an_audio_error():
    with pytest.raises(AudioError, match="no notes"):
        audio.render(Piece(as_notes([])))


def test_a_piece_with_drums_alone_sounds():
    hits = as_notes([(0.0, 1.0, 38, 100, 0), (3.0, 1.0, 38, 100, 0)])
    assert audio.measure(audio.render(Piece(as_notes([]), drums=hits))).seconds > 2


def test_a_note_that_is_struck_again_ends_there_in_the_sound_too():
    rows = [(0.0, 200.0, 60, 80, 0), (4.0, 1.0, 60, 80, 0)]
    assert audio.measure(audio.render(Piece(as_notes(rows)))).seconds < 10


def test_too_long_music_is_an_audio_error():
    with pytest.raises(AudioError, match=r"20 minutes.*at most 15"):
        audio.render(scale(count=400, qpm=20.0))


def test_engine_names_program_and_soundfont(monkeypatch):
    only(monkeypatch, "midirenderer")
    assert audio.engine() == audio.Engine("midirenderer", soundfont.SHIPPED.resolve())
