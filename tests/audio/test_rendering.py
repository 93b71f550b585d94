import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest

from core import audio
from core.audio import AudioError, rendering, soundfont, synth, waveform
from core.notes import Piece, Tempo, Track, as_notes

needs_fluidsynth = pytest.mark.skipif(not shutil.which("fluidsynth"), reason="there is no fluidsynth program")
ENGINES = [pytest.param("fluidsynth", marks=needs_fluidsynth), "midirenderer"]

WRITES_NONSENSE = "import sys; open(sys.argv[sys.argv.index('-F') + 1], 'wb').write(b'RIFF')"


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
@pytest.mark.parametrize("line", ["raise SystemExit(1)", "pass", "import time; time.sleep(60)", WRITES_NONSENSE])
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


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
def test_long_music_may_take_longer(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "import time; time.sleep(1)")
    monkeypatch.setattr(synth, "TIME_LIMIT", 0.1)
    synth.run("fluidsynth", soundfont.SHIPPED, tmp_path / "in.mid", tmp_path / "out.wav", seconds=100.0)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
def test_a_program_that_fails_is_an_error(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "raise SystemExit(1)")
    with pytest.raises(subprocess.SubprocessError):
        synth.run("fluidsynth", soundfont.SHIPPED, tmp_path / "in.mid", tmp_path / "out.wav")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
def test_fluidsynth_loads_what_plays_and_looks_for_no_sound_card(tmp_path, monkeypatch):
    told = tmp_path / "told"
    line = f"import os, sys; open({str(told)!r}, 'w').write(' '.join(sys.argv) + os.environ['SDL_AUDIODRIVER'])"
    stand_in(tmp_path, monkeypatch, line)
    synth.run("fluidsynth", soundfont.SHIPPED, tmp_path / "in.mid", tmp_path / "out.wav")
    assert "-o synth.dynamic-sample-loading=1 -z 1024 -ni" in told.read_text()
    assert told.read_text().endswith("-r 44100dummy")


@pytest.mark.skipif(os.name == "nt" or not shutil.which("nice"), reason="there is no nice program")
@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_not_needed_at_once_lets_others_go_first(at_once, tmp_path, monkeypatch):
    told = tmp_path / "told"
    stand_in(tmp_path, monkeypatch, f"import os; open({str(told)!r}, 'w').write(str(os.nice(0)))")
    synth.run("fluidsynth", soundfont.SHIPPED, tmp_path / "in.mid", tmp_path / "out.wav", at_once=at_once)
    assert (int(told.read_text()) == os.nice(0)) == at_once


@pytest.mark.slow
@needs_fluidsynth
def test_the_beginning_is_that_of_the_whole_about_as_loud():
    loud = [(32.0 + third, 0.5, 72 + third, 120, 0) for third in (0, 4, 7)]
    soft = [(float(onset), 1.0, 60 + onset % 12, 50, 0) for onset in range(64)]
    piece = Piece(as_notes(soft + loud))
    whole, rate = waveform.decode(audio.render(piece))
    beginning, _ = waveform.decode(rendering.render_beginning(piece, 4.0))
    assert len(beginning) == 4 * rate
    sure = 3 * rate  # what rings on over the cut is cut
    first, same = (each[:sure].astype(float).ravel() for each in (beginning, whole))
    assert np.corrcoef(first, same)[0, 1] > 0.999
    assert 0.5 < np.abs(first).mean() / np.abs(same).mean() < 2
    assert waveform.peak_level(beginning) < 0.5


def test_what_sounds_together_is_louder():
    one, two = (Piece(as_notes([(0.0, 1.0, 60 + note, 127, 0) for note in range(many)])) for many in (1, 2))
    assert rendering.loudest(one) == pytest.approx(1.0)
    assert rendering.loudest(two) == pytest.approx(2**0.5)
    assert rendering.loudest(scale()) == pytest.approx((80 / 127) ** 2)  # one after the other


@pytest.mark.slow
@needs_fluidsynth
def test_the_options_that_make_fluidsynth_fast_change_nothing_that_is_heard(monkeypatch):
    def samples():
        return waveform.decode(audio.render(scale()))[0].astype(float)

    fast = samples()
    monkeypatch.setattr(synth, "_FLUIDSYNTH_OPTIONS", ())
    assert np.sqrt(((fast - samples()) ** 2).mean()) < 1e-3 * np.abs(fast).mean()


@pytest.mark.slow
@pytest.mark.parametrize("program", ENGINES)
def test_each_track_sounds_with_its_own_instrument(program, monkeypatch):
    """A piano string dies away while a flute holds its note."""
    only(monkeypatch, program)
    rows = [(0.0, 8.0, 72, 80, 0), (8.0, 8.0, 72, 80, 1)]
    flute_last = Piece(as_notes(rows), tracks=(Track(program=0), Track(program=73)))
    samples, rate = waveform.decode(audio.render(flute_last))
    loudness = np.abs(samples[: 8 * rate].astype(float)).reshape(4, -1).mean(axis=1)  # two seconds each
    assert loudness[1] < 0.3 * loudness[0]
    assert loudness[3] > 0.7 * loudness[2]


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


def test_a_failure_does_not_hold_on_to_the_samples(monkeypatch):
    def fail(*arguments, **more):
        raise OSError("out of disk")

    monkeypatch.setattr(synth, "run", fail)
    with pytest.raises(AudioError) as failure:
        audio.render(scale())
    assert isinstance(failure.value.__cause__, OSError)
    assert failure.value.__cause__.__traceback__ is None


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
