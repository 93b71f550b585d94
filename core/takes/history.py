"""Owns undo and redo: the states that a value went through.

Knows nothing about what the value is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

_MOST_STEPS = 100

Value = TypeVar("Value")


@dataclass(frozen=True)
class History(Generic[Value]):
    """The value now, those before it, and those that were undone; `step` names what led to the value now."""

    now: Value
    before: tuple[Value, ...] = ()
    undone: tuple[Value, ...] = ()
    step: str = ""

    def change(self, value: Value, step: str = "") -> History[Value]:
        """Go on with another value; what was undone is gone. The same value is no change.

        Steps of one name that follow each other are one step: a slider that moves on is undone at once.
        """
        if value is self.now:
            return self
        if step and step == self.step:
            return replace(self, now=value)
        return History(value, (*self.before, self.now)[-_MOST_STEPS:], step=step)

    def adjust(self, value: Value) -> History[Value]:
        """Go on with another value that is no step of its own: looking elsewhere is nothing to undo."""
        return replace(self, now=value)

    @property
    def states(self) -> tuple[Value, ...]:
        """All states in the order in which they came about."""
        return (*self.before, self.now, *reversed(self.undone))

    def amend(self, since: Callable[[Value], bool], change: Callable[[Value], Value]) -> History[Value]:
        """Change all states from the first on for which `since` holds: what is late was there from then on.

        Where it holds for none, everything stays.
        """
        states, place = self.states, len(self.before)
        first = next((index for index, state in enumerate(states) if since(state)), len(states))
        late = (*states[:first], *map(change, states[first:]))
        return replace(self, now=late[place], before=late[:place], undone=late[:place:-1])

    def undo(self) -> History[Value]:
        """Go one step back, if there is one."""
        if not self.before:
            return self
        return History(self.before[-1], self.before[:-1], (*self.undone, self.now))

    def redo(self) -> History[Value]:
        """Go one step forward again, if one was undone."""
        if not self.undone:
            return self
        return History(self.undone[-1], (*self.before, self.now), self.undone[:-1])
