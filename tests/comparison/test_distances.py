import numpy as np
import pytest

from core.comparison.distances import DistanceProfile, between, compare_distances, density, kernel_width, within
from core.comparison.histograms import histograms
from tests.benchmarks.conftest import line


def test_distances_are_those_of_all_pairs():
    rows = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
    assert within(rows).tolist() == pytest.approx([5, 1, 18**0.5])
    assert between(rows[:1], rows).tolist() == [[0, 5, 1]]


def test_kernels_narrow_with_more_distances():
    some = np.array([1.0, 3.0] * 16)
    assert kernel_width(some) == pytest.approx(1.0 / 2)
    assert kernel_width(np.ones(9)) == 1e-3


def test_density_is_a_gaussian_around_each_distance():
    points = np.array([0.0, 1.0, 3.0])
    width = kernel_width(np.array([1.0, 1.0, 3.0, 3.0]))
    far = np.exp(-0.5 * (2 / width) ** 2)
    middle = np.exp(-0.5 * (1 / width) ** 2)
    outer = np.exp(-0.5 * (3 / width) ** 2)
    expected = np.array([middle + outer, 1 + far, 1 + far])
    assert density(np.array([1.0, 1.0, 3.0, 3.0]), points) == pytest.approx(expected / expected.sum())


def test_equal_distributions_overlap_and_distant_ones_do_not():
    rng = np.random.default_rng(0)
    one, same, far = rng.normal(1, 0.1, 400), rng.normal(1, 0.1, 400), rng.normal(3, 0.1, 400)
    area, bits = compare_distances(one, same)
    assert area > 0.9
    assert 0 <= bits < 0.05
    area, bits = compare_distances(one, far)
    assert area < 0.01
    assert bits > 5
    assert compare_distances(np.zeros(9), np.zeros(9)) == pytest.approx((1, 0), abs=1e-6)


def test_divergence_is_that_of_two_gaussians():
    rng = np.random.default_rng(1)
    one, other = rng.normal(0.0, 1.0, 4000), rng.normal(1.0, 1.0, 4000)
    _, bits = compare_distances(one, other)
    assert bits == pytest.approx(0.5 / np.log(2), rel=0.15)  # half the squared distance of the means, in nats


def test_music_of_one_kind_is_nearer_than_other_music_and_than_one_piece_many_times():
    rng = np.random.default_rng(0)
    kind, fresh = ([histograms([line(rng.choice([60, 62, 64, 67, 69], 40))]) for _ in range(30)] for _ in range(2))
    other = [histograms([line(rng.choice([61, 63, 66, 68, 70], 40))]) for _ in range(30)]
    profile = DistanceProfile(kind)
    near, strange, dull = (profile.compare(each)["pitch class"] for each in (fresh, other, kind[:1] * 30))
    assert near[0] > dull[0] > strange[0]
    assert near[1] < dull[1] < strange[1]
