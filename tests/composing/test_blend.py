import numpy as np
import pytest

from core.composing.blend import Blend
from core.encoding.joint import PITCH


@pytest.fixture
def family():
    return "joint"


@pytest.fixture
def blend(model, tunes):
    return Blend(model, tunes[0], 2)


@pytest.fixture
def events(model, tunes):
    return np.repeat(model.encoding.encode(tunes[0])[None, 10], 2, axis=0)


@pytest.fixture
def logits(model):
    return np.random.default_rng(0).normal(size=(2, model.encoding.columns[PITCH].outputs)).astype(np.float32)


def test_what_may_come_sums_to_one(blend, events, logits):
    assert np.exp(blend.blend(logits, PITCH, events)).sum(axis=1) == pytest.approx(1)


def test_network_and_past_both_have_a_say(blend, events, logits):
    likely = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    moved = np.exp(blend.blend(logits, PITCH, events)) / likely
    assert moved.min() == pytest.approx(0.7, abs=0.02)  # the blend of a tune that repeats itself has all of its share
    assert moved.max() > 1


def test_what_is_drawn_is_remembered_but_moves_no_share(blend, events, logits):
    before = blend.blend(logits, PITCH, events)
    for _ in range(50):
        blend.update(np.array([[6, 0, 33, 6, 10], [6, 0, 99, 6, 10]]))
    after = np.exp(blend.blend(logits, PITCH, events) - before)
    assert after[0, 33] > 2 > after[0, 99]
    assert after[1, 99] > 2 > after[1, 33]
    likely = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert (np.exp(blend.blend(logits, PITCH, events)) / likely).min() == pytest.approx(0.7, abs=0.02)
