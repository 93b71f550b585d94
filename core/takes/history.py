"""Owns undo and redo: the states that a value went through.

Knows nothing about what the value is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

_MOST_STEPS = 100

Value = TypeVar("Value")


@dataclass(frozen=True)
class History(Generic[Value]):
    """The value now, those before it, and those that were undone."""

    now: Value
    before: tuple[Value, ...] = ()
    undone: tuple[Value, ...] = ()

    def change(self, value: Value) -> History[Value]:
        """Go on with another value; what was undone is gone. The same value is no change."""
        if value is self.now:
            return self
        return History(value, (*self.before, self.now)[-_MOST_STEPS:])

    def adjust(self, value: Value) -> History[Value]:
        """Go on with another value that is no step of its own: looking elsewhere is nothing to undo."""
        return replace(self, now=value)

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
