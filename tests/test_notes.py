import numpy as np
import pytest

from core.notes import (
    FREE_QPM,
    GRID_TICKS,
    Metre,
    Piece,
    Tempo,
    Track,
    as_notes,
    at_constant_speed,
    clip,
    is_performed,
    keep_tracks,
    lies_on_grid,
    on_clock,
    pitch_name,
    seconds_at,
    transpose,
    with_own_track,
)


def test_notes_stand_by_onset_then_pitch():
    notes = as_notes([(1, 1, 60, 80, 0), (0, 1, 67, 80, 0), (0, 1, 64, 80, 0)])
    assert notes["pitch"].tolist() == [64, 67, 60]


def test_notes_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        as_notes([(0, 1, 60, 80, 0)])["pitch"] = 1


def test_seconds_follow_the_tempo_map():
    piece = Piece(as_notes([(0, 6, 60, 80, 0)]), tempos=(Tempo(0, 120), Tempo(2, 60)))
    assert seconds_at(piece, [0, 2, 4]).tolist() == [0, 1, 3]
    assert piece.seconds == 5


def test_qpm_and_metre_are_those_that_hold_longest():
    piece = Piece(
        as_notes([(0, 10, 60, 80, 0)]),
        tempos=(Tempo(0, 120), Tempo(1, 90), Tempo(8, 60)),
        metres=(Metre(0, 4, 4), Metre(2, 3, 4)),
    )
    assert piece.qpm == 90
    assert (piece.metre.numerator, piece.metre.bar) == (3, 3.0)


def test_transpose_there_and_back_is_the_same(tunes):
    assert (transpose(transpose(tunes[0], 5), -5).notes == tunes[0].notes).all()


def test_transpose_stays_on_the_keyboard():
    piece = Piece(as_notes([(0, 1, 126, 80, 0), (0, 1, 1, 80, 0)]))
    assert transpose(piece, 6).notes["pitch"].tolist() == [7, 120]
    assert transpose(piece, -6).notes["pitch"].tolist() == [7, 120]


def test_clip_moves_the_start_to_zero_and_cuts_at_the_end(tunes):
    part = clip(tunes[0], 4, 8)
    assert part.notes["onset"].min() == 0
    assert part.end == 4


def test_keep_tracks_keeps_only_these(tunes):
    assert set(keep_tracks(tunes[0], [1]).notes["track"]) == {1}


def test_notes_from_an_onset_on_get_a_track_of_their_own():
    rows = [(0, 2, 60, 80, 0), (1, 1, 50, 80, 1), (2, 1, 62, 80, 1), (3, 1, 64, 80, 2)]
    piece = Piece(as_notes(rows), tracks=(Track("a", 1), Track("b", 2), Track("c", 3)))
    apart = with_own_track(piece, 2.0, Track("new", 40))
    assert apart.notes["track"].tolist() == [0, 1, 2, 2]
    assert apart.tracks == (Track("a", 1), Track("b", 2), Track("new", 40))


def test_written_music_lies_on_the_grid_and_played_music_does_not(tunes):
    rng = np.random.default_rng(0)
    played = as_notes([(onset, 0.3, 60, 80, 0) for onset in np.sort(rng.uniform(0, 50, 200))])
    assert lies_on_grid(tunes[0].notes)
    assert not lies_on_grid(played)


def test_pitches_have_names():
    assert [pitch_name(pitch) for pitch in (0, 60, 61, 127)] == ["C-1", "C4", "C♯4", "G9"]


def test_music_at_a_constant_speed_sounds_the_same_second_for_second():
    rows = [(beat * 1.1, 0.5, 60, 80, 0) for beat in range(20)]
    piece = Piece(as_notes(rows), tempos=(Tempo(0.0, 90.0), Tempo(7.0, 150.0)), drums=as_notes(rows[:3]))
    moved = at_constant_speed(piece, 250.0)
    for name in ("notes", "drums"):
        before, after = getattr(piece, name), getattr(moved, name)
        assert seconds_at(moved, after["onset"]) == pytest.approx(seconds_at(piece, before["onset"]))
        ends = [
            seconds_at(each, notes["onset"] + notes["duration"]) for each, notes in ((moved, after), (piece, before))
        ]
        assert ends[0] == pytest.approx(ends[1])
    assert (moved.tempos, moved.metres) == ((Tempo(0.0, 250.0),), (Metre(0.0, 4, 4),))


def test_whole_ticks_of_the_clock_are_performed_at_the_speed_that_they_are_written_at():
    notes = as_notes([(hundredths / 50, 0.3, 60, 80, 0) for hundredths in range(0, 900, 7)])
    written = Piece(notes, tempos=(Tempo(0.0, FREE_QPM),))
    assert is_performed(written)
    ticks = on_clock(written).notes["onset"] * GRID_TICKS
    assert ticks == pytest.approx(np.round(ticks))
