"""Owns the desk: the takes that a visitor keeps, newest first, each with a name, a note and a star.

Knows nothing about pages. A desk is a value: every change returns another one, so that `history` can go back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.bars import bar_onsets, passage
from core.composing.take import Take
from core.config import ComposingSettings

MOST_TAKES = 200
"""How many takes a desk holds; the oldest without a star make room."""


@dataclass(frozen=True, eq=False)
class KeptTake:
    """A take on a desk.

    `number` counts the takes of a visitor from 1 on and is never used again; `parent` is that of the take it came from.
    """

    number: int
    take: Take
    settings: ComposingSettings
    name: str
    note: str = ""
    starred: bool = False
    parent: int | None = None


@dataclass(frozen=True)
class Desk:
    """Takes, newest first; `opened` is the number of the one that is shown large, `last` the highest number so far."""

    takes: tuple[KeptTake, ...] = ()
    opened: int | None = None
    last: int = 0

    @property
    def open_take(self) -> KeptTake | None:
        """The take that is shown large."""
        return next((kept for kept in self.takes if kept.number == self.opened), None)

    def add(self, takes: Sequence[Take], settings: ComposingSettings, parent: int | None = None) -> Desk:
        """Put new takes on top, in their order, and open the first of them."""
        own = (replace(settings, seed=take.seed, variations=1) for take in takes)
        numbered = enumerate(zip(takes, own, strict=True), start=self.last + 1)
        new = [KeptTake(number, take, each, f"Take {number}", parent=parent) for number, (take, each) in numbered]
        if not new:
            return self
        kept = (*new, *_limited(self.takes, MOST_TAKES - len(new)))
        return Desk(kept, new[0].number, new[-1].number)

    def open(self, number: int) -> Desk:
        """Show a take large."""
        return replace(self, opened=number)

    def trim(self, number: int, first: int, count: int) -> Desk:
        """Put some bars of a take on top as a take of their own."""
        kept = next(kept for kept in self.takes if kept.number == number)
        start, _ = bar_onsets(kept.take.piece, [first, first + count]).tolist()
        piece = passage(kept.take.piece, first, count)
        given = min(max(kept.take.primer_end - start, 0.0), piece.end)
        return self.add([replace(kept.take, piece=piece, primer_end=given)], kept.settings, parent=number)

    def star(self, number: int, starred: bool = True) -> Desk:
        """Give a take a star, or take it away."""
        return self._changed(number, starred=starred)

    def rename(self, number: int, name: str) -> Desk:
        """Give a take another name; an empty one is passed over."""
        return self._changed(number, name=name.strip()) if name.strip() else self

    def annotate(self, number: int, note: str) -> Desk:
        """Write a note on a take."""
        return self._changed(number, note=note.strip())

    def delete(self, number: int) -> Desk:
        """Take a take off the desk; if it was open, the one after it opens, or the one before."""
        numbers = [kept.number for kept in self.takes]
        if number not in numbers:
            return self
        place = numbers.index(number)
        left = self.takes[:place] + self.takes[place + 1 :]
        if self.opened != number:
            return replace(self, takes=left)
        return replace(self, takes=left, opened=left[min(place, len(left) - 1)].number if left else None)

    def _changed(self, number: int, **fields: object) -> Desk:
        changed = (replace(kept, **fields) if kept.number == number else kept for kept in self.takes)  # type: ignore[arg-type]
        return replace(self, takes=tuple(changed))


def _limited(takes: tuple[KeptTake, ...], most: int) -> tuple[KeptTake, ...]:
    """Let the oldest takes without a star go where there are more than `most`; starred ones stay."""
    surplus = len(takes) - most
    if surplus <= 0:
        return takes
    plain = [kept.number for kept in reversed(takes) if not kept.starred]
    gone = set(plain[:surplus])
    return tuple(kept for kept in takes if kept.number not in gone)
