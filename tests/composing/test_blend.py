import numpy as np
import pytest

from core.bars import passage
from core.composing.blend import Blend
from core.encoding.columns import with_boundaries
from core.encoding.joint import PITCH
from core.lstm.inference import nll
from core.ppm.mixture import mixture_after, shares, trusts
from core.ppm.predictor import both_ways
from core.ppm.sequence import sequence_predictions


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


def test_it_is_the_mixture_that_the_evaluation_measures_after_the_primer(model, tunes, events, logits):
    columns = model.encoding.columns
    inputs = with_boundaries(model.encoding.inputs(tunes[0]), columns)[:-1, None]
    weights = mixture_after(
        nll(model.architectures[0], model.parameters[0], inputs),
        sequence_predictions(columns, inputs[:, :, : len(columns)]),
    ).weights[:, model.architectures[0].drawn.index(PITCH)]
    past = both_ways(columns)
    for event in inputs[1:, 0, : len(columns)].tolist():
        for predictor in past:
            predictor.update(event)
    said, orders = zip(*(predictor.predict(PITCH, events[0].tolist()) for predictor in past), strict=True)
    of_past = shares(weights, trusts(np.array(orders)[:, None]))[1:, 0]
    of_past *= min(0.3 / of_past.sum(), 1)
    likely = np.exp(logits.astype(float)) / np.exp(logits.astype(float)).sum(axis=1, keepdims=True)
    mixed = of_past @ np.stack(said) + (1 - of_past.sum()) * likely
    assert np.exp(Blend(model, tunes[0], 2).blend(logits, PITCH, events)) == pytest.approx(mixed)


def test_a_short_primer_gives_the_past_a_small_share(model, tunes, events, logits):
    after_a_bar = Blend(model, passage(tunes[0], 1, 1), 2).blend(logits, PITCH, events)
    likely = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert 0.8 < (np.exp(after_a_bar) / likely).min() < 1
