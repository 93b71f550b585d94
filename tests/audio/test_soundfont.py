import pytest

from core.audio import soundfont
from core.audio.soundfont import SoundfontError


def test_own_soundfont_comes_first(tmp_path, monkeypatch):
    own = tmp_path / "own.sf2"
    own.write_bytes(b"RIFF----sfbk")
    monkeypatch.setenv(soundfont.VARIABLE, str(own))
    assert soundfont.locate() == own.resolve()


def test_missing_own_soundfont_is_named(monkeypatch):
    monkeypatch.setenv(soundfont.VARIABLE, "nowhere.sf2")
    with pytest.raises(SoundfontError, match=r"nowhere\.sf2"):
        soundfont.locate()


def test_file_that_is_no_soundfont_is_refused(tmp_path, monkeypatch):
    other = tmp_path / "song.wav"
    other.write_bytes(b"RIFF----WAVE")
    monkeypatch.setenv(soundfont.VARIABLE, str(other))
    with pytest.raises(SoundfontError, match="not a soundfont"):
        soundfont.locate()


def test_shipped_soundfont_serves_where_nothing_is_installed(monkeypatch):
    monkeypatch.delenv(soundfont.VARIABLE, raising=False)
    monkeypatch.setattr(soundfont, "_FLUID_FOLDERS", ())
    assert soundfont.locate() == soundfont.SHIPPED.resolve()
