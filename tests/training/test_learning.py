"""Trainings with the real network in TensorFlow."""

from dataclasses import replace

import numpy as np
import pytest

from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.notes import Piece, as_notes
from core.training.evaluation import HeldOutSet, evaluate, total
from core.training.loop import train
from tests.conftest import TINY

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def learners():
    from core.lstm.learner import Learners

    return Learners()


def held_out(corpus, model):
    return [piece for piece, each in zip(corpus.pieces, corpus.digests, strict=True) if each in model.record.held_out]


def test_training_lowers_the_cost_of_held_out_music(corpus, family, learners):
    settings = TrainingSettings(**TINY | {"family": family, "units": 24, "dropout": 0.1})
    early, late = (train(corpus, replace(settings, steps=steps), learners) for steps in (1, 150))
    held = held_out(corpus, late)
    before, after = (total(evaluate(model, held).network_only) for model in (early, late))
    assert after < 0.9 * before


def test_numpy_scores_the_kept_weights_as_training_did(corpus, settings, learners):
    model = train(corpus, replace(settings, steps=40), learners)
    found = evaluate(model, held_out(corpus, model))
    assert found.bits_per_note == pytest.approx(model.record.bits_per_note, abs=1e-3)
    assert total(found.network_only) == pytest.approx(model.record.network_only, abs=1e-3)
    assert any(bits == pytest.approx(model.record.network_only, abs=1e-4) for _, _, bits in model.record.curve)


def test_same_seed_same_weights_also_with_a_learner_used_again(corpus, settings, learners):
    first, other, again = (train(corpus, replace(settings, seed=seed), learners) for seed in (1, 2, 1))
    for one, two in zip(first.parameters, again.parameters, strict=True):
        assert all((one[name] == two[name]).all() for name in one)
    assert other.record.curve != first.record.curve


def test_a_training_goes_on_from_a_model(corpus, settings, learners):
    first = train(corpus, replace(settings, steps=60), learners)
    second = train(corpus, settings, learners, first)
    held = held_out(corpus, first)
    before, after = (total(evaluate(model, held).network_only) for model in (first, second))
    assert after < 1.1 * before
    assert after < 0.9 * total(evaluate(train(corpus, settings, learners), held).network_only)


def test_one_piece_is_enough(corpus, settings, learners):
    assert np.isfinite(train(corpus.select([0]), settings, learners).record.curve[-1][1])


def test_music_by_chance_is_learned_no_better_than_chance(learners):
    rng = np.random.default_rng(0)
    noise = [
        (
            str(number),
            Piece(as_notes([(onset, 1, pitch, 80, 0) for onset, pitch in enumerate(rng.integers(20, 100, 60))])),
        )
        for number in range(6)
    ]
    settings = TrainingSettings(**TINY | {"steps": 60, "learning_rate": 0.01})
    model = train(Corpus.of(noise), settings, learners)
    found = evaluate(model, held_out(Corpus.of(noise), model))
    assert found.network_only["pitch"] > np.log2(80) - 0.5


def test_a_validation_does_not_depend_on_rows_or_windows(model, tunes, settings, learners):
    learner = learners(model.encoding, settings, model.parameters)
    expected = evaluate(model, tunes)
    found = []
    for rows, length in ((1, 8), (2, 5), (8, 16)):
        held = HeldOutSet(model.encoding, tunes, rows)
        nats = learner.validate(held.inputs, held.counts, length)
        assert held.fields(nats) == pytest.approx(expected.fields, rel=1e-3)
        found.append(held.network_only(nats))
        assert found[-1] == pytest.approx(expected.network_only, rel=1e-3)
        assert found[-1] == pytest.approx(found[0], rel=1e-4)


def test_networks_of_one_size_are_compiled_once(model, settings, learners):
    first = learners(model.encoding, settings, model.parameters)
    assert learners(model.encoding, replace(settings, seed=5, steps=9), model.parameters) is first
    assert learners(model.encoding, replace(settings, batch=2), model.parameters) is not first
