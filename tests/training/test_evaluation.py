import math

import numpy as np
import pytest

from core.encoding import JointEncoding
from core.encoding.columns import with_boundaries
from core.notes import transpose
from core.ppm.mixture import ppm_nll
from core.ppm.sequence import sequence_predictions
from core.training.evaluation import HeldOutSet, evaluate, total
from tests.conftest import tune


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
    pieces = [*tunes, tune(bars=3)]
    together = evaluate(model, pieces)
    alone = [evaluate(model, [piece]) for piece in pieces]
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


def test_an_evaluation_says_how_much_music_it_is_of(model, tunes):
    found = evaluate(model, tunes[:3])
    assert (found.pieces, found.notes) == (3, 240)


def test_what_ppm_alone_costs_is_that_of_both_ways_together(model, tunes):
    if model.encoding.family == "classic":
        pytest.skip("PPM predicts the joint family only")
    events = with_boundaries(model.encoding.encode(tunes[0]), model.encoding.columns)[:, None]
    begins = events[:-1, :, 0] == model.encoding.columns[0].boundary
    nats = ppm_nll(sequence_predictions(model.encoding.columns, events), begins)
    bits = nats.sum(axis=(1, 2)) / np.log(2) / 80
    assert list(evaluate(model, tunes[:1]).ppm_only.values()) == pytest.approx(bits.tolist())


def test_without_ppm_only_the_network_is_asked(model, tunes):
    found = evaluate(model, tunes, use_ppm=False)
    assert (found.fields, found.ppm_only) == (found.network_only, {})
    assert found.network_only == evaluate(model, tunes).network_only


def test_the_weights_of_the_mixture_begin_anew_with_every_piece(model, tunes):
    both = evaluate(model, [tunes[0], tunes[0]])
    assert both.fields == pytest.approx(evaluate(model, tunes[:1]).fields)
    packed_together = HeldOutSet(model.encoding, [tunes[0], tunes[0]], 1)
    nats = np.ones((len(both.network_only) - ("spelling" in both.fields), *packed_together.counts.shape))
    alone = HeldOutSet(model.encoding, tunes[:1], 1)
    assert packed_together.fields(nats) == pytest.approx(alone.fields(nats[:, : len(alone.counts)]))


def test_ppm_needs_the_columns_in_their_order(tunes):
    class Turned(JointEncoding):
        networks = ((1, 0, 2, 3, 4),)

    with pytest.raises(ValueError, match="order"):
        HeldOutSet(Turned(), tunes, 2)
    assert HeldOutSet(Turned(), tunes, 2, use_ppm=False).ppm_only() == {}


def test_the_spelling_is_paid_once_for_each_piece_and_told_by_the_note(model, tunes):
    strange = [transpose(tunes[0], 1), transpose(tunes[1], 1)]
    bits = sum(model.encoding.spelling_bits(piece) for piece in strange)
    assert evaluate(model, strange).fields.get("spelling", 0.0) == pytest.approx(bits / 160)
