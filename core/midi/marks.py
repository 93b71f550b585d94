"""Owns the order of marks: the tempos or the metres of a piece, each in force until the next.

Knows nothing about where they come from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter
from typing import TypeVar

from core.notes import Metre, Tempo

Mark = TypeVar("Mark", Tempo, Metre)


def settled(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Sort marks, keep the last of those on one onset, and leave out those that change nothing."""
    by_onset = {mark.onset: mark for mark in sorted(marks, key=attrgetter("onset"))}
    kept: list[Mark] = []
    for mark in by_onset.values():
        if not kept or replace(mark, onset=kept[-1].onset) != kept[-1]:
            kept.append(mark)
    return tuple(kept)
