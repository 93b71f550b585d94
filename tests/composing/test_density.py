"""Density: fewer or more notes, chords as they are."""

from dataclasses import replace

import numpy as np
import pytest

from core.composing.density import Density
from core.composing.take import compose
from core.config import ComposingSettings

TICKS = np.array([0, 1, 6, 24, 96, 0])
LOGITS = np.log(np.array([[0.5, 0.1, 0.2, 0.1, 0.08, 0.02]], np.float32))


def test_as_learned_nothing_changes():
    assert Density(TICKS, 0.0).bend(LOGITS) is LOGITS


@pytest.mark.parametrize("density", [-1.0, 0.5, 1.0])
def test_chords_and_the_end_stay_as_likely_and_gaps_change_by_their_length(density):
    chances = np.exp(Density(TICKS, density).bend(LOGITS))[0]
    assert chances[[0, 5]] == pytest.approx([0.5, 0.02])
    assert chances.sum() == pytest.approx(1)
    ratio = chances[1:5] / np.exp(LOGITS[0, 1:5])
    assert (np.diff(ratio) < 0).all() == (density > 0)
    assert ratio / ratio[0] == pytest.approx(((1 + TICKS[1:5] / 6) / (1 + 1 / 6)) ** -density, rel=1e-4)


def test_where_only_a_chord_may_follow_nothing_is_bent():
    logits = np.where(TICKS > 0, -np.inf, LOGITS)
    assert Density(TICKS, 1.0).bend(logits).tolist() == logits.tolist()


@pytest.mark.parametrize("family", ["joint"], indirect=True)  # the other has learned one gap here
def test_takes_have_more_notes_the_denser_they_are_wished(model):
    settings = ComposingSettings(bars=8, seed=1, variations=6, ending=False)
    sparse, usual, dense = (
        sum(len(take.piece.notes) for take in compose(model, replace(settings, density=density)))
        for density in (-1.0, 0.0, 1.0)
    )
    assert 1.1 * sparse < usual < dense / 1.1
