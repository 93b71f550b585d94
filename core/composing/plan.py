"""Owns the plan of a take: its metre and range, where it begins and ends, how fast it is played.

Knows nothing about how notes are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.bars import metre_at
from core.composing.primer import Primer
from core.config import ComposingSettings
from core.corpus.style import Style
from core.encoding.time_grid import TICKS_PER_QUARTER, to_ticks

_SLOWEST, _FASTEST = 20.0, 400.0  # qpm


@dataclass(frozen=True)
class Plan:
    """What a take is to be. `start` and `stop` are ticks; `rhythm` is whether gaps are the learned ones."""

    style: Style
    rhythm: bool
    start: int
    stop: int
    qpm: float

    @property
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


def plan_take(style: Style, settings: ComposingSettings, primer: Primer) -> Plan:
    """Plan a take in a style; a primer brings its own metre, and its range where that is wider."""
    style = _with_primer(style, primer)
    qpm = min(max(style.qpm * settings.tempo_scale, _SLOWEST), _FASTEST)
    quarters = settings.bars * style.bar if style.grid else settings.play_seconds * qpm / 60
    return Plan(style, settings.rhythm, primer.start, primer.start + int(to_ticks(quarters)), qpm)


def _with_primer(style: Style, primer: Primer) -> Style:
    if primer.piece is None:
        return style
    pitches = primer.piece.notes["pitch"]
    metre = metre_at(primer.piece, primer.last_onset / TICKS_PER_QUARTER)
    return replace(
        style,
        numerator=metre.numerator,
        denominator=metre.denominator,
        lowest=min(style.lowest, int(pitches.min())),
        highest=max(style.highest, int(pitches.max())),
    )
