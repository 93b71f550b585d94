"""Owns note values: chords and silences in a bar -> symbols, each of which is one note value.

Knows nothing about pitch or pages.

Conventions
-----------
symbol : one value, plain or dotted, on its own or under a tuplet; a chord longer than that is several, tied
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil

from core.score.barring import Bar, is_plain
from core.score.quantize import Beat, Chord, normal

Span = tuple[Fraction, Fraction]

_LEVELS = 2  # of strength, at which a long note may be parted


@dataclass(frozen=True)
class Symbol:
    """A note value from `onset` to `end`; a rest without a chord, under a tuplet if its beat is one."""

    onset: Fraction
    end: Fraction
    chord: Chord | None
    tuplet: Beat | None

    @property
    def value(self) -> Fraction:
        """The written value in quarters: under a triplet it is longer than it lasts."""
        lasts = self.end - self.onset
        return lasts * self.tuplet.parts / normal(self.tuplet.parts) if self.tuplet else lasts


def write_bar(bar: Bar, chords: Sequence[Chord], beats: Sequence[Beat]) -> list[Symbol]:
    """Return the symbols that fill a bar, given the chords and the beats that reach into it."""
    tuplets = [beat for beat in beats if beat.is_tuplet]
    symbols = []
    for onset, end, chord in _filled(bar, chords):
        for start, stop, tuplet in _parted(onset, end, tuplets):
            spans = _under_tuplet(start, stop, tuplet, chord) if tuplet else _plain(bar, start, stop, chord)
            symbols += [Symbol(*span, chord, tuplet) for span in spans]
    return symbols


def _filled(bar: Bar, chords: Sequence[Chord]) -> Iterator[tuple[Fraction, Fraction, Chord | None]]:
    """Yield what there is in a bar, silences too, cut at the bar lines."""
    now = bar.onset
    for chord in chords:
        onset, end = max(chord.onset, bar.onset), min(chord.end, bar.end)
        if now < onset:
            yield now, onset, None
        yield onset, end, chord
        now = end
    if now < bar.end:
        yield now, bar.end, None


def _parted(
    onset: Fraction, end: Fraction, tuplets: Sequence[Beat]
) -> Iterator[tuple[Fraction, Fraction, Beat | None]]:
    """Part what begins or ends inside a tuplet from what does not."""
    for beat in tuplets:
        if onset >= end:
            return
        if beat.end <= onset or beat.onset >= end or (onset <= beat.onset and beat.end <= end):
            continue
        if onset < beat.onset:
            yield onset, beat.onset, None
        yield max(onset, beat.onset), min(end, beat.end), beat
        onset = min(end, beat.end)
    if onset < end:
        yield onset, end, None


def _under_tuplet(onset: Fraction, end: Fraction, beat: Beat, chord: Chord | None) -> Iterator[Span]:
    """Yield the longest values first."""
    fits = _is_note_value if chord else is_plain
    while onset < end:
        left = int((end - onset) / beat.part)
        stop = onset + max(count for count in range(1, left + 1) if fits(Fraction(count))) * beat.part
        yield onset, stop
        onset = stop


def _plain(bar: Bar, onset: Fraction, end: Fraction, chord: Chord | None) -> Iterable[Span]:
    return _note_values(bar, onset, end) if chord else _rests(bar, onset, end)


@lru_cache(maxsize=4096)
def _note_values(bar: Bar, onset: Fraction, end: Fraction) -> tuple[Span, ...]:
    """Return one value where it shows the beat well enough, else as few as there can be, parted at a strong place."""
    if _is_note_value(end - onset) and _shows_beat(bar, onset, end):
        return ((onset, end),)
    inside = sorted(_inside(bar, onset, end), key=lambda place: (bar.spacing(place), place), reverse=True)
    levels = sorted({bar.spacing(place) for place in inside})[-_LEVELS:]
    middles = [place for place in inside if bar.spacing(place) in levels]
    return min((_note_values(bar, onset, place) + _note_values(bar, place, end) for place in middles), key=len)


def _shows_beat(bar: Bar, onset: Fraction, end: Fraction) -> bool:
    """Tell whether a note hides no place that is more than one level stronger than its ends, and one of that at most.

    So an eighth, a quarter and an eighth may stand for two beats, but only what begins and ends on a beat may hide the
    middle of a bar of 4/4.
    """
    own = min(bar.spacing(onset), bar.spacing(end))
    hidden = [bar.spacing(place) for place in _inside(bar, onset, end)]
    return all(step <= 2 * own for step in hidden) and sum(step > own for step in hidden) <= 1


def _inside(bar: Bar, onset: Fraction, end: Fraction) -> list[Fraction]:
    """Return the places inside a span that are as strong as the weaker of its ends, or else the strongest ones."""
    own = min(bar.spacing(onset), bar.spacing(end))
    for step in bar.spacings:
        first = onset - (onset - bar.onset + bar.lead) % step + step
        if step <= own and first < end:
            return [first + number * step for number in range(ceil((end - first) / step))]
    return []


def _rests(bar: Bar, onset: Fraction, end: Fraction) -> Iterator[Span]:
    """Yield rests that begin where their length counts from; a whole bar of silence is one."""
    if end - onset == bar.metre.bar:
        yield onset, end
        return
    while onset < end:
        stop = onset + next(step for step in bar.rests(onset) if step <= end - onset)
        yield onset, stop
        onset = stop


def _is_note_value(length: Fraction) -> bool:
    """Tell whether a length is one value, with a dot or without."""
    return is_plain(length) or is_plain(length / 3)
