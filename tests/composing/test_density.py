"""Density: fewer or more notes, chords as they are."""

from dataclasses import replace

import numpy as np
import pytest

from core.composing.density import gap_bias
from core.composing.take import compose
from core.config import ComposingSettings

TICKS = np.array([0, 1, 6, 24, 96, 0])


def test_as_learned_nothing_changes():
    assert gap_bias(TICKS, 0.0) is None


def test_longer_gaps_lose_the_more_the_denser_and_chords_and_the_end_nothing():
    bias = gap_bias(TICKS, 0.5)
    assert bias[0] == bias[-1] == 0
    assert (np.diff(bias[:-1]) < 0).all()
    assert gap_bias(TICKS, -0.5).tolist() == (-bias).tolist()
    assert np.exp(gap_bias(np.array([6]), 1.0)) == pytest.approx(0.5)


@pytest.mark.parametrize("family", ["joint"], indirect=True)  # the other has learned one gap here
def test_takes_have_more_notes_the_denser_they_are_wished(model):
    settings = ComposingSettings(bars=8, seed=1, variations=6, ending=False)
    sparse, usual, dense = (
        sum(len(take.piece.notes) for take in compose(model, replace(settings, density=density)))
        for density in (-1.0, 0.0, 1.0)
    )
    assert 1.2 * sparse < usual < dense / 1.2
