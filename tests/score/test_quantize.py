from fractions import Fraction

import numpy as np
import pytest

from core.score.barring import written_bars
from core.score.quantize import Beat, normal, write_line
from tests.score.pieces import piece_of

THIRD, SIXTH = Fraction(1, 3), Fraction(1, 6)


def written(rows, **options):
    piece = piece_of(rows, **options)
    return write_line(piece.notes, np.arange(len(piece.notes)), written_bars(piece))


def at(*onsets):
    return [(onset, 0.1, 60 + place) for place, onset in enumerate(onsets)]


def onsets(*played, **options):
    return [chord.onset for chord in written(at(*played), **options).chords]


def ends(*rows):
    return [chord.end for chord in written([(*row, 60) for row in rows]).chords]


@pytest.mark.parametrize(
    ("played", "parts"),
    [
        ([0.0], 2),
        ([0.01, 0.49], 2),
        ([0.0, 0.24, 0.76], 4),
        ([0.0, 0.34, 0.65], 3),
        ([0.0, 1 / 6, 2 / 6, 3 / 6], 6),
        ([0.0, 0.2, 0.4, 0.6, 0.8], 5),
        ([place / 7 for place in range(7)], 7),
        ([place / 8 for place in range(8)], 8),
        ([place / 12 for place in range(12)], 12),
        ([place / 16 for place in range(16)], 16),
    ],
)
def test_each_beat_has_the_plainest_division_that_fits(played, parts):
    assert written(at(*played)).beats[0].parts == parts


def test_triplets_and_sixteenths_do_not_mix_in_a_beat():
    line = written(at(0.0, 1 / 3, 2 / 3, 1.0, 1.25, 1.75))
    assert [beat.parts for beat in line.beats[:2]] == [3, 4]
    assert [chord.onset for chord in line.chords[:3]] == [0, THIRD, 2 * THIRD]


def test_a_dotted_note_over_triplets_joins_them():
    assert written(at(0.0, 2 / 3, 0.75)).beats[0].parts == 6


def test_compound_metres_divide_their_own_beat():
    assert onsets(0.0, 0.51, 0.74, 1.02, metres=((0.0, 6, 8),)) == [0, Fraction(1, 2), Fraction(3, 4), 1]
    assert onsets(0.0, 0.17, 0.33, metres=((0.0, 6, 8),)) == [0, SIXTH, 2 * SIXTH]


def test_three_notes_over_two_beats_are_one_triplet():
    line = written(at(0.0, 2 / 3, 4 / 3, 2.0))
    assert line.beats[0] == Beat(Fraction(0), Fraction(2), 3)
    assert len(line.beats) == 3
    assert len(written(at(1.0, 5 / 3, 7 / 3, 3.0)).beats) == 4, "nothing hides the middle of the bar"


def test_onsets_near_a_bar_line_go_to_it():
    assert onsets(0.0, 3.97, 7.0) == [0, 4, 7]


def test_no_onset_lies_behind_the_last_bar():
    chords = written([(0.0, 1.0, 60), (3.95, 0.05, 61)]).chords
    assert [(chord.onset, chord.end) for chord in chords] == [(0, 1), (Fraction(7, 2), 4)]


def test_equal_onsets_are_one_chord():
    (chord,) = written([(0.0, 1.0, 60), (0.0, 2.0, 64), (0.02, 1.0, 67)]).chords
    assert chord.notes == (0, 1, 2)
    assert chord.end == 2


def test_a_chord_is_cut_where_the_next_begins():
    assert ends((0.0, 4.0), (1.0, 1.0)) == [1, 2]


@pytest.mark.parametrize(
    ("played", "end"), [(0.8, 1), (0.5, Fraction(1, 2)), (0.4, Fraction(1, 2)), (0.1, Fraction(1, 2))]
)
def test_small_holes_are_closed_larger_ones_are_rests(played, end):
    assert ends((0.0, played), (1.0, 1.0))[0] == end


def test_a_long_note_that_nearly_reaches_the_next_does():
    assert ends((0.0, 3.5), (4.0, 1.0))[0] == 4
    assert ends((0.0, 3.3), (4.0, 1.0))[0] == Fraction(7, 2)


def test_ends_keep_to_the_division_of_their_beat():
    assert ends((0.0, 0.3), (1 / 3, 0.3), (2.0, 1.0))[1] == 2 * THIRD
    assert ends((0.25, 0.25), (2.0, 1.0))[0] == Fraction(1, 2)


def test_grace_notes_stand_before_their_chord():
    line = written([(0.0, 0.9, 60), (0.89, 0.05, 61), (0.945, 0.05, 62), (0.945, 0.05, 65), (1.0, 1.0, 64)])
    assert [chord.graces for chord in line.chords] == [(), ((1,), (2, 3))]
    assert line.chords[0].end == 1


def test_without_notes_there_are_beats():
    line = write_line(piece_of([(0.0, 4.0, 60)]).notes, np.arange(0), written_bars(piece_of([(0.0, 4.0, 60)])))
    assert line.chords == ()
    assert len(line.beats) == 4


@pytest.mark.parametrize(("parts", "plain"), [(3, 2), (5, 4), (6, 4), (7, 4), (12, 8)])
def test_a_tuplet_takes_the_time_of_fewer_plain_values(parts, plain):
    assert normal(parts) == plain


@pytest.mark.parametrize(
    ("length", "parts", "tuplet"), [(1, 3, True), (1, 4, False), (Fraction(3, 4), 3, False), (1, 6, True)]
)
def test_only_parts_that_are_no_halves_make_a_tuplet(length, parts, tuplet):
    assert Beat(Fraction(0), Fraction(length), parts).is_tuplet is tuplet
