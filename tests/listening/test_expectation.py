import numpy as np
import pytest

from core.listening.expectation import FIELDS, ExpectationError, expect
from core.models.base import base_model
from core.notes import Piece, as_notes
from core.training.evaluation import evaluate

STRAIN = [(0.0, 1.0, 60, 80, 0), (1.0, 0.5, 64, 80, 0), (1.5, 0.5, 62, 80, 0), (2.0, 2.0, 67, 80, 0)]
PIECE = Piece(as_notes([(onset + 4 * bar, *rest) for bar in range(16) for onset, *rest in STRAIN]))


@pytest.fixture(scope="module")
def expected():
    return expect(base_model(), PIECE)


def test_it_costs_what_evaluation_says(expected):
    fields = evaluate(base_model(), [PIECE]).fields
    means = dict(zip(FIELDS, expected.bits.mean(axis=1), strict=True))
    assert means["pitch"] == pytest.approx(fields["pitch"], abs=1e-4)
    assert means["duration"] == pytest.approx(fields["duration"], abs=1e-4)
    assert means["gap"] <= fields["gap"]  # which has the end of the piece too


def test_chances_are_probabilities_and_tell_the_bits(expected):
    assert expected.gaps.sum(axis=1) == pytest.approx(1.0)
    assert expected.pitches.sum(axis=1) == pytest.approx(1.0, abs=1e-3)
    came = expected.pitches[np.arange(64), PIECE.notes["pitch"][expected.order]]
    assert -np.log2(came) == pytest.approx(expected.bits[1])


def test_a_strain_that_comes_back_is_told_by_the_piece_itself(expected):
    assert expected.past[:2].max() < 0.2
    assert expected.past[-8:].mean() > 0.5
    assert expected.surprise[-8:].mean() < 0.3 * expected.surprise[:8].mean()


def test_a_wrong_note_is_the_most_surprising():
    notes = PIECE.notes.copy()
    notes["pitch"][41] = 61
    found = expect(base_model(), Piece(notes)).most_surprising(3, 8)
    assert found[0] == 41
    assert min(abs(one - other) for one in found for other in found if one != other) >= 8
    assert 0 not in found


@pytest.mark.parametrize("family", ["classic"], indirect=True)
def test_who_cannot_be_asked(model):
    with pytest.raises(ExpectationError, match="notes"):
        expect(base_model(), Piece(as_notes([])))
    with pytest.raises(ExpectationError, match="joint"):
        expect(model, PIECE)
