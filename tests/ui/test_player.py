import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import audio


def page():
    from core.notes import Piece, as_notes
    from core.ui.player import player

    piece = Piece(as_notes([(0.0, 1.0, 60, 80, 0)]), title="A take")
    player(piece, "one", file_stem="My: take/1")
    player(piece, "two", colour_by="velocity", axis="seconds", new_from=0.0)


@pytest.fixture
def opened():
    st.cache_data.clear()
    return AppTest.from_function(page, default_timeout=30)


def test_players_stand_side_by_side(opened, monkeypatch):
    monkeypatch.setattr(audio, "render", lambda written: b"RIFF")
    opened.run()
    assert not opened.exception
    assert len(opened.get("download_button")) == 4


def test_empty_piece_offers_nothing():
    def empty():
        from core.notes import Piece, as_notes
        from core.ui.player import player

        player(Piece(as_notes([])), "empty")

    opened = AppTest.from_function(empty, default_timeout=30).run()
    assert not opened.exception
    assert not opened.info and not opened.get("download_button")


def test_without_sound_there_is_still_the_midi_file(opened, monkeypatch):
    def fail(written):
        raise audio.AudioError("No soundfont.")

    monkeypatch.setattr(audio, "render", fail)
    opened.run()
    assert not opened.exception
    assert opened.info[0].value.startswith("No soundfont.")
    assert len(opened.get("download_button")) == 2
