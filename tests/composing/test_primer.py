import numpy as np
import pytest

from core.composing.primer import PrimerError, read_primer
from core.encoding import ENCODINGS
from core.notes import Metre, Piece, as_notes

MUSIC = Piece(
    as_notes([(0, 1, 60, 80, 0), (0, 1, 64, 80, 0), (1.5, 1, 62, 80, 0), (4, 1, 67, 80, 0), (4, 2, 48, 80, 0)])
)


@pytest.fixture
def encoding(family):
    return ENCODINGS[family].learn([MUSIC])


def test_a_take_from_the_beginning_stands_at_zero_after_nothing_but_the_boundary(encoding):
    primer = read_primer(encoding, None)
    assert primer.events.tolist() == [[column.boundary for column in encoding.columns]]
    assert (primer.piece, primer.last_onset, primer.chord, primer.start) == (None, 0, (), 0)
    assert len(primer.onsets) == 0


def test_music_without_notes_is_refused_in_words(encoding):
    with pytest.raises(PrimerError, match="no notes"):
        read_primer(encoding, Piece(as_notes([])))


def test_the_events_of_a_primer_follow_the_boundary(encoding):
    primer = read_primer(encoding, MUSIC)
    assert primer.piece is MUSIC
    assert primer.events[0].tolist() == [column.boundary for column in encoding.columns]
    assert (primer.events[1:] == encoding.encode(MUSIC)).all()
    assert primer.events.dtype == primer.onsets.dtype == np.int64


def test_every_event_has_its_onset(encoding):
    onsets = read_primer(encoding, MUSIC).onsets.tolist()
    assert onsets == ([0, 0, 36, 96, 96] if encoding.family == "joint" else [0, 36, 96])


def test_the_chord_is_what_begins_last(encoding):
    primer = read_primer(encoding, MUSIC)
    assert (primer.chord, primer.last_onset) == ((48, 67), 96)


def test_the_new_music_begins_on_the_next_bar_line(encoding):
    assert read_primer(encoding, MUSIC).start == 8 * 24
    changing = Piece(MUSIC.notes, metres=(Metre(0.0, 4, 4), Metre(4.0, 3, 8)))
    assert read_primer(encoding, changing).start == 5.5 * 24


def test_notes_that_begin_within_one_tick_begin_together(encoding):
    primer = read_primer(encoding, Piece(as_notes([(1.0, 1, 64, 80, 0), (1.005, 1, 60, 80, 0)])))
    assert (primer.chord, primer.last_onset) == ((60, 64), 24)


def test_a_note_that_begins_last_and_alone_is_a_chord_of_one(encoding):
    assert read_primer(encoding, Piece(as_notes([(0, 9, 60, 80, 0), (1, 1, 64, 80, 0)]))).chord == (64,)
    assert read_primer(encoding, Piece(as_notes([(0, 9, 60, 80, 0)]))).chord == (60,)
