from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from core.notes import Metre
from core.score.barring import Bar
from core.score.quantize import Beat, Chord
from core.score.rhythm import write_bar

TRIPLET = Beat(Fraction(0), Fraction(1), 3)
SEXTUPLET = Beat(Fraction(0), Fraction(1), 6)
THIRD = Fraction(1, 3)


def symbols(*spans, metre=(4, 4), onset=0, beats=()):
    """Return the symbols of a bar that begins at `onset`, with a chord for each span."""
    bar = Bar(1, Fraction(onset), Fraction(Metre(0.0, *metre).bar), Metre(0.0, *metre))
    return write_bar(bar, [Chord(Fraction(a), Fraction(b), (0,)) for a, b in spans], beats)


def note(onset, end, **options):
    """Return the ends of the symbols of one note."""
    return [each.end for each in symbols((onset, end), **options) if each.chord]


def rests(onset, end, **options):
    """Return the ends of the rests between two notes, of which the first may be missing."""
    around = [(0, onset)] * (onset > 0) + [(end, 4)]
    return [each.end for each in symbols(*around, **options) if each.chord is None]


@pytest.mark.parametrize(
    ("onset", "end", "parts"),
    [
        (0, 4, [4]),
        (0, 3, [3]),
        (1, 3, [3]),
        (1, 4, [4]),
        (0.5, 1.5, [1.5]),
        (0.5, 2, [2]),
        (1.5, 2.5, [2, 2.5]),
        (1, 2.5, [2, 2.5]),
        (0.75, 1.25, [1, 1.25]),
        (0.25, 0.75, [0.75]),
        (0.25, 1, [1]),
        (0.5, 2.5, [2, 2.5]),
        (0, 1.25, [1, 1.25]),
        (1, 3.875, [2, 3.5, 3.875]),
    ],
)
def test_notes_show_the_beats_of_four_quarters(onset, end, parts):
    assert note(onset, end) == parts


@pytest.mark.parametrize(
    ("onset", "end", "parts"), [(0, 1.5, [1.5]), (0.5, 1.5, [1.5]), (1, 2, [1.5, 2]), (0, 3, [3]), (0, 2, [1.5, 2])]
)
def test_notes_show_the_beats_of_six_eighths(onset, end, parts):
    assert note(onset, end, metre=(6, 8)) == parts


def test_a_half_does_not_hide_two_beats_of_three():
    assert note(0.5, 2.5, metre=(3, 4)) == [2, 2.5]


def test_a_bar_that_no_value_fills_is_parted_late():
    assert note(0, 4.5, metre=(9, 8)) == [3, 4.5]


def test_a_note_goes_on_in_the_next_bar():
    first, second = symbols((3, 5))[-1], symbols((3, 5), onset=4)[0]
    assert (first.onset, first.end, second.onset, second.end) == (3, 4, 4, 5)
    assert first.chord == second.chord


@pytest.mark.parametrize(
    ("onset", "end", "parts"), [(1, 3, [2, 3]), (0, 2, [2]), (0.5, 1.5, [1, 1.5]), (0, 1.5, [1, 1.5]), (0, 3, [2, 3])]
)
def test_rests_are_parted_at_the_beats(onset, end, parts):
    assert rests(onset, end) == parts


def test_two_thirds_of_a_dotted_beat_are_one_rest():
    assert [each.end for each in symbols((1, 3), metre=(6, 8))] == [1, Fraction(3, 2), 3]


def test_a_bar_of_silence_is_one_rest_in_all_metres():
    (rest,) = symbols(metre=(5, 4))
    assert (rest.chord, rest.end) == (None, 5)


def test_a_silent_bar_cut_short_is_filled_with_plain_rests():
    bar = Bar(1, Fraction(0), Fraction(3), Metre(0.0, 4, 4))
    assert [each.end for each in write_bar(bar, [], [])] == [2, 3]


def test_a_triplet_stays_a_triplet():
    bar = symbols((0, 2 * THIRD), (2 * THIRD, 1), (1, 4), beats=[TRIPLET])
    assert [each.value for each in bar] == [1, Fraction(1, 2), 3]
    assert [each.tuplet for each in bar] == [TRIPLET, TRIPLET, None]


def test_a_note_into_a_triplet_is_parted_at_its_beginning():
    later = Beat(Fraction(1), Fraction(1), 3)
    assert note(0, 1 + THIRD, beats=[later]) == [1, 1 + THIRD]


def test_a_note_out_of_a_triplet_is_parted_at_its_end():
    assert note(THIRD, 2, beats=[TRIPLET]) == [1, 2]


def test_a_note_over_two_triplets_is_parted_between_them():
    pair = [TRIPLET, Beat(Fraction(1), Fraction(1), 3)]
    assert note(2 * THIRD, 1 + THIRD, beats=pair) == [1, 1 + THIRD]


def test_notes_under_a_tuplet_may_have_a_dot_rests_have_none():
    chord = symbols((0, Fraction(1, 2)), (Fraction(1, 2), 4), beats=[SEXTUPLET])[0]
    assert chord.value == Fraction(3, 4)
    rest, other = symbols((Fraction(1, 2), 4), beats=[SEXTUPLET])[:2]
    assert (rest.value, other.value) == (Fraction(1, 2), Fraction(1, 4))


def test_every_bar_is_full():
    rng = np.random.default_rng(5)
    for metre in ((4, 4), (6, 8), (5, 8), (3, 2), (7, 4)):
        for _ in range(20):
            ends = sorted({Fraction(int(tick), 16) for tick in rng.integers(0, 4 * 16 * metre[0] // metre[1], 8)})
            bar = symbols(*zip(ends[::2], ends[1::2], strict=False), metre=metre)
            assert all(a.end == b.onset for a, b in pairwise(bar))
            assert (bar[0].onset, bar[-1].end) == (0, Fraction(4 * metre[0], metre[1]))
