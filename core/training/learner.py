"""Owns the interface of what learns: the loop asks for nothing else, so that it needs no TensorFlow.

Knows nothing about how the steps are taken; `core.lstm.learner` takes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.config import TrainingSettings
from core.encoding import EventFormat, Inputs
from core.lstm.hyperparameters import Hyperparameters
from core.lstm.parameters import Parameters


class Learner(Protocol):
    """What takes the steps. Costs are nats by drawn column, networks one after another."""

    @property
    def names(self) -> Sequence[str]:
        """The names of the drawn columns."""

    @property
    def validation_rows(self) -> tuple[int, int]:
        """How many rows `validate` should be given, for few pieces and for many."""

    def begin(self, first: Sequence[Parameters], seed: int) -> None:
        """Begin anew with the weights `first`, one set a network, an empty state, and dropout by a seed."""

    def step(self, events: Inputs, rate: float) -> NDArray[np.float32]:
        """Learn from a window at a learning rate; return its costs by column. A rate of 0 changes nothing."""

    def validate(self, events: Inputs, counts: NDArray[np.bool_], length: int) -> NDArray[np.float64]:
        """Return the cost of each event[1:] where `counts`: (drawn columns, steps - 1, rows)."""

    def weights(self) -> tuple[Parameters, ...]:
        """Return a copy of the weights of each network."""


class Learners(Protocol):
    """What makes a learner that begins with the weights `first`, one set a network."""

    def __call__(
        self,
        form: EventFormat,
        settings: TrainingSettings,
        first: Sequence[Parameters],
        hyperparameters: Hyperparameters,
    ) -> Learner:
        """Return it; what an earlier call returned may no longer be used."""
