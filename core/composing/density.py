"""Owns the wish for sparser or denser music: longer or shorter gaps are made likelier, chords stay as they are.

Knows nothing about how an id is drawn.

The probability of a gap of g ticks is multiplied by (1 + g / 6) ** -density: rhythms keep their kinds, as only the
ratio of long to short ones changes, and the network goes on from what was drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SHORT = 6.0  # ticks: a sixteenth


def gap_bias(gap_ticks: NDArray[np.int64], density: float) -> NDArray[np.float32] | None:
    """Return what is added to the logits of gaps, (ids,), for a density from -1 to 1; None for 0, as learned."""
    return (-density * np.log1p(gap_ticks / _SHORT)).astype(np.float32) if density else None
