"""How far music is from a corpus, beside how far the pieces of the corpus are from each other.

Yang and Lerch, 'On the evaluation of generative models in music', Neural Computing and Applications 32, 2020: each
passage is a histogram; the Euclidean distances of every pair within the corpus, and of every new passage to every one
of the corpus, are two distributions. If the new music belongs to the style, they are the same: the overlapping area of
their densities is 1 and the Kullback-Leibler divergence 0. So music may be too much alike as well as too strange.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.similarity import Histograms

Array = NDArray[np.float64]

GRID = 512
MARGIN = 3  # kernel widths to each side of the outermost distances
LEAST_WIDTH = 1e-3
LEAST_DENSITY = 1e-6


def within(rows: Array) -> Array:
    """Return the distances of all pairs of rows: (n, bins) -> (n (n - 1) / 2,)."""
    return between(rows, rows)[np.triu_indices(len(rows), 1)]


def between(some: Array, others: Array) -> Array:
    """Return the distances of each row to each other row: (n, bins), (m, bins) -> (n, m)."""
    return np.stack([np.linalg.norm(others - row, axis=1) for row in some])


def width(distances: Array) -> float:
    """Return the width of the kernels by Scott's rule; Scott, 'Multivariate Density Estimation', 1992."""
    return max(float(distances.std()) * len(distances) ** -0.2, LEAST_WIDTH)


def density(distances: Array, at: Array) -> Array:
    """Return a Gaussian kernel estimate of a density at some points: (n,), (points,) -> (points,), summing to 1."""
    found = sum(np.exp(-0.5 * ((at - each) / width(distances)) ** 2) for each in distances)
    return found / np.sum(found)


def agreement(one: Array, other: Array) -> tuple[float, float]:
    """Return the overlapping area of the densities of two sets of distances, and the divergence (bits)."""
    margin = MARGIN * max(width(one), width(other))
    both = np.concatenate([one, other])
    at = np.linspace(both.min() - margin, both.max() + margin, GRID)
    p, q = density(one, at), density(other, at)
    divergence = np.sum(p * np.log2((p + LEAST_DENSITY) / (q + LEAST_DENSITY)))
    return float(np.minimum(p, q).sum()), float(divergence)


class Style:
    """A corpus as distances: (name of the histogram -> rows of passages)."""

    def __init__(self, passages: Sequence[Histograms]) -> None:
        self.rows = stacked(passages)
        self.inner = {name: within(rows) for name, rows in self.rows.items()}

    def compare(self, passages: Sequence[Histograms]) -> dict[str, tuple[float, float]]:
        """Return overlapping area and divergence of each histogram for new passages."""
        new = stacked(passages)
        return {name: agreement(self.inner[name], between(new[name], rows).ravel()) for name, rows in self.rows.items()}


def stacked(passages: Sequence[Histograms]) -> Histograms:
    """Return the histograms of all passages, (bins,) each, as rows of one array each."""
    return {name: np.stack([each[name] for each in passages]) for name in passages[0]}
