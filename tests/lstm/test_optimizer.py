"""Adam with weight decay, clipping and averages, against the formulas in double precision."""

import numpy as np
import pytest

from core.lstm.hyperparameters import USUAL, Hyperparameters

tf = pytest.importorskip("tensorflow")

from core.lstm.optimizer import Optimizer  # noqa: E402, after the guard

RATE = 0.01


def reference(first, gradients, chosen):
    """Loshchilov and Hutter 2019, Algorithm 2, on one vector; the gradient is clipped by its norm before."""
    weights, average = first.astype(float), first.astype(float)
    mean = square = np.zeros_like(weights)
    for step, gradient in enumerate(gradients, start=1):
        gradient = gradient * min(1.0, chosen.gradient_norm / np.linalg.norm(gradient))
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        weights = weights - RATE * chosen.weight_decay * weights
        corrected = RATE * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        weights = weights - corrected * mean / (np.sqrt(square) + 1e-7)
        average = average + max(1 - chosen.averaging, 9 / (9 + step)) * (weights - average)
    return weights, average


@pytest.mark.parametrize(
    "chosen",
    [USUAL, Hyperparameters(gradient_norm=0.3), Hyperparameters(weight_decay=0.5), Hyperparameters(averaging=0.5)],
)
def test_a_hundred_steps_follow_the_formulas(chosen):
    rng = np.random.default_rng(0)
    first, gradients = rng.normal(size=7).astype(np.float32), rng.normal(size=(100, 7)).astype(np.float32)
    variable = tf.Variable(first)
    optimizer = Optimizer([variable], chosen)
    for gradient in gradients:
        optimizer.apply([tf.constant(gradient)], tf.constant(RATE))
    weights, average = reference(first, gradients, chosen)
    assert variable.numpy() == pytest.approx(weights, abs=2e-5)
    assert optimizer.averages[0].numpy() == pytest.approx(average, abs=2e-5)


def test_all_variables_are_clipped_by_one_norm():
    small, large = tf.Variable([0.0]), tf.Variable([0.0])
    optimizer = Optimizer([small, large], Hyperparameters(gradient_norm=1.0, weight_decay=0.0))
    optimizer.apply([tf.constant([3.0]), tf.constant([4.0])], tf.constant(RATE))
    optimizer.apply([tf.constant([0.0]), tf.constant([0.0])], tf.constant(RATE))
    one = tf.Variable([0.0])
    alone = Optimizer([one], Hyperparameters(gradient_norm=1.0, weight_decay=0.0))
    alone.apply([tf.constant([0.6])], tf.constant(RATE))
    alone.apply([tf.constant([0.0])], tf.constant(RATE))
    assert small.numpy() == pytest.approx(one.numpy(), rel=1e-5)


def test_a_reset_forgets_all_but_the_weights():
    variable = tf.Variable([1.0])
    optimizer = Optimizer([variable], USUAL)
    for _ in range(5):
        optimizer.apply([tf.constant([1.0])], tf.constant(RATE))
    optimizer.reset()
    assert optimizer.averages[0].numpy() == variable.numpy()
    before = variable.numpy().copy()
    optimizer.apply([tf.constant([1.0])], tf.constant(RATE))
    fresh = tf.Variable(before)
    Optimizer([fresh], USUAL).apply([tf.constant([1.0])], tf.constant(RATE))
    assert variable.numpy() == pytest.approx(fresh.numpy(), rel=1e-6)


def test_a_rate_of_nothing_moves_nothing():
    variable = tf.Variable([1.0, -2.0])
    Optimizer([variable], USUAL).apply([tf.constant([1.0, 1.0])], tf.constant(0.0))
    assert variable.numpy().tolist() == [1.0, -2.0]
