"""Owns the measures of Yang and Lerch: how far music is from a corpus, compared with how far that is from itself.

Knows nothing about models, nor about what the histograms count.

Yang and Lerch, 'On the evaluation of generative models in music', Neural Computing and Applications 32, 2020: each
passage is a histogram. The Euclidean distances of all pairs within the corpus, and of each new passage to each one of
the corpus, are two distributions. If the new music belongs to the style they are the same: the overlapping area (OA) of
their densities is 1 and their Kullback-Leibler divergence (KLD) 0. So both too much alike and too different count
against it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.comparison.histograms import Histograms

Array = NDArray[np.float64]

_POINTS = 512
_MARGIN = 3  # kernel widths to each side of the outermost distances
_LEAST_WIDTH = 1e-3
_LEAST_DENSITY = 1e-6


def within(rows: Array) -> Array:
    """Return the distances of all pairs of rows: (n, bins) -> (n (n - 1) / 2,)."""
    return between(rows, rows)[np.triu_indices(len(rows), 1)]


def between(some: Array, others: Array) -> Array:
    """Return the distances of each row to each other row: (n, bins), (m, bins) -> (n, m)."""
    return np.stack([np.linalg.norm(others - row, axis=1) for row in some])


def kernel_width(distances: Array) -> float:
    """Return the width of the kernels by Scott's rule, σ n^(-1/5) (Scott, 'Multivariate Density Estimation', 1992)."""
    return max(float(distances.std()) * len(distances) ** -0.2, _LEAST_WIDTH)


def density(distances: Array, points: Array) -> Array:
    """Return a Gaussian kernel estimate of the density at some points: (n,), (points,) -> (points,), summing to 1."""
    width = kernel_width(distances)
    found = np.sum([np.exp(-0.5 * ((points - each) / width) ** 2) for each in distances], axis=0)
    return found / found.sum()


def compare_distances(one: Array, other: Array) -> tuple[float, float]:
    """Return OA and KLD(one || other) in bits of two sets of distances, (n,) and (m,)."""
    margin = _MARGIN * max(kernel_width(one), kernel_width(other))
    both = np.concatenate([one, other])
    points = np.linspace(both.min() - margin, both.max() + margin, _POINTS)
    p, q = density(one, points), density(other, points)
    divergence = np.sum(p * np.log2((p + _LEAST_DENSITY) / (q + _LEAST_DENSITY)))
    return float(np.minimum(p, q).sum()), float(divergence)


class DistanceProfile:
    """The distances between the passages of a corpus, by histogram."""

    def __init__(self, passages: Sequence[Histograms]) -> None:
        self._rows = _stacked(passages)
        self._inner = {name: within(rows) for name, rows in self._rows.items()}

    def compare(self, passages: Sequence[Histograms]) -> dict[str, tuple[float, float]]:
        """Return OA and KLD of each histogram for new passages."""
        new = _stacked(passages)
        return {
            name: compare_distances(self._inner[name], between(new[name], rows).ravel())
            for name, rows in self._rows.items()
        }


def _stacked(passages: Sequence[Histograms]) -> Histograms:
    """Return each histogram of all passages, (passages, bins)."""
    return {name: np.stack([each[name] for each in passages]) for name in passages[0]}
