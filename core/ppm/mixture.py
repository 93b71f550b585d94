"""Owns the mixture of two predictors, the network and PPM: weights that follow whichever predicted better lately.

Knows nothing about either.

The weight w of PPM starts small in each piece and each column, and moves by Bayes' rule with every event; a part of it
returns to its initial value each time, so that neither predictor is ever ruled out ('fixed share', Herbster and Warmuth
1998):

    p = w p_ppm + (1 - w) p_network,   w <- (1 - a) w p_ppm / p + a w_0
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_INITIAL_WEIGHT = 0.15
_RETURN_RATE = 0.02

Array = NDArray[np.float64]


def mix(weights: Array, ppm: Array, network: Array) -> Array:
    """Return the probabilities of the mixture: those of PPM by its weights, those of the network by the rest."""
    return weights * ppm + (1 - weights) * network


class Mixture:
    """The weights of PPM, one for each column and lane."""

    def __init__(self, columns: int, lanes: int) -> None:
        self.weights = np.full((columns, lanes), _INITIAL_WEIGHT)

    def reset(self, lanes: NDArray[np.bool_]) -> None:
        """Return to the initial weights where a new piece begins."""
        self.weights[:, lanes] = _INITIAL_WEIGHT

    def update(self, network: Array, ppm: Array) -> Array:
        """Move the weights by the probability of an event to each predictor, (columns, lanes); return that to both.

        Where both are 1 there was nothing to predict.
        """
        whole = mix(self.weights, ppm, network)
        self.weights = self.weights * ppm / whole
        self.weights += _RETURN_RATE * (_INITIAL_WEIGHT - self.weights)
        return whole


def mixture_nll(nll: Array, ppm: Array, begins: NDArray[np.bool_]) -> Array:
    """Return the nats that a stream of events costs the mixture, (columns, steps, lanes).

    nll    : the nats that it costs the network
    ppm    : the probabilities of PPM
    begins : (steps, lanes), whether the event is the first of a piece
    """
    mixture, costs = Mixture(nll.shape[0], nll.shape[2]), np.empty_like(nll)
    network = np.exp(-nll)
    for step, first in enumerate(begins):
        mixture.reset(first)
        costs[:, step] = -np.log(mixture.update(network[:, step], ppm[:, step]))
    return costs


def weights_after(nll: Array, ppm: Array) -> Array:
    """Return the weights of PPM after the beginning of a piece, (columns, lanes); the rest is as in `mixture_nll`."""
    mixture = Mixture(nll.shape[0], nll.shape[2])
    for step in range(nll.shape[1]):
        mixture.update(np.exp(-nll[:, step]), ppm[:, step])
    return mixture.weights
