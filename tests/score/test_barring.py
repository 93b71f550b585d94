from fractions import Fraction

import pytest

from core.notes import Metre
from core.score.barring import Bar, is_plain, written_bars
from tests.score.pieces import line, piece_of


def bar(numerator, denominator):
    metre = Metre(0.0, numerator, denominator)
    return Bar(1, Fraction(0), Fraction(metre.bar), metre)


def test_bars_follow_one_another_exactly():
    bars = written_bars(piece_of(line(0.0, until=11.0), metres=((0.0, 3, 4), (6.0, 5, 8))))
    assert [each.onset for each in bars] == [0, 3, 6, Fraction(17, 2)]
    assert [each.number for each in bars] == [1, 2, 3, 4]
    assert bars[-1].end == 11


def test_a_pick_up_is_bar_0_and_counts_towards_its_end():
    pickup, first = written_bars(piece_of(line(0.0, until=5.0), metres=((0.0, 1, 4), (1.0, 4, 4))))
    assert (pickup.number, pickup.length, pickup.lead, pickup.metre.numerator) == (0, 1, 3, 4)
    assert (first.number, first.lead) == (1, 0)


def test_a_bar_cut_short_keeps_its_metre():
    bars = written_bars(piece_of(line(0.0, until=9.0), metres=((0.0, 4, 4), (5.0, 4, 4))))
    assert [(each.length, each.lead) for each in bars] == [(4, 0), (1, 0), (4, 0)]


def test_bar_lines_between_64ths_are_moved_to_the_nearest():
    assert written_bars(piece_of(line(0.0, until=5.0), metres=((0.0, 4, 4), (3.98, 4, 4))))[0].length == 4


def test_units_are_at_most_quarters_and_end_with_the_bar():
    assert [end - onset for onset, end in bar(6, 8).units()] == [Fraction(1, 2)] * 6
    assert [end - onset for onset, end in bar(2, 2).units()] == [1] * 4
    short = Bar(1, Fraction(4), Fraction(3, 2), Metre(0.0, 4, 4))
    assert list(short.units()) == [(4, 5), (5, Fraction(11, 2))]
    pickup = Bar(0, Fraction(0), Fraction(3, 2), Metre(0.0, 4, 4), Fraction(5, 2))
    assert list(pickup.units()) == [(0, Fraction(1, 2)), (Fraction(1, 2), Fraction(3, 2))]


@pytest.mark.parametrize(
    ("metre", "strengths"),
    [
        ((4, 4), {0: 4, 1: 1, 2: 2, 0.5: 0.5, 2.25: 0.25, 4: 4}),
        ((3, 4), {0: 3, 1: 1, 2: 1}),
        ((6, 8), {0: 3, 0.5: 0.5, 1: 0.5, 1.5: 1.5, 0.25: 0.25}),
        ((12, 8), {1.5: 1.5, 3: 3, 4.5: 1.5}),
        ((5, 4), {0: 5, 2: 2, 3: 1, 4: 1}),
        ((7, 8), {1: 1, 2: 1, 2.5: 0.5, 3: 0.5}),
    ],
)
def test_places_are_as_strong_as_the_metre_makes_them(metre, strengths):
    own = bar(*metre)
    assert {place: own.spacing(Fraction(place)) for place in strengths} == strengths


def test_a_place_between_all_others_has_no_strength():
    assert bar(4, 4).spacing(Fraction(1, 3)) == 0


@pytest.mark.parametrize(
    ("metre", "onset", "longest"), [((4, 4), 2, 2), ((4, 4), 1, 1), ((3, 4), 1, 1), ((6, 8), 1.5, 1.5), ((3, 4), 0, 3)]
)
def test_rests_are_as_long_as_their_place_is_strong(metre, onset, longest):
    assert bar(*metre).rests(Fraction(onset))[0] == longest


def test_two_thirds_of_a_dotted_beat_are_one_rest_two_beats_of_three_are_not():
    assert 1 in bar(6, 8).rests(Fraction(0))
    assert 2 not in bar(3, 4).rests(Fraction(0))


@pytest.mark.parametrize(("length", "plain"), [(4, True), (0.125, True), (1.5, False), (3, False)])
def test_plain_lengths_are_halves_and_doubles(length, plain):
    assert is_plain(Fraction(length)) is plain
