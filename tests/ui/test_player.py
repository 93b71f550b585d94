from collections import Counter
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import audio, midi
from core.notes import Metre, Piece, Tempo, Track, as_notes, content_hash
from core.ui import player


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


def test_a_piece_is_written_drawn_and_rendered_once(opened, monkeypatch):
    counts = Counter()

    def counting(name, whole):
        def counted(*arguments):
            counts[name] += 1
            return whole(*arguments)

        return counted

    st.cache_resource.clear()
    monkeypatch.setattr(audio, "render", counting("render", lambda piece: b"RIFF"))
    monkeypatch.setattr(midi, "write", counting("write", midi.write))
    monkeypatch.setattr(player, "draw_piano_roll", counting("draw", player.draw_piano_roll))
    opened.run()
    once = dict(counts)
    assert once == {"render": 1, "write": 1, "draw": 2}  # one piece, drawn by bars and by seconds
    opened.run()
    assert counts == once


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
