import numpy as np
import pytest

from core.composing.sampling import draw, forbid, keep_nucleus, sharpen, weigh

LOGITS = np.log([[0.5, 0.3, 0.15, 0.05], [0.25, 0.25, 0.25, 0.25]])
WEIGHTS = weigh(LOGITS)


def test_zero_temperature_is_argmax():
    assert draw(weigh(sharpen(LOGITS, 0)), np.array([0.0, 0.999])).tolist() == [0, 0]


def test_temperature_one_changes_nothing():
    assert (sharpen(LOGITS, 1.0) == LOGITS).all()


def test_high_temperature_flattens_and_low_sharpens():
    hot, cold = (
        np.exp(logits[0, 0]) / np.exp(logits[0]).sum() for logits in (sharpen(LOGITS, 2.0), sharpen(LOGITS, 0.5))
    )
    assert hot < 0.5 < cold


def test_the_nucleus_is_the_smallest_that_reaches_p():
    assert (keep_nucleus(WEIGHTS, 0.6)[0] > 0).tolist() == [True, True, False, False]
    assert (keep_nucleus(WEIGHTS, 0.01) > 0).sum(axis=1).tolist() == [1, 4]  # the equally likely stay together
    assert (keep_nucleus(WEIGHTS, 1.0) == WEIGHTS).all()


def test_forbidden_ids_are_never_drawn():
    allowed = np.array([[False, True, False, True], [True, False, False, False]])
    logits = forbid(LOGITS, allowed)
    drawn = {tuple(draw(weigh(logits), np.array([u, u]))) for u in np.linspace(0, 0.999999, 50)}
    assert drawn == {(1, 0), (3, 0)}


def test_where_everything_is_forbidden_nothing_is():
    assert (forbid(LOGITS, np.zeros_like(LOGITS, dtype=bool)) == LOGITS).all()


def test_what_is_forbidden_in_one_lane_is_none_of_the_others_affair():
    logits = forbid(LOGITS, np.array([[False] * 4, [True, False, True, False]]))
    assert np.isfinite(logits).tolist() == [[True] * 4, [True, False, True, False]]


def test_draws_follow_the_distribution():
    uniform = np.random.default_rng(0).random(20_000)
    drawn = draw(np.repeat(WEIGHTS[:1], len(uniform), axis=0), uniform)
    assert np.bincount(drawn) / len(uniform) == pytest.approx([0.5, 0.3, 0.15, 0.05], abs=0.01)
