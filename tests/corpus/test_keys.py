import numpy as np
import pytest

from core.config import KEYS
from core.corpus.description import key_of
from core.corpus.keys import outside_share, scale
from core.notes import Piece, as_notes


def piece(pitches):
    return Piece(as_notes([(float(n), 1.0, pitch, 80, 0) for n, pitch in enumerate(pitches)]))


SCALE = [60, 62, 64, 65, 67, 69, 71, 72] * 8


def test_a_scale_lies_inside_its_key():
    assert np.flatnonzero(scale("C major")).tolist() == [0, 2, 4, 5, 7, 9, 11]
    assert np.flatnonzero(scale("A minor")).tolist() == [0, 2, 4, 5, 6, 7, 8, 9, 11]


@pytest.mark.parametrize("semitones", range(12))
def test_every_key_of_a_description_is_one_that_can_be_kept(semitones):
    name = key_of(piece([pitch + semitones for pitch in SCALE]))
    assert name in KEYS
    assert scale(name)[(np.array(SCALE) + semitones) % 12].all()


def test_the_share_outside_counts_what_leaves_the_key_of_its_surroundings():
    assert outside_share([piece(SCALE)]) == 0
    strange = [*SCALE[:30], 61, 63, *SCALE[:32]]
    assert outside_share([piece(strange)]) == pytest.approx(2 / 64)
    modulating = SCALE + [pitch + 6 for pitch in SCALE]
    assert outside_share([piece(modulating)]) == 0
    assert outside_share([]) == 0
