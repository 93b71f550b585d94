"""Owns how far the past of a piece is believed beside the network: a mixture that follows whoever foretold better.

Knows nothing about either.

The share s of the past starts small in each piece and each column, and moves by Bayes' rule with every event; a part
of it returns to where it began each time, so that nobody is believed for ever ('fixed share', Herbster and Warmuth
1998): p = s p_past + (1 - s) p_network,  s <- (1 - a) s p_past / p + a s_0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BEGINNING = 0.02
_RETURN = 0.02

Chances = NDArray[np.float64]


class Mixture:
    """The shares of the past, one a column and voice."""

    def __init__(self, columns: int, voices: int) -> None:
        """Begin with small shares."""
        self.shares = np.full((columns, voices), _BEGINNING)

    def begin(self, voices: NDArray[np.bool_]) -> None:
        """Begin anew where another piece begins."""
        self.shares[:, voices] = _BEGINNING

    def learn(self, network: Chances, past: Chances) -> Chances:
        """Move the shares by how likely what came was to either, (columns, voices); return how likely it was to both.

        Where both say 1 there was nothing to foretell.
        """
        heard = self.shares * past
        whole = heard + (1 - self.shares) * network
        self.shares = heard / whole
        self.shares += _RETURN * (_BEGINNING - self.shares)
        return whole


def mixed(nats: Chances, past: Chances, begins: NDArray[np.bool_]) -> Chances:
    """Return the cost in nats of a stream of events to network and past together, (columns, steps, voices).

    nats   : the cost to the network alone
    past   : how likely each was to the past of its piece
    begins : (steps, voices), whether the event is the first of a piece
    """
    mixture, costs = Mixture(nats.shape[0], nats.shape[2]), np.empty_like(nats)
    network = np.exp(-nats)
    for step, first in enumerate(begins):
        mixture.begin(first)
        costs[:, step] = -np.log(mixture.learn(network[:, step], past[:, step]))
    return costs


def believed(nats: Chances, past: Chances) -> Chances:
    """Return the shares of the past after the beginning of a piece, (columns, voices); the rest is as in `mixed`."""
    mixture = Mixture(nats.shape[0], nats.shape[2])
    for step in range(nats.shape[1]):
        mixture.learn(np.exp(-nats[:, step]), past[:, step])
    return mixture.shares
