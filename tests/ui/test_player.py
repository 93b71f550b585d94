from collections import Counter
from concurrent.futures import wait
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.audio import rendering
from core.audio.compression import write_flac
from core.audio.renderings import Rendering
from core.audio.synth import RATE
from core.audio.waveform import encode
from core.notes import Metre, Piece, Tempo, Track, as_notes, content_hash
from core.ui import player
from core.ui.server import renderings
from core.ui.sound import LAST_MOMENT, MOMENT, start_sound


def page():
    from core.notes import Piece, as_notes
    from core.ui.player import player

    piece = Piece(as_notes([(0.0, 1.0, 60, 80, 0)]), title="A take")
    player(piece, "one", file_stem="My: take/1")
    player(piece, "two", colour_by="velocity", axis="seconds", new_from=0.0)


@pytest.fixture
def opened(monkeypatch):
    st.cache_data.clear()
    st.cache_resource.clear()
    yield AppTest.from_function(page, default_timeout=30)
    renderings().close()
    st.cache_resource.clear()


def made(opened):
    """Run the page, wait until the sound of its piece is made or refused, and run it again."""
    opened.run()
    piece = Piece(as_notes([(0.0, 1.0, 60, 80, 0)]), title="A take")
    wait([renderings().start(piece).whole], timeout=30)
    return opened.run()


def test_players_stand_side_by_side(opened):
    made(opened)
    assert not opened.exception
    assert [each.label for each in opened.get("download_button")] == ["MIDI", "WAV", "MP3", "MusicXML", "SVG"] * 2
    assert len(opened.get("audio")) == 2


def test_the_midi_file_keeps_its_address_when_the_page_runs_again(opened):
    first, again = (
        [each.proto.url for each in made(opened).get("download_button") if each.label == "MIDI"] for _ in range(2)
    )
    assert first == again
    assert all(first)


def test_empty_piece_offers_nothing():
    def empty():
        from core.notes import Piece, as_notes
        from core.ui.player import player

        player(Piece(as_notes([])), "empty")

    opened = AppTest.from_function(empty, default_timeout=30).run()
    assert not opened.exception
    assert not opened.info and not opened.get("download_button")


def test_without_sound_there_is_still_the_midi_file(opened, monkeypatch):
    monkeypatch.setenv("ENCORE_SOUNDFONT", "no/such/font.sf2")
    made(opened)
    assert not opened.exception
    assert "font.sf2" in opened.info[0].value
    assert not opened.get("audio")
    assert [each.label for each in opened.get("download_button")] == ["MIDI", "MusicXML", "SVG"] * 2


def test_a_piece_is_drawn_and_rendered_once(opened, monkeypatch):
    counts = Counter()

    def counting(name, whole):
        def counted(*arguments):
            counts[name] += 1
            return whole(*arguments)

        return counted

    monkeypatch.setattr(rendering, "look_at", counting("play", rendering.look_at))
    monkeypatch.setattr(player, "draw_piano_roll", counting("draw", player.draw_piano_roll))
    made(opened)
    once = dict(counts)
    assert once == {"play": 1, "draw": 2}  # one piece, drawn by bars and by seconds
    opened.run()
    assert counts == once


def test_the_rest_of_a_page_does_not_wait_for_the_sound(opened, monkeypatch):
    def page():
        import streamlit as st

        from core.notes import Piece, as_notes
        from core.ui.player import player

        wait_for_sound = player(Piece(as_notes([(0.0, 1.0, 60, 80, 0)])), "one", waits=False)
        st.session_state["rest"].set()
        wait_for_sound()

    def asking(piece, seconds=MOMENT):
        patience.append(seconds)
        return start_sound(piece, seconds)

    patience, rest = [], Event()
    sound = Rendering(write_flac(encode(np.zeros((RATE, 2), np.int16), RATE)), "audio/flac", 1.0)
    monkeypatch.setattr(renderings(), "_make", lambda piece: sound if rest.wait(10) else None)
    monkeypatch.setattr(player, "start_sound", asking)
    opened = AppTest.from_function(page, default_timeout=30)
    opened.session_state["rest"] = rest
    assert len(opened.run().get("audio")) == 1
    assert patience == [0.0, LAST_MOMENT]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "B"},
        {"tracks": (Track("hands", 0),)},
        {"tempos": (Tempo(0.0, 60.0),)},
        {"metres": (Metre(0.0, 3, 4),)},
    ],
)
def test_pieces_that_differ_in_anything_shown_are_kept_apart(other):
    piece = Piece(as_notes([(0.0, 1.0, 60, 80, 0)]), title="A")
    assert content_hash(piece) != content_hash(replace(piece, **other))
    assert content_hash(piece) == content_hash(replace(piece))


def test_a_note_and_a_drum_hit_are_not_the_same_content():
    hit, nothing = as_notes([(0.0, 1.0, 60, 80, 0)]), as_notes([])
    assert content_hash(Piece(hit)) != content_hash(Piece(nothing, drums=hit))
