from dataclasses import replace

import numpy as np
import pytest

from core.encoding import JointEncoding
from core.encoding.joint import DURATION, GAP, PITCH, POSITION, bar_ticks
from core.encoding.time_grid import FREE_POSITION, SPANS
from core.notes import Metre, Piece, Tempo, as_notes

ENCODING = JointEncoding()


def piece(*rows, **more):
    return Piece(as_notes([(*row, 0) for row in rows]), **more)


def steps(count, metres):
    """A note every eighth."""
    return piece(*((at / 2, 0.5, 60, 80) for at in range(count)), metres=metres)


def test_an_event_is_gap_place_pitch_length_and_loudness_and_chords_rise():
    events = ENCODING.encode(piece((0.5, 1, 64, 80), (0.5, 2, 60, 7), (2, 0.25, 62, 127)))
    assert events.tolist() == [[12, 6, 60, 48, 0], [0, 6, 64, 24, 10], [36, 24, 62, 6, 15]]
    assert events.dtype == np.int32


def test_notes_that_fall_into_one_tick_are_a_chord_from_the_lowest():
    assert ENCODING.encode(piece((1.0, 1, 64, 80), (1.005, 1, 60, 80)))[:, PITCH].tolist() == [60, 64]


def test_no_note_is_shorter_than_a_tick():
    notes = ENCODING.decode(ENCODING.encode(piece((0, 0.001, 60, 80), (1, 0, 60, 80), (2, 2 / 24, 60, 80))))
    assert (notes["duration"] * 24).round(6).tolist() == [1, 1, 2]


def test_a_loudness_is_the_middle_of_its_eighth():
    notes = ENCODING.decode(ENCODING.encode(piece((0, 1, 60, 1), (1, 1, 60, 8), (2, 1, 60, 127))))
    assert notes["velocity"].tolist() == [4, 12, 124]


def test_what_follows_an_onset_counts_from_there():
    events = ENCODING.encode(piece((0.5, 1, 60, 80), (2, 1, 62, 80)))
    assert ENCODING.decode(events, onset=36)["onset"].tolist() == [2, 3.5]
    assert ENCODING.decode(events)["track"].tolist() == [0, 0]


def test_an_upbeat_stands_at_the_end_of_its_bar():
    places = ENCODING.encode(steps(6, (Metre(0.0, 1, 4), Metre(1.0, 4, 4))))[:, POSITION]
    assert places.tolist() == [36, 42, 0, 6, 12, 18]


def test_places_count_from_the_change_of_metre():
    places = ENCODING.encode(steps(12, (Metre(0.0, 3, 4), Metre(4.0, 2, 4))))[:, POSITION]
    assert places.tolist() == [0, 6, 12, 18, 24, 30, 0, 6, 0, 6, 12, 18]


def test_music_that_keeps_to_no_beat_has_no_place_in_the_bar():
    free = piece(*((at * 0.513 + 0.02, 0.5, 60, 80) for at in range(40)))
    assert set(ENCODING.encode(free)[:, POSITION]) == {FREE_POSITION}


def test_gaps_and_durations_of_a_performance_are_hundredths_of_a_second_at_any_speed():
    rows = [(at * 0.513 + 0.02, 0.5, 60, 80) for at in range(40)]
    events = ENCODING.encode(replace(piece(*rows), tempos=(Tempo(0.0, 120.0),)))
    assert set(SPANS[events[1:, GAP]].tolist()) == {25, 26}
    assert set(SPANS[events[:, DURATION]].tolist()) == {25}
    twice = ENCODING.encode(replace(piece(*rows), tempos=(Tempo(0.0, 240.0),)))
    assert set(SPANS[twice[1:, GAP]].tolist()) == {12, 13}


def test_a_key_is_moved_no_further_than_the_keyboard_reaches():
    low, high = piece((0, 1, 3, 80), (1, 1, 60, 80)), piece((0, 1, 60, 80), (1, 1, 125, 80))
    for music, semitones, reached in ((low, -6, -3), (low, 6, 6), (high, 6, 2), (high, -6, -6)):
        inputs = ENCODING.inputs(music)
        moved = ENCODING.transposed(inputs, music, semitones)
        assert (moved[:, PITCH] - inputs[:, PITCH]).tolist() == [reached, reached]
        codes = slice(5, 5 + 128)
        assert (np.argwhere(moved[:, codes]) == np.argwhere(inputs[:, codes]) + np.array([0, reached])).all()
        assert ENCODING.inputs(music).tolist() == inputs.tolist()


@pytest.mark.parametrize(("metre", "ticks"), [((4, 4), 96), ((3, 8), 36), ((1, 64), 2), ((1, 256), 1)])
def test_a_bar_is_at_least_a_tick(metre, ticks):
    assert bar_ticks([Metre(0.0, *metre)]).tolist() == [ticks]


def test_inputs_fit_into_sixteen_bits_and_hold_a_code_for_every_pitch_and_the_classes_heard():
    inputs = ENCODING.inputs(steps(3, (Metre(0.0, 4, 4),)))
    assert (inputs.shape, inputs.dtype) == ((3, 5 + 128 + 24), np.int16)


def test_the_last_notes_are_held_and_no_note_that_was_about_to_end():
    music = piece((0.0, 4.0, 36, 80), (2.0, 1 + 1 / 24, 60, 80), (3.0, 0.5, 64, 80), (3.0, 1.0, 67, 80))
    held = ENCODING.held(ENCODING.encode(music), 48)
    assert ENCODING.decode(held)["duration"].tolist() == pytest.approx([5.0, 1 + 1 / 24, 2.0, 2.0])
    assert ENCODING.held(held, 24).tolist() == held.tolist()


def test_a_note_that_ends_at_the_last_onset_is_not_held():
    music = piece((0.0, 56 / 24, 48, 80), (56 / 24, 8 / 24, 60, 80), (64 / 24, 8 / 24, 64, 80))
    held = ENCODING.held(ENCODING.encode(music), 48)
    assert ENCODING.decode(held)["duration"].tolist() == pytest.approx([56 / 24, 8 / 24, 2.0])
