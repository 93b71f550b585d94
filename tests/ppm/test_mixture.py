import numpy as np
import pytest

from core.ppm.mixture import Mixture, mixture_after, mixture_nll, ppm_nll, shares, trusts
from core.ppm.sequence import Predictions

EVEN = np.ones((3, 1, 1))


def said(*probabilities):
    """What each predictor says, for one column and one lane."""
    return np.array(probabilities, dtype=float)[:, None, None]


def predictions(by_pitches, by_intervals, order=2):
    """The same predictions in one column and one lane, step after step."""
    probabilities = np.array([by_pitches, by_intervals], dtype=float)[:, None, :, None]
    return Predictions(probabilities, np.full(probabilities.shape, order, dtype=np.int8))


def share_of(mixture):
    return shares(mixture.weights, EVEN)[:, 0, 0]


@pytest.mark.parametrize("best", range(3))
def test_whoever_foretells_better_has_the_largest_share(best):
    mixture = Mixture(1, 1)
    for _ in range(20):
        mixture.update(np.roll(said(0.9, 0.1, 0.1), best, axis=0), EVEN)
    assert share_of(mixture)[best] > 0.85


def test_nobody_is_believed_for_ever():
    mixture = Mixture(1, 1)
    for _ in range(200):
        mixture.update(said(0.9, 0.001, 0.001), EVEN)
    for _ in range(3):
        mixture.update(said(0.001, 0.9, 0.001), EVEN)
    assert share_of(mixture)[1] > 0.8


def test_columns_and_lanes_have_weights_of_their_own():
    mixture, better = Mixture(2, 2), np.full((3, 2, 2), 0.1)
    better[1, 0, 1] = 0.9
    for _ in range(5):
        mixture.update(better, np.ones((3, 2, 2)))
    found = shares(mixture.weights, np.ones((3, 2, 2)))[1]
    assert found[0, 1] > 0.6
    assert [found[0, 0], *found[1]] == pytest.approx([0.15] * 3)


def test_another_piece_begins_anew():
    mixture = Mixture(1, 2)
    mixture.update(np.array([[[0.1, 0.1]], [[0.9, 0.9]], [[0.1, 0.1]]]), np.ones((3, 1, 2)))
    mixture.reset(np.array([True, False]))
    assert mixture.weights[1, 0].tolist() == [0.15, pytest.approx(0.9 * 0.135 / 0.22 + 0.1 * 0.15)]


def test_the_more_notes_have_come_back_the_more_ppm_is_believed():
    trust = trusts(np.array([range(6), [0] * 6])[:, None])
    assert trust[:, 0].tolist() == [[1] * 6, [0.2, 0.4, 1, 2, 4, 8], [0.2] * 6]
    own = shares(Mixture(1, 6).weights, trust)[:, 0]
    assert own.sum(axis=0) == pytest.approx(1)
    assert (np.diff(own[1]) > 0).all()
    assert own[:, 0] == pytest.approx(np.array([0.7, 0.03, 0.03]) / 0.76)


def test_weights_move_by_bayes_rule_and_a_tenth_of_them_goes_back():
    mixture, trust = Mixture(1, 1), said(1, 4, 0.2)
    whole = mixture.update(said(0.2, 0.6, 0.1), trust)
    assert whole[0, 0] == pytest.approx((0.7 * 0.2 + 0.6 * 0.6 + 0.03 * 0.1) / 1.33)
    moved = np.array([0.14, 0.09, 0.015]) / 0.245
    assert mixture.weights[:, 0, 0] == pytest.approx(0.9 * moved + 0.1 * np.array([0.7, 0.15, 0.15]))


def test_what_may_come_sums_to_one():
    """The cost of each of all continuations after the same past."""
    rng, voices = np.random.default_rng(0), 5
    heard = rng.random((3, 2, 1, voices))
    last = heard / heard.sum(axis=3, keepdims=True)
    before = rng.random((3, 2, 4, 1)).repeat(voices, axis=3)
    network, *past = np.concatenate([before, last], axis=2)
    ppm = Predictions(np.stack(past), rng.integers(0, 6, (2, 2, 5, 1)).repeat(voices, axis=3))
    begins = np.zeros((5, voices), dtype=bool)
    assert np.exp(-mixture_nll(-np.log(network), ppm, begins)[:, -1]).sum(axis=1) == pytest.approx(1)
    assert np.exp(-ppm_nll(ppm, begins)[:, -1]).sum(axis=1) == pytest.approx(1)


def test_where_nothing_is_foretold_nothing_is_paid():
    ppm, begins = predictions([1] * 4, [1] * 4, order=0), np.zeros((4, 1), dtype=bool)
    assert mixture_nll(np.zeros((1, 4, 1)), ppm, begins) == pytest.approx(0)
    assert ppm_nll(ppm, begins) == pytest.approx(0)


def test_a_stream_pays_for_each_event_what_the_mixture_gave_it():
    nats, ppm = np.full((1, 3, 1), 2.0), predictions([0.7] * 3, [0.1] * 3, order=3)
    mixture, trust = Mixture(1, 1), said(1, 2, 2)
    alone = [-np.log(mixture.update(said(np.exp(-2.0), 0.7, 0.1), trust))[0, 0] for _ in range(3)]
    assert mixture_nll(nats, ppm, np.zeros((3, 1), dtype=bool))[0, :, 0] == pytest.approx(alone)
    begins = np.array([[True], [False], [True]])
    assert mixture_nll(nats, ppm, begins)[0, :, 0] == pytest.approx([alone[0], alone[1], alone[0]])
    assert mixture_after(nats, ppm).weights == pytest.approx(mixture.weights)


def test_without_a_network_both_ways_begin_alike():
    found = ppm_nll(predictions([0.6, 0.6], [0.2, 0.2]), np.zeros((2, 1), dtype=bool))[0, :, 0]
    assert np.exp(-found[0]) == pytest.approx(0.4)
    share = 0.9 * 0.75 + 0.1 * 0.5
    assert np.exp(-found[1]) == pytest.approx(share * 0.6 + (1 - share) * 0.2)
