"""Owns the desk: the takes that a visitor keeps, newest first, each with a name, a note and a star.

Knows nothing about pages. A desk is a value: every change returns another one, so that `history` can go back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.composing.take import Take
from core.config import ComposingSettings
from core.notes import Piece, clip, content_hash, scale_tempo

MOST_TAKES = 200
"""How many takes a desk holds; the oldest without a star make room."""


class DeskFullError(ValueError):
    """There is no room for another take; the message says why."""


@dataclass(frozen=True)
class Origin:
    """How a take came about.

    `fingerprint` finds its model in the store, `how` says in words what was done, `parent` is the number of the take
    that it was made from. Takes that were made together share a `batch`. `passage` is what was done anew (onsets).
    """

    settings: ComposingSettings
    fingerprint: str | None = None
    how: str = "composed"
    parent: int | None = None
    batch: str = ""
    passage: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class KeptTake:
    """A take on a desk. `number` counts the takes of a visitor from 1 on and is never used again, see `KeptDesk`."""

    number: int
    take: Take
    origin: Origin
    name: str
    note: str = ""
    starred: bool = False

    @property
    def as_composed(self) -> Piece:
        """The piece at the speed that the network wrote it in, whatever it is played at."""
        return scale_tempo(self.take.piece, 1 / self.origin.settings.tempo_scale)

    @property
    def is_plain(self) -> bool:
        """Whether the person has said nothing of it."""
        return not (self.starred or self.note) and self.name == _first_name(self.number)


@dataclass(frozen=True)
class Family:
    """A take that came from no other on the desk, and all takes that came from it, newest first."""

    first: KeptTake
    descendants: tuple[KeptTake, ...] = ()


@dataclass(frozen=True)
class Desk:
    """Takes, newest first.

    `opened` is the number of the one that is shown large, `last` the highest number so far; `gone` counts the takes
    that have made room for others.
    """

    takes: tuple[KeptTake, ...] = ()
    opened: int | None = None
    last: int = 0
    gone: int = 0

    @property
    def open_take(self) -> KeptTake | None:
        """The take that is shown large."""
        return next((kept for kept in self.takes if kept.number == self.opened), None)

    @property
    def families(self) -> list[Family]:
        """The takes as families, the one with the newest take first; those of one batch keep their order."""
        heads = {kept.number: self._head(kept) for kept in self.takes}
        order = list(dict.fromkeys(heads[kept.number] for kept in self.takes))
        firsts = {kept.number: kept for kept in self.takes}
        rest = {head: [kept for kept in self.takes if heads[kept.number] == head != kept.number] for head in order}
        return [Family(firsts[head], tuple(rest[head])) for head in order]

    def _head(self, kept: KeptTake) -> int:
        """Return the number of the take at the head of a family."""
        parents = {each.number: each.origin.parent for each in self.takes}
        number = kept.number
        while (parent := parents[number]) in parents and parent is not None:
            number = parent
        return number

    def add(self, takes: Sequence[Take], origin: Origin) -> Desk:
        """Put new takes on top, in their order, and open the first of them.

        Where others of their batch are there, what is open stays open; if that batch is on top, they stand behind it.
        Raises DeskFullError where takes with a star leave no room for them.
        """
        own = (replace(origin, settings=replace(origin.settings, seed=take.seed, variations=1)) for take in takes)
        numbered = enumerate(zip(takes, own, strict=True), start=self.last + 1)
        new = [KeptTake(number, take, each, _first_name(number)) for number, (take, each) in numbered]
        if not new:
            return self
        place = 0
        while origin.batch and place < len(self.takes) and self.takes[place].origin.batch == origin.batch:
            place += 1
        self.check_room(len(new), place)
        older = _limited(self.takes[place:], MOST_TAKES - len(new) - place)
        opened = self.opened if self.has_of(origin.batch) else new[0].number
        gone = self.gone + len(self.takes) - place - len(older)
        return Desk((*self.takes[:place], *new, *older), opened, new[-1].number, gone)

    def check_room(self, many: int = 1, newest: int = 0) -> None:
        """Raise DeskFullError where takes with a star, and so many of the newest, leave no room for `many` others."""
        if newest + sum(kept.starred for kept in self.takes[newest:]) + many > MOST_TAKES:
            raise DeskFullError(
                f"There is no room for another take: {MOST_TAKES} are kept at most, and those with a star stay. "
                "Delete some, or take stars away."
            )

    def has_of(self, batch: str) -> bool:
        """Tell whether takes of a batch are there."""
        return bool(batch) and any(kept.origin.batch == batch for kept in self.takes)

    def same(self, take: Take) -> KeptTake | None:
        """Return the take of this desk that is the same music, made in the same way, if there is one."""
        return next((kept for kept in self.takes if _content(kept.take) == _content(take)), None)

    def take_over(self, other: Desk) -> Desk:
        """Put all takes of another desk on top of this one, with what was said of them and new numbers.

        One that is here already, and of which nothing was said, stays where it is.
        """
        here = {kept.number: same.number for kept in other.takes if kept.is_plain and (same := self.same(kept.take))}
        moved = {kept.number: here.get(kept.number, kept.number + self.last) for kept in other.takes}
        takes = tuple(
            replace(
                kept, number=moved[kept.number], origin=replace(kept.origin, parent=moved.get(kept.origin.parent or 0))
            )
            for kept in other.takes
            if kept.number not in here
        )
        older = _limited(self.takes, MOST_TAKES - len(takes))
        opened, gone = moved.get(other.opened or 0, self.opened), self.gone + len(self.takes) - len(older)
        return Desk((*takes, *older), opened, self.last + other.last, gone)

    def open(self, number: int) -> Desk:
        """Show a take large."""
        return replace(self, opened=number)

    def trim(self, number: int, start: float, stop: float, words: str) -> Desk:
        """Put what is between two onsets of a take on top as a take of its own; `words` say what that is."""
        kept = self.find(number)
        piece = clip(kept.take.piece, start, stop)
        given = min(max(kept.take.primer_end - start, 0.0), piece.end)
        origin = replace(kept.origin, how=f"{words} of take {number}", parent=number, batch="")
        return self.add([replace(kept.take, piece=piece, primer_end=given)], origin)

    def find(self, number: int) -> KeptTake:
        """Return a take by its number. Raises StopIteration if there is none."""
        return next(kept for kept in self.takes if kept.number == number)

    def star(self, number: int, starred: bool = True) -> Desk:
        """Give a take a star, or take it away."""
        return self._changed(number, starred=starred)

    def rename(self, number: int, name: str) -> Desk:
        """Give a take another name; an empty one is passed over."""
        return self._changed(number, name=name.strip()) if name.strip() else self

    def annotate(self, number: int, note: str) -> Desk:
        """Write a note on a take."""
        return self._changed(number, note=note.strip())

    def edit(self, number: int, piece: Piece, settings: ComposingSettings) -> Desk:
        """Give a take other notes, instruments or another speed, with the settings that say so."""
        kept = self.find(number)
        origin = replace(kept.origin, settings=settings)
        return self._changed(number, take=replace(kept.take, piece=piece), origin=origin)

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


def _first_name(number: int) -> str:
    return f"Take {number}"


def _content(take: Take) -> tuple[str, int, str, float]:
    return take.model, take.seed, content_hash(take.piece), take.primer_end


def _limited(takes: tuple[KeptTake, ...], most: int) -> tuple[KeptTake, ...]:
    """Let the oldest takes without a star go where there are more than `most`; starred ones stay."""
    surplus = len(takes) - most
    if surplus <= 0:
        return takes
    plain = [kept.number for kept in reversed(takes) if not kept.starred]
    gone = set(plain[:surplus])
    return tuple(kept for kept in takes if kept.number not in gone)
