"""Owns the sketches of a training: when its network composes a few bars, and what they may cost.

Knows nothing about how they are composed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.lstm.parameters import Parameters
from core.models.model import Model, Sketch

DrawSketch = Callable[[Model, float, float], Sketch]
"""Lets a model compose a few bars when a share of its training is done, after so many seconds."""

_MOST_SHARE = 0.02  # of the budget, at most, that the last sketch may have cost


class Sketches:
    """The sketches of a training, drawn at their places as long as they cost little of its time."""

    def __init__(
        self,
        draw: DrawSketch | None,
        tell: Callable[[Sketch], None],
        clock: Callable[[], float],
        model_of: Callable[[tuple[Parameters, ...]], Model],
        places: Sequence[float],
    ) -> None:
        """Draw at these shares of the budget, and at the end."""
        self.found: list[Sketch] = []
        self._draw, self._tell, self._clock, self._model_of = draw, tell, clock, model_of
        self._places, self._cost = list(places), 0.0

    def come_to(self, done: float, seconds: float, weights: Callable[[], tuple[Parameters, ...]]) -> None:
        """Draw one if its place has been reached, and the last one did not cost too much of the whole time."""
        if self._draw is None or not self._places or done < self._places[0]:
            return
        while self._places and done >= self._places[0]:
            self._places.pop(0)
        if not done or self._cost <= _MOST_SHARE * seconds / done:
            self._add(done, seconds, weights())

    def end(self, weights: tuple[Parameters, ...], seconds: float) -> None:
        """Draw the last one, by the weights that are kept."""
        if self._draw is not None:
            self._add(1.0, seconds, weights)

    def _add(self, done: float, seconds: float, weights: tuple[Parameters, ...]) -> None:
        assert self._draw is not None
        before = self._clock()
        self.found.append(self._draw(self._model_of(weights), done, seconds))
        self._cost = self._clock() - before
        self._tell(self.found[-1])
