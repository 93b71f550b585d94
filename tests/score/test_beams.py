import numpy as np
import pytest

from core.score.barring import written_bars
from core.score.beams import beams_of
from core.score.quantize import write_line
from core.score.rhythm import write_bar
from tests.score.pieces import line, piece_of


def beams(rows, metre=(4, 4), number=0):
    piece = piece_of(rows, metres=((0.0, *metre),))
    bars = written_bars(piece)
    bar, line = bars[number], write_line(piece.notes, np.arange(len(piece.notes)), bars)
    chords = [chord for chord in line.chords if bar.onset <= chord.onset < bar.end]
    return beams_of(bar, write_bar(bar, chords, [beat for beat in line.beats if bar.onset <= beat.onset < bar.end]))


def test_eighths_are_joined_by_beats():
    eighths = [["start"], ["stop"]]
    assert beams(line(0, 0.5, 1, 1.5, until=2), (2, 4)) == eighths * 2
    assert beams(line(*np.arange(6) / 2, until=3), (6, 8)) == [["start"], ["continue"], ["stop"]] * 2
    assert beams(line(*np.arange(8) / 2, until=4), (2, 2)) == [["start"], ["continue"], ["continue"], ["stop"]] * 2


def test_five_eighths_end_with_three():
    joined = beams(line(*np.arange(5) / 2, until=2.5), (5, 8))
    assert joined == [["start"], ["stop"], ["start"], ["continue"], ["stop"]]


def test_quarters_and_lone_eighths_have_none():
    assert beams(line(0, 0.5, 1.5, until=3), (3, 4)) == [[]] * 3


def test_sixteenths_have_two():
    assert beams(line(0, 0.25, 0.5, 0.75, until=1))[:4] == [
        ["start"] * 2,
        ["continue"] * 2,
        ["continue"] * 2,
        ["stop"] * 2,
    ]


@pytest.mark.parametrize(
    ("onsets", "second"),
    [
        ((0, 0.75), [None, "stub left"]),
        ((0, 0.25), ["stub right", None]),
        ((0, 0.25, 0.75), ["stub right", None, "stub left"]),
        ((0, 0.5, 0.75), [None, "start", "stop"]),
    ],
)
def test_a_sixteenth_alone_has_a_stub_on_the_side_of_its_partner(onsets, second):
    found = beams(line(*onsets, until=1))[: len(onsets)]
    assert [each[1] if len(each) > 1 else None for each in found] == second


def test_a_stub_inside_a_beat_points_to_what_it_fills():
    found = beams(line(0, 0.5, 0.75, until=1.5), (3, 8))
    assert found == [["start"], ["continue", "stub right"], ["stop"]]
    assert beams(line(0, 0.75, 1, until=1.5), (3, 8))[1] == ["continue", "stub left"]


def test_places_are_counted_from_the_bar_line():
    rhythm = np.array([0, 0.25, 0.5, 0.75])
    first = beams(line(*rhythm, until=1.25), (5, 16))
    second = beams([(0.0, 1.25, 50), *line(*(1.25 + rhythm), until=2.5)], (5, 16), number=1)
    assert first == second
    dotted = beams([(0.0, 1.5, 50), *line(1.5, 2.0, 2.25, until=3.0)], (3, 8), number=1)
    assert dotted == [["start"], ["continue", "stub right"], ["stop"]]


def test_the_inner_beams_of_32nds_are_parted_at_eighths():
    third = [each[2] for each in beams(line(*np.arange(8) / 8, until=1))[:8]]
    assert third == ["start", "continue", "continue", "stop"] * 2


def test_a_rest_ends_a_beam():
    assert beams([(0, 0.25, 60), (0.75, 0.25, 61)], (1, 4)) == [[]] * 4
