from itertools import pairwise, product

import numpy as np

from core.score.path import cheapest_path


def test_no_other_path_is_cheaper():
    rng = np.random.default_rng(3)
    costs, changes = rng.random((5, 3)), rng.random((3, 3))

    def cost(path):
        return costs[range(5), path].sum() + sum(changes[pair] for pair in pairwise(path))

    found = cheapest_path(costs, changes)
    assert cost(tuple(found)) == min(cost(path) for path in product(range(3), repeat=5))


def test_of_equals_the_first_state_is_taken():
    assert cheapest_path(np.zeros((3, 2)), np.zeros((2, 2))).tolist() == [0, 0, 0]


def test_nowhere_is_an_empty_path():
    assert cheapest_path(np.zeros((0, 2)), np.zeros((2, 2))).tolist() == []
