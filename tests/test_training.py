from dataclasses import replace

import numpy as np
import pytest

from core.config import TrainingSettings
from core.evaluation import Trial, score, total
from core.lstm.learner import learner_for
from core.model import StartError
from core.notes import Piece, as_notes
from core.training import learning_rate, train

from .conftest import TINY

pytestmark = pytest.mark.slow


def test_training_lowers_the_cost_of_held_out_music(named, family):
    settings = TrainingSettings(**TINY | {"family": family, "units": 24, "dropout": 0.1})
    early, late = (train(named, replace(settings, steps=steps)) for steps in (1, 150))
    held = [piece for name, piece in named if name in late.record.held_out]
    before, after = (total(score(model, held).network_alone) for model in (early, late))
    assert after < 0.9 * before


def test_numpy_scores_the_kept_weights_as_training_did(named, settings):
    model = train(named, replace(settings, steps=40))
    held = [piece for name, piece in named if name in model.record.held_out]
    found = score(model, held)
    assert found.bits_per_note == pytest.approx(model.record.bits_per_note, abs=1e-3)
    assert total(found.network_alone) == pytest.approx(model.record.network_alone, abs=1e-3)
    assert any(alone == pytest.approx(model.record.network_alone, abs=1e-4) for _, _, alone in model.record.curve)


def test_same_seed_same_weights(named, settings):
    first, second = train(named, settings), train(named, settings)
    for ours, theirs in zip(first.parameters, second.parameters, strict=True):
        for name in ours:
            assert np.allclose(ours[name], theirs[name], atol=1e-5)


def test_a_stop_returns_what_was_learned(named):
    model = train(named, TrainingSettings(**TINY | {"steps": None, "seconds": 60}), should_stop=lambda: True)
    assert model.record.stopped
    assert 0 < model.record.seconds < 10


def test_a_time_budget_is_kept_and_progress_reported(named, monkeypatch):
    monkeypatch.setattr("core.training._PATIENCE", 2)
    heard = []
    model = train(named, TrainingSettings(**TINY | {"steps": None, "seconds": 2}), report=heard.append)
    assert 2 <= model.record.seconds < 3
    assert heard[-1].done == 1
    assert [each.done for each in heard] == sorted(each.done for each in heard)


def test_it_ends_early_when_nothing_more_is_learned(named):
    rng = np.random.default_rng(0)
    noise = Piece(as_notes([(onset, 1, pitch, 80, 0) for onset, pitch in enumerate(rng.integers(20, 100, 30))]))
    settings = TrainingSettings(**TINY | {"steps": 400, "learning_rate": 0.05})
    record = train([*named[:3], ("noise", noise)], settings).record
    assert record.held_out == ("noise",)
    assert record.steps < 400
    assert not record.stopped


def test_the_record_names_every_piece(named, settings):
    record = train(named, settings).record
    assert sorted(record.pieces + record.held_out) == sorted(name for name, _ in named)


def test_one_piece_is_enough(named, settings):
    assert train(named[:1], settings).record.curve


def test_a_training_goes_on_from_a_model(named, settings):
    first = train(named, replace(settings, steps=60))
    second = train(named, settings, first)
    held = [piece for name, piece in named if name in first.record.held_out]
    before, after = (total(score(model, held).network_alone) for model in (first, second))
    assert after < 1.1 * before
    assert after < 0.9 * total(score(train(named, settings), held).network_alone)


def test_another_size_cannot_go_on(named, settings):
    with pytest.raises(StartError, match="size"):
        train(named, replace(settings, units=16), train(named, settings))


def test_the_rate_rises_and_falls():
    settings = TrainingSettings()
    rates = [learning_rate(settings, done) for done in (0, 0.02, 0.5, 1)]
    assert rates[1] == pytest.approx(settings.learning_rate, rel=0.01)
    assert rates[0] < rates[1] > rates[2] > rates[3]


def test_a_judgement_does_not_depend_on_rows_or_windows(model, tunes, settings):
    learner = learner_for(model.encoding, settings, model.parameters)
    expected = score(model, tunes)
    found = []
    for rows, length in ((1, 8), (2, 5), (8, 16)):
        trial = Trial(model.encoding, tunes, rows)
        nats = learner.judge(trial.events, trial.counts, length)
        assert trial.fields(nats) == pytest.approx(expected.fields, rel=1e-3)
        found.append(trial.apart(nats)[0])
        assert found[-1] == pytest.approx(expected.network_alone, rel=1e-3)
        assert found[-1] == pytest.approx(found[0], rel=1e-4)


def test_a_learner_used_again_learns_the_same(named, settings):
    first, other, again = (train(named, replace(settings, seed=seed)) for seed in (1, 2, 1))
    for one, two in zip(first.parameters, again.parameters, strict=True):
        assert all((one[name] == two[name]).all() for name in one)
    assert other.record.curve != first.record.curve


def test_networks_of_one_size_are_compiled_once(model, settings):
    first = learner_for(model.encoding, settings, model.parameters)
    assert learner_for(model.encoding, replace(settings, seed=5, steps=9), model.parameters) is first
    assert learner_for(model.encoding, replace(settings, batch=2), model.parameters) is not first
