import numpy as np
import pytest

from core.figures.pianoroll import draw_empty_roll, draw_piano_roll
from core.notes import Metre, Piece, Track, as_notes

NOTES = as_notes([(0.0, 1.0, 60, 40, 0), (4.0, 2.0, 61, 80, 1), (6.0, 0.5, 67, 120, 1)])
PIECE = Piece(NOTES, tracks=(Track("Right hand", 0), Track("", 40)))


@pytest.mark.parametrize("colour_by", ["track", "velocity"])
def test_every_note_is_one_bar(colour_by):
    roll = draw_piano_roll(PIECE, colour_by)
    assert [len(trace.y) for trace in roll.data if trace.type == "bar"] == [1, 2]


def test_louder_notes_have_another_colour_which_the_browser_is_given_as_such():
    soft, loud = draw_piano_roll(PIECE, "velocity").data[1].marker.color
    assert soft.startswith("rgb")
    assert soft != loud


def test_axis_in_bars_starts_at_bar_one():
    roll = draw_piano_roll(PIECE)
    assert roll.data[0].base.tolist() == [1.0]
    assert roll.data[1].base.tolist() == [2.0, 2.5]
    assert roll.layout.xaxis.range[0] == 1


def test_axis_in_seconds_is_playing_time():
    assert draw_piano_roll(PIECE, axis="seconds").data[1].base.tolist() == [2.0, 3.0]


def test_pointer_tells_name_instrument_place_and_loudness():
    first, second = draw_piano_roll(PIECE).data
    assert first.customdata[0].tolist() == ["C4", "bar 1, beat 1", "1 quarter long, loudness 40 of 127"]
    assert second.customdata[1].tolist() == ["G4", "bar 2, beat 3", "0.5 quarters long, loudness 120 of 127"]
    assert (first.meta, second.meta) == ("Right hand, acoustic grand piano", "Violin")


def test_octaves_are_labelled_and_all_notes_lie_inside():
    axis = draw_piano_roll(PIECE).layout.yaxis
    assert "C4" in axis.ticktext
    assert axis.range[0] < 60 and axis.range[1] > 67


def test_repeated_notes_do_not_touch():
    repeated = Piece(as_notes([(float(onset), 1.0, 60, 80, 0) for onset in range(4)]))
    (trace,) = draw_piano_roll(repeated).data
    assert np.all(trace.base[1:] > (trace.base + trace.x)[:-1])


def test_mark_is_a_line_where_the_music_is_new():
    assert draw_piano_roll(PIECE, new_from=4.0).layout.shapes[-1].x0 == 2.0
    assert len(draw_piano_roll(PIECE).layout.shapes) == 1


def test_markup_in_the_name_of_a_track_is_taken_out():
    (trace,) = draw_piano_roll(Piece(NOTES[:1], tracks=(Track("<b>%{x}</b>"),))).data
    assert not set(trace.name + trace.meta) & set("<>{}")


def test_an_empty_roll_has_the_bars_and_the_range_of_the_music_to_come():
    roll = draw_empty_roll(16, Metre(0.0, 3, 4), 48, 72)
    assert list(roll.layout.xaxis.range) == [1, 17]
    low, high = roll.layout.yaxis.range
    assert low < 48 and high > 72
    assert not roll.data[0].x


@pytest.mark.parametrize(("drums", "sentence"), [(NOTES[:0], "no notes"), (NOTES, "only drums")])
def test_without_notes_a_sentence_is_shown(drums, sentence):
    roll = draw_piano_roll(Piece(NOTES[:0], drums=drums))
    assert not roll.data
    assert sentence in roll.layout.annotations[0].text
