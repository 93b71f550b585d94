"""Owns the description of an event array: which columns it has, and which network learns which.

Knows nothing about music; an encoding fills the columns, a network predicts them.

Conventions
-----------
An event is a row of integer ids, one a column, in the order in which they are drawn. The highest id of every column
is its *boundary*: a row of boundaries stands before the first event of a piece and after the last one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Column:
    """One field of an event.

    A `drawn` column is predicted; another follows from what is known already (where we are in the bar). The column
    that `ends` a piece is the one whose boundary may be predicted. `unseen` is the probability of a token outside the
    vocabulary, which has the second highest id; 0 where the vocabulary holds everything.
    """

    name: str
    size: int
    drawn: bool = True
    ends: bool = False
    unseen: float = 0.0

    @property
    def boundary(self) -> int:
        """The id that stands before and after a piece."""
        return self.size - 1

    @property
    def unknown(self) -> int:
        """The id of all tokens outside the vocabulary, where there are such."""
        return self.size - 2

    @property
    def outputs(self) -> int:
        """How many ids may be predicted."""
        return self.size if self.ends else self.size - 1


def boundary_row(columns: tuple[Column, ...], context: int = 0) -> NDArray[np.int16]:
    """Return the event that stands between pieces, in silence: shape (1, columns + context)."""
    return np.array([[column.boundary for column in columns] + [0] * context], dtype=np.int16)


def with_boundaries(inputs: NDArray[np.int16], columns: tuple[Column, ...]) -> NDArray[np.int16]:
    """Put a boundary before and after the events of one piece."""
    edge = boundary_row(columns, inputs.shape[1] - len(columns))
    return np.concatenate([edge, inputs, edge])
