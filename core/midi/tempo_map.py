"""Owns tempo and metre maps: the changes of tempo or metre of a piece in order, each in force until the next.

Knows nothing about where they come from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from core.notes import Change


def normalized(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Sort changes, keep the last of those on one onset, and leave out those without effect."""
    by_onset = {change.onset: change for change in sorted(changes, key=attrgetter("onset"))}
    kept: list[Change] = []
    for change in by_onset.values():
        if not kept or replace(change, onset=kept[-1].onset) != kept[-1]:
            kept.append(change)
    return tuple(kept)
