import numpy as np
import pytest
from music21 import note

from core.corpus import description
from core.corpus.description import Part, describe, key_of
from core.midi import Reading, read
from core.notes import Metre, Piece, Tempo, Track, as_notes
from tests.conftest import DATA

MIDI = DATA / "midi"
MAJOR = (0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0)


def scale(first):
    return Piece(as_notes([(i, 1, first + step, 80, 0) for i, step in enumerate(MAJOR)]))


@pytest.mark.parametrize(("first", "key"), [(60, "C major"), (67, "G major"), (61, "D♭ major"), (66, "F♯ major")])
def test_a_scale_has_its_key(first, key):
    assert key_of(scale(first)) == key


def test_a_key_moves_with_the_music():
    assert len({key_of(scale(first)) for first in range(48, 60)}) == 12


def test_a_piece_without_notes_has_no_key():
    assert key_of(Piece(as_notes([]))) == ""


def test_a_description_says_what_is_there():
    piece = Piece(
        as_notes([(0, 1, 60, 80, 0), (1, 1, 62, 80, 0), (2, 1, 50, 80, 1)]),
        tracks=(Track("Melodie", 40), Track("Cello", 42)),
        tempos=(Tempo(0, 60),),
        metres=(Metre(0, 3, 4),),
        title="Lied",
        drums=as_notes([(0, 1, 36, 90, 0)]),
    )
    found = describe(Reading("lied.mid", piece, ("Cut.",), ("Short.",)))
    assert found.parts == (Part("Melodie", "Violin", 2), Part("Cello", "Cello", 1))
    assert (found.name, found.title, found.seconds, found.bars, found.metre) == ("lied.mid", "Lied", 3, 1, "3/4")
    assert (found.qpm, found.notes, found.drum_hits, found.performed) == (60, 3, 1, False)
    assert found.remarks == ("Cut.", "Short.")


def test_notes_off_the_beat_were_performed():
    onsets = np.random.default_rng(0).uniform(0, 50, 200)
    piece = Piece(as_notes([(onset, 0.5, 60, 80, 0) for onset in onsets]))
    assert describe(Reading("live.mid", piece)).performed


@pytest.mark.skipif(not MIDI.exists(), reason="ENCORE_DATA names no folder of music")
@pytest.mark.parametrize(("style", "performed"), [("piano-performance", True), ("jsb", False), ("ragtime", False)])
def test_performances_are_told_from_written_music(style, performed):
    paths = sorted((MIDI / style).glob("*.mid"))[:10]
    assert paths
    for path in paths:
        assert describe(read(path.read_bytes(), path.name)).performed == performed, path.name


def test_the_key_of_a_long_piece_is_found_from_twelve_notes(monkeypatch):
    rows = [(at / 4, 0.25, 24 + at * 5 % 80, 80, 0) for at in range(5000)]
    heard = []
    monkeypatch.setattr(description, "Note", lambda *tone, **more: heard.append(tone) or note.Note(*tone, **more))
    assert key_of(Piece(as_notes(rows)))
    assert len(heard) == 12


def test_a_key_is_told_by_how_long_its_notes_sound():
    rows = [
        (0, 8, 57, 80, 0),
        (8, 4, 60, 80, 0),
        (12, 6, 64, 80, 0),
        *((20 + tone, 0.1, 60 + tone, 80, 0) for tone in MAJOR),
    ]
    assert key_of(Piece(as_notes(rows))) == "A minor"
    assert key_of(Piece(as_notes([(0, 4, 66, 80, 0), (0, 4, 69, 80, 0), (0, 4, 73, 80, 0)]))) == "F♯ minor"
    assert key_of(Piece(as_notes([(0, 4, 58, 80, 0), (0, 3, 62, 80, 0), (0, 4, 65, 80, 0)]))) == "B♭ major"


def test_a_track_without_notes_is_told_too():
    piece = Piece(as_notes([(0, 1, 60, 80, 0)]), tracks=(Track("", 0), Track("Flute", 73)))
    assert describe(Reading("lied.mid", piece)).parts == (
        Part("", "Acoustic grand piano", 1),
        Part("Flute", "Flute", 0),
    )
