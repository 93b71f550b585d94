import math

import numpy as np
import pytest

from core.notes import transpose
from core.training.evaluation import evaluate, total


def uniform(model):
    """Return the model with all weights 0, so that every id is equally likely."""
    zeros = tuple({name: np.zeros_like(values) for name, values in network.items()} for network in model.parameters)
    return type(model)(model.settings, model.encoding, zeros, model.style)


def test_equal_chances_cost_the_logarithm_of_the_ids(model, tunes, monkeypatch):
    if model.encoding.family == "classic":
        pytest.skip("its events are chords")
    monkeypatch.setattr(type(model.encoding), "supports_ppm", False)
    found = evaluate(uniform(model), tunes)
    ends = (found.notes + found.pieces) / found.notes
    sizes = {column.name: column.outputs for column in model.encoding.columns}
    assert found.fields["pitch"] == pytest.approx(math.log2(sizes["pitch"]))
    assert found.fields["gap"] == pytest.approx(ends * math.log2(sizes["gap"]))


def test_velocity_stands_apart(model, tunes):
    found = evaluate(model, tunes)
    counted = sum(bits for name, bits in found.fields.items() if name != "velocity")
    assert found.bits_per_note == pytest.approx(counted)


def test_the_cost_of_pieces_together_is_that_of_each_alone(model, tunes):
    together = evaluate(model, tunes)
    alone = [evaluate(model, [piece]) for piece in tunes]
    weighted = sum(one.bits_per_note * one.notes for one in alone) / sum(one.notes for one in alone)
    assert together.bits_per_note == pytest.approx(weighted)


def test_unknown_chords_cost_their_spelling(model, tunes):
    found = evaluate(model, [transpose(tunes[0], 1)])
    assert ("spelling" in found.fields) == (model.encoding.family == "classic")


def test_a_piece_that_repeats_itself_costs_less_than_the_network_only_says(model, tunes):
    found = evaluate(model, tunes)
    if model.encoding.family == "classic":
        assert (found.network_only, found.ppm_only) == (found.fields, {})
    else:
        assert total(found.ppm_only) < total(found.network_only)
        assert found.bits_per_note < total(found.network_only)
