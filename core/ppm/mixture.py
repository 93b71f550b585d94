"""Owns the mixture of predictors, of the network and of PPM: shares that follow whichever predicted better lately.

Knows nothing about how any of them predicts.

The weight v of each predictor begins as V in each piece and each column, and moves by Bayes' rule with every event; a
part of it returns to V each time, so that no predictor is ever ruled out ('fixed share', Herbster and Warmuth 1998).
Its share s also depends on how much of the past a prediction rests on: the more notes have come back, the likelier does
the next one (in data compression the order of a context chooses the weights, Mahoney 2005):

    s ~ v trust(order),   p = sum of s p_predictor,   v <- (1 - a) v' + a V   with   v' ~ v p_predictor

where ~ is 'in proportion to'. The trust in the network is always 1.

Conventions
-----------
predictors : the network, PPM by pitches, PPM by intervals; without a network only the latter two
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.ppm.sequence import Predictions

_WITH_NETWORK, _WITHOUT = (0.7, 0.15, 0.15), (0.5, 0.5)
_RETURN_RATE = 0.1
_TRUST = np.array([0.2, 0.4, 1.0, 2.0, 4.0, 8.0])
"""By the order of PPM's prediction."""

Array = NDArray[np.float64]


def trusts(orders: NDArray[np.integer]) -> Array:
    """Return the trust in predictions of PPM of some orders, (2, ...), behind that in the network: (3, ...)."""
    return np.concatenate([np.ones((1, *orders.shape[1:])), _TRUST[orders]])


def shares(weights: Array, trust: Array) -> Array:
    """Return the share of each predictor, by its weight and the trust in it; all are (predictors, ...)."""
    found: Array = weights * trust
    return found / found.sum(axis=0)


class Mixture:
    """The weights of the predictors, (predictors, columns, lanes)."""

    def __init__(self, columns: int, lanes: int, initial: Sequence[float] = _WITH_NETWORK) -> None:
        self._initial = np.array(initial)[:, None, None]
        self.weights: Array = np.tile(self._initial, (1, columns, lanes))

    def reset(self, lanes: NDArray[np.bool_]) -> None:
        """Return to the initial weights where a new piece begins."""
        self.weights[:, :, lanes] = self._initial

    def update(self, probabilities: Array, trust: Array) -> Array:
        """Move the weights by the probability of an event to each predictor; return that to all, (columns, lanes).

        probabilities, trust : (predictors, columns, lanes); where all are 1 there was nothing to predict
        """
        whole: Array = (shares(self.weights, trust) * probabilities).sum(axis=0)
        moved = self.weights * probabilities
        moved /= moved.sum(axis=0)
        self.weights = moved + _RETURN_RATE * (self._initial - moved)
        return whole


def mixture_nll(nll: Array, ppm: Predictions, begins: NDArray[np.bool_]) -> Array:
    """Return the nats that a stream of events costs the mixture, (columns, steps, lanes).

    nll    : the nats that it costs the network
    begins : (steps, lanes), whether the event is the first of a piece
    """
    return _costs(Mixture(nll.shape[0], nll.shape[2]), _with_network(nll, ppm), trusts(ppm.orders), begins)


def ppm_nll(ppm: Predictions, begins: NDArray[np.bool_]) -> Array:
    """Return what a stream of events costs without a network; see `mixture_nll`."""
    _, columns, _, lanes = ppm.probabilities.shape
    return _costs(Mixture(columns, lanes, _WITHOUT), ppm.probabilities, trusts(ppm.orders)[1:], begins)


def _with_network(nll: Array, ppm: Predictions) -> Array:
    return np.concatenate([np.exp(-nll)[None], ppm.probabilities])


def _costs(mixture: Mixture, probabilities: Array, trust: Array, begins: NDArray[np.bool_]) -> Array:
    found = np.empty(probabilities.shape[1:])
    for step, first in enumerate(begins):
        if first.any():
            mixture.reset(first)
        found[:, step] = mixture.update(probabilities[:, :, step], trust[:, :, step])
    return -np.log(found)


def mixture_after(nll: Array, ppm: Predictions) -> Mixture:
    """Return the mixture after the beginning of a piece; the rest is as in `mixture_nll`."""
    mixture = Mixture(nll.shape[0], nll.shape[2])
    _costs(mixture, _with_network(nll, ppm), trusts(ppm.orders), np.zeros(nll.shape[1:], dtype=bool))
    return mixture
