from dataclasses import replace

import pytest

from core.corpus.form import form_of
from core.corpus.style import Style, style_of
from core.notes import CLOCK_QPM, Metre, Piece, Tempo, Track, as_notes
from tests.conftest import tune


def chords(*sizes):
    """One chord a quarter, of so many notes each."""
    return Piece(
        as_notes([(float(at), 1.0, 60 + note, 80, 0) for at, size in enumerate(sizes) for note in range(size)])
    )


def notes_at(*onsets, pitch=60):
    return Piece(as_notes([(onset, 0.5, pitch, 80, 0) for onset in onsets]))


def test_chords_are_as_large_as_all_but_one_in_a_thousand():
    assert style_of([chords(*[3] * 1000, 9)]).largest_chord == 3
    assert style_of([chords(*[3] * 999, 9, 9)]).largest_chord == 9


def test_of_each_piece_it_is_known_how_dense_it_is_and_how_large_its_chords_are():
    assert style_of([chords(1, 1, 4), chords(2, 2)]).densities == ((2.0, 2.0), (2.0, 2.0))
    assert style_of([notes_at(0.0, 1.0, 99999.5)]).densities == ((0.0001, 1.0),)


def test_of_each_piece_it_is_known_how_long_its_last_note_is():
    held, short = Piece(as_notes([(0.0, 8.0, 48, 80, 0), (4.0, 1.0, 60, 80, 0)])), notes_at(0.0, 1.0)
    assert style_of([held, short]).last_notes == (4.0, 0.5)


def test_of_a_few_chords_the_largest_counts_and_of_pieces_the_one_with_larger_chords():
    assert style_of([chords(1, 1, 4)]).largest_chord == 4
    assert style_of([chords(2, 2), chords(5, 5), chords(1)]).largest_chord == 5


def test_parallels_are_told_where_enough_voices_move():
    def steps(many):
        rows = [(step * 1.0, 1.0, pitch + 2 * (step % 2), 80, 0) for step in range(many) for pitch in (48, 55, 64, 71)]
        return Piece(as_notes(rows))

    assert style_of([steps(101)]).parallels == 2.0
    assert style_of([steps(100)]).parallels == 1.0
    apart = chords(*[4] * 150)
    assert (style_of([apart]).parallels, style_of([chords(*[4] * 90)]).parallels) == (0.0, 1.0)


def test_gaps_are_as_long_as_all_but_one_in_a_thousand():
    steady = [2.0 * step for step in range(1001)]
    assert style_of([notes_at(*steady, 2050.0)]).longest_gap == 2
    assert style_of([notes_at(*steady[:-1], 2050.0, 2102.0)]).longest_gap == 52


def test_the_longest_gap_is_that_of_any_piece_and_at_least_a_quarter():
    assert style_of([notes_at(0, 2, 4), notes_at(0, 3, 6)]).longest_gap == 3
    assert style_of([notes_at(0, 0.5)]).longest_gap == 1
    assert style_of([notes_at(7)]).longest_gap == 1


def test_metre_and_instrument_are_those_of_most_pieces():
    waltz = replace(tune(), metres=(Metre(0.0, 3, 8),), tracks=(Track("", 40),) * 2)
    found = style_of([tune(), waltz, waltz])
    assert (found.numerator, found.denominator, found.program) == (3, 8, 40)
    found = style_of([tune(), waltz, tune()])
    assert (found.numerator, found.denominator, found.program) == (4, 4, 0)


def test_the_speed_is_the_median():
    paced = [replace(tune(), tempos=(Tempo(0.0, qpm),)) for qpm in (200.0, 60.004, 90.126)]
    assert style_of(paced).qpm == 90.13
    assert style_of(paced[1:]).qpm == 75.06


@pytest.mark.parametrize(("written", "played", "grid"), [(1, 0, True), (1, 1, True), (1, 2, False), (2, 3, False)])
def test_there_is_a_grid_if_at_least_half_of_the_pieces_keep_one(written, played, grid):
    free = notes_at(*(step * 0.513 + 0.02 for step in range(40)))
    assert style_of([tune()] * written + [free] * played).grid is grid


def test_a_performed_style_is_counted_by_the_clock():
    rows = [(0.513 * beat + (4.0 if beat > 20 else 0.0), 0.5, 60, 80, 0) for beat in range(40)]
    style = style_of([Piece(as_notes(rows), tempos=(Tempo(0.0, 60.0),))])
    assert style.qpm == CLOCK_QPM
    assert style.longest_gap == pytest.approx(4.513 * CLOCK_QPM / 60, rel=0.05)


def test_the_range_is_that_of_all_pieces():
    found = style_of([notes_at(0, pitch=50), notes_at(0, 1, pitch=43), notes_at(0, pitch=77)])
    assert (found.lowest, found.highest) == (43, 77)


def test_each_piece_gives_its_form():
    pieces = [tune(bars=15), tune(bars=3)]
    assert style_of(pieces).forms == (form_of(pieces[0]), form_of(pieces[1]))


def test_a_bar_is_counted_in_quarters():
    assert Style(numerator=3, denominator=8).bar == 1.5


def test_what_is_not_known_is_common_time_at_a_moderate_speed_over_the_whole_keyboard():
    found = Style()
    assert (found.qpm, found.bar, found.program, found.grid) == (120, 4, 0, True)
    assert (found.lowest, found.highest, found.largest_chord, found.longest_gap) == (0, 127, 10, 4)
    assert found.forms == ()


@pytest.mark.parametrize(
    ("metre", "bar"), [((4, 4), 4.0), ((1, 4), 1.0), ((3, 16), 1.5), ((1, 64), 1.0), ((3, 64), 1.125), ((2, 8), 1.0)]
)
def test_bars_shorter_than_a_quarter_are_taken_together(metre, bar):
    piece = replace(tune(), metres=(Metre(0.0, *metre),))
    found = style_of([piece])
    assert found.bar == bar and found.bar >= 1
    assert bool(found.forms) == (metre[0] * 4 >= metre[1])
