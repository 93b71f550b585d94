import numpy as np
import pytest

from core.corpus.form import draw_form, form_of, forms_of, returning, runs
from core.notes import Piece, as_notes
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
    assert runs((0, 1, 2, 0, 1, 3, 6, 6)) == [(3, 0, 2), (5, 3, 1), (7, 6, 1)]
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


def test_the_form_of_a_tune_is_found():
    assert form_of(tune(bars=4))[0] == 0
