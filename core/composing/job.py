"""Owns the job of composing takes: it puts together what draws them, and chooses how they begin.

Knows nothing about the pieces that come of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.composing.blend import Blend
from core.composing.constraints import constraints_for
from core.composing.density import Density
from core.composing.ending import Ending
from core.composing.generator import Generator
from core.composing.loops import LoopGuard, longest_stretch
from core.composing.plan import Plan
from core.composing.primer import Primer
from core.composing.repetition import RepeatingLane, Repetition
from core.config import ComposingSettings
from core.corpus.form import draw_form
from core.corpus.openings import facts_of, opening_quarters, strangeness
from core.encoding.time_grid import TICKS_PER_QUARTER, to_ticks
from core.models.model import Model
from core.notes import as_notes

Ids = NDArray[np.int64]

_BEGINNINGS = 3
_FEWEST_ONSETS = 16  # of a primer that tells how dense it is, and in which key


@dataclass(frozen=True)
class Job:
    """What is to be composed; makes what draws it."""

    model: Model
    settings: ComposingSettings
    plan: Plan
    primer: Primer
    use_guard: bool

    def generator(
        self, seeds: Sequence[int], chances: Sequence[int | Sequence[int]], blend: Blend | None, ending: bool
    ) -> Generator:
        """Return what draws a take in each lane, by its seed; chance may follow from more than that."""
        model, plan, lanes = self.model, self.plan, len(seeds)
        generator = Generator(
            model,
            self.settings,
            constraints_for(model.encoding, plan, self.primer, lanes),
            blend,
            self._repetition(seeds),
            self._loop_guard(lanes) if self.use_guard else None,
            self._ending() if ending else None,
            self._density(seeds),
            chances,
        )
        generator.read(self.primer.events, stay_in_key=self._primer_tells)
        return generator

    def begin(
        self,
        seeds: Sequence[int],
        ending: bool,
        on_progress: Callable[[float], None],
        should_stop: Callable[[], bool],
    ) -> tuple[Generator, list[Ids]]:
        """Return what draws a take in each lane from nothing, and what it has drawn already, so that the take begins
        as pieces of the style do.

        Of a few beginnings the first is kept that lies within the usual ones, or else the least strange: a network
        that has learned much other music may begin with that, and then goes on with it.
        """
        openings, plan = self.model.style.openings, self.plan
        quarters = opening_quarters(plan.style.bar, plan.style.grid)
        until = plan.start + int(to_ticks(quarters))
        if not openings or until >= plan.stop or not self.settings.temperature:
            return self.generator(seeds, seeds, None, ending), []
        tried: list[int | Sequence[int]] = [
            seed if number == 0 else (seed, 7, number) for seed in seeds for number in range(_BEGINNINGS)
        ]
        scouts = self.generator([seed for seed in seeds for _ in range(_BEGINNINGS)], tried, None, False)
        begun = scouts.scout(until, on_progress, should_stop)
        strange = np.full(len(tried), np.inf)
        for lane, events in enumerate(begun):
            if events is not None:
                strange[lane] = strangeness(facts_of(self.model.encoding.decode(events), quarters), openings)
        best = np.arange(len(seeds)) * _BEGINNINGS + strange.reshape(len(seeds), _BEGINNINGS).argmin(axis=1)
        closing = self._ending() if ending else None
        kept = [events for lane in best.tolist() if (events := begun[lane]) is not None]
        if len(kept) < len(seeds) or (scouts.onset[best] >= (closing.turn if closing else plan.stop)).any():
            return self.generator(seeds, [tried[lane] for lane in best.tolist()], None, ending), []
        return scouts.select(best, closing), kept

    @property
    def _primer_tells(self) -> bool:
        return len(self.primer.onsets) >= _FEWEST_ONSETS

    def _repetition(self, seeds: Sequence[int]) -> Repetition | None:
        """Draw a form for each lane; None where no bar is repeated."""
        plan, style = self.plan, self.plan.style
        if not (self.settings.returns and self.settings.rhythm and style.grid and style.forms):
            return None
        if not self.model.encoding.supports_ppm:
            return None
        bars, onset = (plan.stop - plan.start) // plan.bar, self.primer.last_onset - plan.start
        lanes = []
        for seed in seeds:
            form = draw_form(style.forms, bars, np.random.default_rng([seed, 1]))
            lanes.append(RepeatingLane(form, plan.bar, onset, style.kept_notes, np.random.default_rng([seed, 5])))
        return Repetition(lanes)

    def _density(self, seeds: Sequence[int]) -> Density:
        """Let each lane be as dense as the primer, or else as a piece of the style; or as it comes if none is known."""
        plan, primer, found = self.plan, self.primer, np.array(self.model.style.densities)
        if primer.piece is not None and self._primer_tells:
            notes, moves = len(primer.piece.notes), np.count_nonzero(np.diff(primer.onsets, prepend=-1))
            one = [notes / max(plan.start - int(primer.onsets[0]), 1), notes / moves]
            aims = np.array([one] * len(seeds))
        elif len(found) and plan.style.grid == self.model.style.grid:
            rows = [np.random.default_rng([seed, 6]).integers(len(found)) for seed in seeds]
            usual = np.repeat(np.median(found, axis=0)[None], len(seeds), axis=0)
            aims = (found[rows] if self.settings.temperature > 0 else usual) / [TICKS_PER_QUARTER, 1]
        else:
            aims = np.full((len(seeds), 2), np.nan)
        if self.model.encoding.by_chords:
            aims = aims / aims[:, 1:] * [1.0, np.nan]  # events are onsets, whatever begins there
        return Density(self.model.encoding.gap_ticks, self.settings.density, aims.T)

    def _loop_guard(self, lanes: int) -> LoopGuard:
        encoding, plan = self.model.encoding, self.plan
        return LoopGuard(encoding.columns, encoding.gap_ticks, plan.bar, longest_stretch(plan.style.forms), lanes)

    def _ending(self) -> Ending:
        notes = as_notes([]) if self.primer.piece is None else self.primer.piece.notes
        by_chance = self.settings.temperature > 0
        return Ending(self.model.encoding, self.plan, notes, self.primer.last_onset, by_chance)
