"""Owns the numbers of the optimiser and the cost that no person chooses; the ablations change them one by one.

Knows nothing about how they are used.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hyperparameters:
    """How weights move: see `optimizer` and `network`."""

    gradient_norm: float = 1.0  # longer gradients are shortened to it
    weight_decay: float = 0.05
    averaging: float = 0.995  # how slowly the average of the weights follows them
    label_smoothing: float = 0.0  # share of the cost that is spread over all ids


USUAL = Hyperparameters()
