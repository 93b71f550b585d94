"""Owns the cheapest path: one state for each place in a row, where states cost and changes of state cost.

Knows nothing about music.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def cheapest_path(costs: Array, changes: Array) -> NDArray[np.int64]:
    """Return the states, one a place, whose costs and changes add up to the least; of equals the first state.

    `costs` has shape (places, states), `changes` (states, states): from the row's state to the column's.
    Source: A. Viterbi, Error Bounds for Convolutional Codes, IEEE Transactions on Information Theory 13, 1967.
    """
    places, states = costs.shape
    before = np.zeros((places, states), dtype=np.int64)
    total = costs[:1].sum(axis=0)
    for place in range(1, places):
        ways = total[:, None] + changes
        before[place] = ways.argmin(axis=0)
        total = ways.min(axis=0) + costs[place]
    path = np.zeros(places, dtype=np.int64)
    path[-1:] = total.argmin()
    for place in range(places - 1, 0, -1):
        path[place - 1] = before[place, path[place]]
    return path
