"""Owns the comparison of a take's style with that of the music learned from: where it lies inside, where it strays.

Knows nothing about networks or pages.

Each feature of a take is held against the same feature of passages of the music, as long as the take. It is the same
where it lies between the 10th and the 90th percentile of theirs, or nearly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.bars import count_bars, first_bar, passage
from core.comparison.texture import distinct_rhythms, likenesses_at, notes_a_bar, sounding_notes
from core.comparison.tonality import key_distance, outside_key
from core.corpus.corpus import evenly
from core.notes import GRID_TICKS, Piece, counted, is_performed

LAGS = tuple(range(1, 33))
"""The distances in bars at which bars are held against each other."""
_PHRASES = (2, 4, 8, 16)
_SPREAD = (10, 90)  # percentiles
_NEARLY = 0.05  # of the median: so far beyond them a feature is still the same
_MOST_PASSAGES = 60
_MOST_STRAYS = 2
_ALIKE = 0.3  # the likeness from which on bars are said to come back


@dataclass(frozen=True)
class Feature:
    """Something that can be measured of a piece, with the words for less, as much and more of it."""

    name: str
    measure: Callable[[Piece], float | None]
    less: str
    same: str
    more: str


@dataclass(frozen=True)
class Finding:
    """A feature of a take beside the median of the music, and the bounds between which it counts as the same."""

    feature: Feature
    value: float
    low: float
    usual: float
    high: float

    @property
    def verdict(self) -> int:
        """-1 for less than in the music, 0 for the same, 1 for more."""
        return int(self.value > self.high) - int(self.value < self.low)

    @property
    def distance(self) -> float:
        """How far the value lies outside of the bounds, as a share of what is between them."""
        beyond = max(self.low - self.value, self.value - self.high, 0.0)
        return beyond / max(self.high - self.low, 1e-9)

    @property
    def words(self) -> str:
        """The finding as a sentence without an end."""
        if self.verdict == 0:
            return f"{self.feature.same} as in your music"
        return f"{self.feature.more if self.verdict > 0 else self.feature.less} than in your music"


def _mean_length(piece: Piece) -> float | None:
    """Return the mean length of the notes in quarters."""
    return float(piece.notes["duration"].mean()) if len(piece.notes) else None


def _mean_step(piece: Piece) -> float | None:
    """Return how far the highest notes of neighbouring onsets are from each other, in semitones, on average."""
    if not len(piece.notes):
        return None
    begins = np.flatnonzero(np.diff(np.round(piece.notes["onset"] * GRID_TICKS), prepend=-1.0) > 0)
    top = np.maximum.reduceat(piece.notes["pitch"].astype(int), begins)
    return float(np.abs(np.diff(top)).mean()) if len(top) > 1 else None


def _notes_a_second(piece: Piece) -> float | None:
    return len(piece.notes) / piece.seconds if piece.seconds else None


_ANY_TIME = (
    Feature("notes at once", sounding_notes, "fewer notes at once", "as many notes at once", "more notes at once"),
    Feature("length of notes", _mean_length, "shorter notes", "notes as long", "longer notes"),
    Feature("steps", _mean_step, "smaller steps", "steps as large", "larger leaps"),
    Feature(
        "notes outside the key",
        outside_key,
        "fewer notes outside the key",
        "as many notes outside the key",
        "more notes outside the key",
    ),
)
_WRITTEN = (
    Feature("notes a bar", notes_a_bar, "fewer notes a bar", "as many notes a bar", "more notes a bar"),
    Feature(
        "rhythms", distinct_rhythms, "fewer different rhythms", "as many different rhythms", "more different rhythms"
    ),
    Feature(
        "distance of keys",
        key_distance,
        "stays nearer to one key",
        "goes as far through the keys",
        "goes further through the keys",
    ),
)
_PERFORMED = (
    Feature("notes a second", _notes_a_second, "fewer notes a second", "as many notes a second", "more notes a second"),
)


def features_of(piece: Piece) -> tuple[Feature, ...]:
    """Return the features of a kind of music: performed music has no bars to count by."""
    return (*_PERFORMED, *_ANY_TIME) if is_performed(piece) else (*_WRITTEN, *_ANY_TIME)


def passages_like(take: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    """Cut pieces into passages as long as a take, at most sixty, evenly chosen; a shorter piece is one by itself.

    Performed ones are counted by the clock.
    """
    take, pieces = counted(take), [counted(piece) for piece in pieces]
    bars = max(count_bars(take), 1)
    found = [each for piece in pieces for each in _cut(piece, bars) if len(each.notes)]
    return evenly(found, _MOST_PASSAGES)


def _cut(piece: Piece, bars: int) -> Iterator[Piece]:
    first, last = first_bar(piece), first_bar(piece) + count_bars(piece)
    if last - first <= bars:
        yield piece
        return
    for bar in range(first, last - bars + 1, bars):
        yield passage(piece, bar, bars)


Usual = dict[str, tuple[float, float, float]]
"""What is usual in passages of the music: for the name of each feature the median between its bounds."""


def compare_styles(take: Piece, passages: Sequence[Piece]) -> list[Finding]:
    """Hold a take against passages of the music; what cannot be measured in both is left out."""
    return hold_against(take, usual_in(passages, features_of(take)))


def usual_in(passages: Sequence[Piece], features: Sequence[Feature]) -> Usual:
    """Return what is usual in passages of the music; what cannot be measured in any is left out."""
    found = {}
    for feature in features:
        values = [each for passage in passages if (each := feature.measure(passage)) is not None]
        if values:
            found[feature.name] = spread(values)
    return found


def hold_against(take: Piece, usual: Usual) -> list[Finding]:
    """Hold a take against what is usual; what cannot be measured of it is left out."""
    features, take = features_of(take), counted(take)
    values = {feature: feature.measure(take) for feature in features if feature.name in usual}
    return [Finding(each, value, *usual[each.name]) for each, value in values.items() if value is not None]


def strays_in_words(findings: Sequence[Finding]) -> str:
    """Say in few words where a take strays from the music most, at most twice."""
    strays = sorted((finding for finding in findings if finding.verdict), key=lambda each: each.distance, reverse=True)
    said = [each.feature.more if each.verdict > 0 else each.feature.less for each in strays[:_MOST_STRAYS]]
    return ", ".join(said)


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the median of some values between the bounds of what counts as the same: most of them, and a bit more."""
    low, usual, high = np.percentile(values, [_SPREAD[0], 50, _SPREAD[1]]).tolist()
    near = _NEARLY * abs(usual)
    return low - near, usual, high + near


def likeness_curve(piece: Piece) -> list[float | None]:
    """Return how alike bars are at each distance of `LAGS`; None where the piece is too short."""
    return likenesses_at(piece, LAGS)


def phrase_words(take: Piece, passages: Sequence[Piece]) -> str:
    """Say after how many bars the music comes back, and whether the take does; nothing where the music does not."""
    columns = zip(*(likenesses_at(piece, _PHRASES) for piece in passages), strict=True)
    alike = {lag: [each for each in column if each is not None] for lag, column in zip(_PHRASES, columns, strict=False)}
    usual = {lag: float(np.mean(found)) for lag, found in alike.items() if found}
    if not usual or max(usual.values()) < _ALIKE:
        return ""
    lag = max(usual, key=lambda each: usual[each])
    (own,) = likenesses_at(take, (lag,))
    if own is None:
        return ""
    if own < float(np.percentile(alike[lag], _SPREAD[0])) - _NEARLY:
        return f"bars come back after {lag} bars less often than in your music"
    return f"bars come back after {lag} bars, as in your music"


def style_sentences(take: Piece, pieces: Sequence[Piece]) -> list[str]:
    """Say in sentences how a take lies beside the music learned from."""
    passages = passages_like(take, pieces)
    return sentences_of(take, passages, compare_styles(take, passages))


def sentences_of(take: Piece, passages: Sequence[Piece], findings: Sequence[Finding]) -> list[str]:
    """Say the same, by what was found beside passages of the music."""
    words = [finding.words for finding in findings]
    if not is_performed(take) and (phrases := phrase_words(take, passages)):
        words.append(phrases)
    return [f"{each[0].upper()}{each[1:]}." for each in words]
