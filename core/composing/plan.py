"""Owns the plan of a take: its metre, range and key, where it begins and ends, how fast it is played.

Knows nothing about how notes are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from core.bars import metre_at
from core.composing.primer import Primer
from core.config import FEWEST_PITCHES, ComposingSettings
from core.corpus.loudness import levels_of
from core.corpus.style import Style
from core.encoding.time_grid import TICKS_PER_QUARTER, to_ticks
from core.midi.parts import FASTEST, SLOWEST
from core.notes import CLOCK_QPM, FREE_QPM

_NEVER = 2**60  # ticks


@dataclass(frozen=True)
class Plan:
    """What a take is to be.

    `start` and `stop` are ticks; `rhythm` is whether gaps are the learned ones; the range is that of the style. A take
    without a grid is counted by the clock: `qpm` is the speed of that.
    """

    style: Style
    rhythm: bool
    start: int
    stop: int
    qpm: float
    tempo_scale: float = 1.0
    key: str | None = None

    @cached_property
    def bar(self) -> int:
        """The length of a bar in ticks, at least one."""
        return max(int(to_ticks(self.style.bar)), 1)

    @property
    def earliest_end(self) -> int:
        """The tick before which no take ends."""
        return max(self.stop - int(to_ticks(self.style.bar)), self.start + 1)

    @property
    def longest_gap(self) -> int:
        """The longest gap in ticks, so that no take is empty."""
        return max(self.stop - self.start - 1, 1)

    @property
    def endless(self) -> Plan:
        """The plan of a take that never ends by itself."""
        return replace(self, stop=_NEVER)

    def until(self, tick: int) -> Plan:
        """Return the plan of a take that ends before a tick: with its last whole bar, where there are bars."""
        whole = self.start + max(tick - self.start, 0) // self.bar * self.bar if self.style.grid else tick
        return replace(self, stop=whole)


def plan_take(style: Style, settings: ComposingSettings, primer: Primer) -> Plan:
    """Plan a take in a style; wishes come last.

    A primer brings its own time, written or performed, its speed, metre and loudness, and its range where that is
    wider. The length is asked for in bars where the style has them, else in seconds.
    """
    own, style = style, _with_wishes(_with_primer(style, primer), settings)
    qpm = within_speeds(style.qpm * settings.tempo_scale, style.grid)
    seconds = settings.bars * own.bar * 60 / own.qpm / settings.tempo_scale if own.grid else settings.play_seconds
    quarters = settings.bars * style.bar if own.grid and style.grid else seconds * qpm / 60
    stop = primer.start + int(to_ticks(quarters))
    return Plan(style, settings.rhythm, primer.start, stop, qpm, settings.tempo_scale, settings.key)


def within_speeds(qpm: float, grid: bool = True) -> float:
    """Return a speed, or the slowest or fastest that takes are written in; without a grid, one of the clock."""
    faster = 1.0 if grid else CLOCK_QPM / FREE_QPM
    return min(max(qpm, SLOWEST * faster), FASTEST * faster)


def _with_primer(style: Style, primer: Primer) -> Style:
    if primer.piece is None:
        return style
    pitches = primer.piece.notes["pitch"]
    stretch = 1.0 if style.grid != primer.performed else primer.piece.qpm / style.qpm  # quarters of another kind
    metre = metre_at(primer.piece, primer.last_onset / TICKS_PER_QUARTER)
    return replace(
        style,
        qpm=primer.piece.qpm,
        grid=not primer.performed,
        longest_gap=style.longest_gap * stretch,
        longest_note=style.longest_note * stretch,
        last_notes=tuple(length * stretch for length in style.last_notes),
        numerator=metre.numerator,
        denominator=metre.denominator,
        lowest=min(style.lowest, int(pitches.min())),
        highest=max(style.highest, int(pitches.max())),
        levels=levels_of([primer.piece]),
    )


def _with_wishes(style: Style, settings: ComposingSettings) -> Style:
    """Return the style with the range asked for; a bound that was not asked for gives way until twelve pitches fit."""
    if (settings.key, settings.lowest, settings.highest) == (None, None, None):
        return style
    lowest = style.lowest if settings.lowest is None else settings.lowest
    highest = style.highest if settings.highest is None else settings.highest
    if settings.highest is None:
        highest = min(max(highest, lowest + FEWEST_PITCHES - 1), 127)
    if settings.lowest is None:
        lowest = max(min(lowest, highest - FEWEST_PITCHES + 1), 0)
    return replace(style, lowest=lowest, highest=highest)
