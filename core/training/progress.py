"""Owns a report of a running training.

Knows nothing about who reads it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Progress:
    """A moment of a training; bits are bits per note, None where not measured yet."""

    done: float  # share of the budget, 0..1
    seconds: float
    steps: int
    learned_bits: float | None = None
    held_out_bits: float | None = None
    notes_per_second: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return a plain dictionary."""
        return asdict(self)
