import numpy as np
import pytest

from core.corpus.form import Run, draw_form, form_of, forms_of, kept_notes, returning, runs
from core.notes import Metre, Piece, as_notes
from tests.conftest import tune

A, B, C = (60, 64), (62, 65), (59, 67)


def piece(*bars):
    """Each bar holds its pitches one after the other, a quarter each."""
    return Piece(
        as_notes([(4.0 * bar + at, 1.0, p, 80, 0) for bar, row in enumerate(bars) for at, p in enumerate(row)])
    )


@pytest.mark.parametrize(
    ("bars", "form"),
    [
        ((A, B, C), (0, 1, 2)),
        ((A, B, A, B), (0, 1, 0, 1)),
        ((A, A, A), (0, 0, 1)),
        ((A, B, A, C, A, B), (0, 1, 0, 3, 2, 1)),
        ((A, B, C, A, B, A), (0, 1, 2, 0, 1, 3)),
        (((60,), (60,)), (0, 1)),
        ((A, (), A), (0, 1, 0)),
        ((), ()),
    ],
)
def test_a_bar_comes_back_where_the_same_notes_do(bars, form):
    assert form_of(piece(*bars)) == form


def test_bars_that_come_back_together_are_one_run():
    assert runs((0, 1, 2, 0, 1, 3, 6, 6)) == [Run(3, 0, 2), Run(5, 3, 1), Run(7, 6, 1)]
    assert returning((0, 1, 0, 1)) == 0.5
    assert returning(()) == 0


def test_a_metre_of_its_own_has_bars_of_its_own(waltz):
    assert form_of(waltz) == (0, 0, 1, 2, 3, 4, 5, 6)


def test_of_many_pieces_a_hundred_are_kept_and_of_long_ones_the_beginning():
    pieces = [piece(A, B)] * 150 + [piece(*[A, B] * 400)]
    forms = forms_of(pieces)
    assert len(forms) == 100
    assert len(forms[-1]) == 500


def test_a_form_is_that_of_one_piece_and_goes_on_with_the_next():
    rng = np.random.default_rng(0)
    assert draw_form([(0, 1, 0)], 2, rng) == (0, 1)
    assert draw_form([(0, 1, 0)], 7, rng) == (0, 1, 0, 3, 4, 3, 6)
    drawn = {draw_form([(0, 0), (0, 1)], 2, rng) for _ in range(40)}
    assert drawn == {(0, 0), (0, 1)}


def test_without_forms_every_bar_is_new():
    assert draw_form([], 3, np.random.default_rng(0)) == (0, 1, 2)
    assert draw_form([()], 3, np.random.default_rng(0)) == (0, 1, 2)


def test_a_tune_comes_back_when_its_scale_has_gone_round():
    assert form_of(tune(bars=15)) == (*range(13), 0, 1)


def test_bars_that_come_back_from_equally_far_are_one_run_only_side_by_side():
    assert runs((0, 1, 0, 3, 2)) == [Run(2, 0, 1), Run(4, 2, 1)]
    assert runs((0, 0, 1, 2)) == [Run(1, 0, 3)]
    assert runs((0, 1, 1, 0)) == [Run(2, 1, 1), Run(3, 0, 1)]


def test_within_a_run_a_bar_is_the_one_equally_far_back_and_not_the_latest_like_it():
    assert form_of(piece(A, B, C, B, A, B)) == (0, 1, 2, 1, 0, 1)


def test_after_a_new_bar_a_run_begins_with_the_latest_bar_like_it():
    assert form_of(piece(A, B, B, A, B, B, C, B)) == (0, 1, 1, 0, 1, 2, 6, 5)


def test_a_pickup_is_a_bar_and_a_bar_played_a_little_late_is_the_same():
    rows = [(0.0, 1.0, 67), *((1.0 + 4 * bar + at + 0.004 * bar, 1.0, p) for bar in range(2) for at, p in enumerate(A))]
    late = Piece(as_notes([(*row, 80, 0) for row in rows]), metres=(Metre(0.0, 1, 4), Metre(1.0, 4, 4)))
    assert form_of(late) == (0, 1, 1)


def test_a_bar_comes_back_on_the_same_beats_only():
    moved = Piece(as_notes([(at, 1.0, p, 80, 0) for at, p in ((0, 60), (1, 64), (4, 60), (6, 64), (8, 60), (9, 64))]))
    assert form_of(moved) == (0, 1, 0)


def test_the_forms_that_are_kept_are_spread_over_the_pieces():
    pieces = [piece(*[A] * (1 + number % 7)) for number in range(300)]
    assert forms_of(pieces[:5]) == tuple(form_of(each) for each in pieces[:5])
    kept = forms_of(pieces)
    assert len(kept) == 100
    assert kept[:2] == (form_of(pieces[0]), form_of(pieces[3]))
    assert kept[-1] == form_of(pieces[-1])


def test_a_bar_of_which_half_is_there_again_comes_back_varied():
    long = (60, 64, 67, 72)
    other = (60, 64, 67, 71)  # three of four, of five in all
    assert form_of(piece(long, B, other)) == (0, 1, ~0)
    assert form_of(piece(long, B, (60, 64, 68, 71))) == (0, 1, 2)  # two of six
    assert returning((0, 1, ~0)) == pytest.approx(1 / 3)


def test_a_varied_bar_goes_on_with_its_run_or_is_the_one_most_alike():
    one, two = (60, 64, 67, 72), (60, 64, 67, 71)
    assert form_of(piece(B, one, C, two)) == (0, 1, 2, ~1)
    assert form_of(piece(one, B, one, (62, 65, 70))) == (0, 1, 0, ~1)


def test_runs_tell_varied_bars_from_others():
    assert runs((0, 1, 0, ~1, ~2, 2)) == [Run(2, 0, 1), Run(3, 1, 2, True), Run(5, 2, 1)]


def test_a_varied_bar_of_a_further_form_counts_from_its_beginning():
    assert draw_form([(0, ~0)], 4, np.random.default_rng(0)) == (0, ~0, 2, ~2)


def test_the_share_of_notes_kept_is_that_of_varied_bars():
    long = (60, 64, 67, 72)
    assert kept_notes([piece(long, B, (60, 64, 67, 71))]) == 0.75
    assert kept_notes([piece(A, B)]) == kept_notes([]) == 0.75
    assert kept_notes([piece(A, B, (60, 64, 67))]) == 1.0
