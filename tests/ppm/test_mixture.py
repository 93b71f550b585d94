import numpy as np
import pytest

from core.ppm.mixture import Mixture, mixture_nll, weights_after


def test_whoever_foretells_better_is_believed_more():
    mixture = Mixture(1, 2)
    for _ in range(20):
        mixture.update(np.array([[0.1, 0.9]]), np.array([[0.9, 0.1]]))
    assert mixture.weights[0, 0] > 0.9
    assert mixture.weights[0, 1] < 0.02


def test_nobody_is_believed_for_ever():
    mixture = Mixture(1, 1)
    for _ in range(200):
        mixture.update(np.array([[0.9]]), np.array([[0.001]]))
    for _ in range(3):
        mixture.update(np.array([[0.001]]), np.array([[0.9]]))
    assert mixture.weights[0, 0] > 0.9


def test_another_piece_begins_anew():
    mixture = Mixture(1, 2)
    mixture.update(np.array([[0.1, 0.1]]), np.array([[0.9, 0.9]]))
    mixture.reset(np.array([True, False]))
    assert mixture.weights[0, 0] == Mixture(1, 1).weights[0, 0] < mixture.weights[0, 1]


def test_what_may_come_sums_to_one():
    """The cost of each of all continuations after the same past."""
    rng = np.random.default_rng(0)
    heard = rng.random((2, 3, 1, 5))
    network, past = heard / heard.sum(axis=3, keepdims=True)
    voices = 5
    before = np.log(rng.random((3, 4, 1))).repeat(voices, axis=2)
    nats = np.concatenate([-before, -np.log(network)], axis=1)
    chances = np.concatenate([rng.random((3, 4, 1)).repeat(voices, axis=2), past], axis=1)
    begins = np.zeros((5, voices), dtype=bool)
    assert np.exp(-mixture_nll(nats, chances, begins)[:, -1]).sum(axis=1) == pytest.approx(1)


def test_where_nothing_is_foretold_nothing_is_paid():
    nats, past = np.zeros((1, 4, 1)), np.ones((1, 4, 1))
    assert mixture_nll(nats, past, np.zeros((4, 1), dtype=bool)) == pytest.approx(0)


def test_a_beginning_says_whom_to_believe():
    nats, past = np.full((2, 30, 1), 3.0), np.full((2, 30, 1), 0.9)
    past[1] = 0.001
    shares = weights_after(nats, past)[:, 0]
    assert shares[0] > 0.9
    assert shares[1] < 0.02


def test_a_share_moves_by_bayes_rule_and_a_fiftieth_of_it_goes_back():
    mixture = Mixture(1, 1)
    assert mixture.weights.tolist() == [[0.15]]
    whole = mixture.update(np.array([[0.2]]), np.array([[0.6]]))
    assert whole[0, 0] == pytest.approx(0.15 * 0.6 + 0.85 * 0.2)
    assert mixture.weights[0, 0] == pytest.approx(0.98 * 0.15 * 0.6 / whole[0, 0] + 0.02 * 0.15)


def test_a_stream_pays_for_each_event_what_the_mixture_gave_it():
    nats, past = np.full((1, 3, 1), 2.0), np.full((1, 3, 1), 0.7)
    mixture, network = Mixture(1, 1), np.full((1, 1), np.exp(-2.0))
    alone = [-np.log(mixture.update(network, past[:, 0]))[0, 0] for _ in range(3)]
    assert mixture_nll(nats, past, np.zeros((3, 1), dtype=bool))[0, :, 0] == pytest.approx(alone)
    begins = np.array([[True], [False], [True]])
    assert mixture_nll(nats, past, begins)[0, :, 0] == pytest.approx([alone[0], alone[1], alone[0]])
    assert weights_after(nats, past) == pytest.approx(mixture.weights)
