"""Owns the wish for sparser or denser music: longer or shorter gaps become likelier, chords and the end do not.

Knows nothing about how an id is drawn.

The probability of a gap of g > 0 ticks is multiplied by (1 + g / 6) ** -density, and then all of these by what brings
their sum back. Rhythms keep their kinds, as only the ratio of long to short ones changes, and the network goes on from
what was drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.composing.sampling import Logits

_SHORT = 6.0  # ticks: a sixteenth


class Density:
    """The wish for a density from -1, sparser, to 1, denser; 0 is as learned."""

    def __init__(self, gap_ticks: NDArray[np.int64], density: float) -> None:
        """Take how many ticks each gap has; of those that have none the end is one."""
        self._moves = gap_ticks > 0
        self._bias = (-density * np.log1p(gap_ticks[self._moves] / _SHORT)).astype(np.float32) if density else None

    def bend(self, logits: Logits) -> Logits:
        """Return the logits of gaps, (lanes, ids), of which those that may not be drawn are -inf already."""
        if self._bias is None:
            return logits
        before = logits[:, self._moves]
        after = before + self._bias
        sums = [np.logaddexp.reduce(each, axis=1, keepdims=True) for each in (before, after)]
        bent, some = logits.copy(), np.isfinite(sums[0])
        bent[:, self._moves] = after + np.subtract(sums[0], sums[1], out=np.zeros_like(sums[0]), where=some)
        return bent
