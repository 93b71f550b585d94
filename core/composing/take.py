"""Owns the making of a take: a model, settings and a primer become a piece.

Knows nothing about files, sound or pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.bars import passage
from core.composing.blend import Blend
from core.composing.constraints import ConstraintsError
from core.composing.job import Job
from core.composing.parts import parts_of_notes
from core.composing.plan import Plan, plan_take, within_speeds
from core.composing.primer import Primer, PrimerError, read_primer
from core.config import ComposingSettings
from core.corpus.ensembles import Ensemble, Part, ensemble_of
from core.corpus.loudness import at_levels
from core.corpus.style import Style, style_of
from core.encoding.time_grid import TICKS_PER_QUARTER
from core.models.model import Model
from core.notes import (
    CLOCK_QPM,
    FREE_QPM,
    Metre,
    Piece,
    Tempo,
    Track,
    as_notes,
    at_constant_speed,
    clip,
    drop_empty_tracks,
    seconds_at,
)

NEW_NOTES = "Encore"
"""The name of the tracks of new notes."""


Ids = NDArray[np.int64]


class ComposingError(ValueError):
    """No take can be made; the message says why."""


@dataclass(frozen=True, eq=False)
class Take:
    """A piece that a model made.

    The new music begins at `primer_end` (quarter lengths); before it stand the primer's notes, as they were. `model` is
    the digest of the model; `grid` tells whether the take has bars.
    """

    piece: Piece
    seed: int
    model: str
    grid: bool = True
    primer_end: float = 0.0


def compose(
    model: Model,
    settings: ComposingSettings,
    primer: Piece | None = None,
    *,
    use_ppm: bool = True,
    use_guard: bool = True,
    on_progress: Callable[[float], None] = lambda done: None,
    on_take: Callable[[Take], None] = lambda take: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Take]:
    """Draw `settings.variations` takes side by side; take k has the seed `settings.seed + k`. Empty ones are left out.

    Alone or side by side, a seed gives the same take, unless a draw falls on the last digit of a probability; see
    benchmarks/ABOUT.md. After a primer the network's predictions are mixed with those of PPM over the piece so far,
    where the encoding allows it and `use_ppm` is left on. A take that goes round in a loop is led out of it unless
    `use_guard` is off, see `loops`. It closes on a bar line, at the length asked for or a bar earlier or later, as
    pieces do, see `ending`, and without bars its last notes may sound on; without `settings.ending` it is cut off
    there. `on_progress` is told the share that is done, 0..1, `on_take` each take as soon as it is there. Where
    `should_stop` says so, the takes end with their last whole bar.
    Raises ComposingError if the primer holds no notes, the model knows no notes of the key and range asked for, or
    every take is empty.
    """

    def report(onset: float) -> None:
        on_progress(min(max((onset - plan.start) / (plan.stop - plan.start), 0.0), 1.0))

    try:
        beginning = read_primer(model.encoding, primer, free=not model.style.grid)
        plan = plan_take(model.style, settings, beginning)
        job = Job(model, settings, plan, beginning, use_guard)
        seeds = list(range(settings.seed, settings.seed + settings.variations))
        if primer is None:
            generator, begun = job.begin(seeds, settings.ending, report, should_stop)
        else:
            blend = Blend(model, primer, len(seeds)) if use_ppm and model.encoding.supports_ppm else None
            generator, begun = job.generator(seeds, seeds, blend, settings.ending), []
    except (PrimerError, ConstraintsError) as error:
        raise ComposingError(str(error)) from error
    by_chance = settings.temperature > 0
    found: dict[int, Take] = {}
    for lane, events, until in generator.draw(plan.stop, report, should_stop, begun):
        take = _take(model, plan.until(until), beginning, events, settings.seed + lane, by_chance)
        if len(take.piece.notes) > (len(primer.notes) if primer else 0):
            found[lane] = take
            on_take(take)
    if not found and not should_stop():
        raise ComposingError("The model ended before the first note. Choose another seed or a higher temperature.")
    return [found[lane] for lane in sorted(found)]


def compose_after(model: Model, piece: Piece, settings: ComposingSettings, bars: int) -> Take:
    """Compose in the style of one piece: go on from its first `bars` bars, and keep only what is new."""
    (take,) = compose(replace(model, style=style_of([piece])), settings, passage(piece, 1, bars))
    new = drop_empty_tracks(clip(take.piece, take.primer_end, take.piece.end))
    return replace(take, piece=new, model=model.digest, primer_end=0.0)


def _take(model: Model, plan: Plan, primer: Primer, events: Ids, seed: int, by_chance: bool) -> Take:
    """Put the primer's notes, as they are, and the new ones together; drums stay out.

    The primer's parts play on, or those of a piece that was learned. No new note lasts beyond the end, nor longer than
    any that was learned.
    """
    style, start = plan.style, plan.start / TICKS_PER_QUARTER
    notes = model.encoding.decode(events, primer.last_onset).copy()
    longest = np.minimum(plan.stop / TICKS_PER_QUARTER - notes["onset"], style.longest_note)
    notes["duration"] = np.minimum(notes["duration"], longest)
    notes["velocity"] = at_levels(notes["velocity"], style.levels)
    notes = notes[notes["duration"] > 0]
    if primer.piece is None:
        ensemble = _draw_ensemble(style, seed if by_chance else 0)
        given = Piece(as_notes([]), _tracks(ensemble), (), (Metre(0.0, style.numerator, style.denominator),))
        tracks = tuple(range(len(ensemble)))
    else:
        given = primer.piece
        ensemble, tracks = ensemble_of(given)
    earlier = given.notes[np.isin(given.notes["track"], tracks)]
    parts = parts_of_notes(notes, ensemble, earlier, np.searchsorted(tracks, earlier["track"]).tolist())
    notes["track"] = np.array(tracks)[parts]
    piece = Piece(
        as_notes(np.concatenate([given.notes, notes])),
        tracks=given.tracks,
        tempos=_tempos(plan, given, start),
        metres=tuple(each for each in given.metres if each.onset < start) or given.metres[:1],
        title=f"Encore {seed}",
    )
    if not style.grid:
        qpm = plan.qpm * FREE_QPM / CLOCK_QPM
        piece, start = at_constant_speed(piece, qpm), float(seconds_at(piece, start)) * qpm / 60.0
    return Take(piece, seed, model.digest, style.grid, start)


def _draw_ensemble(style: Style, seed: int) -> Ensemble:
    """Draw the ensemble of one of the pieces learned."""
    if not style.ensembles:
        return (Part(style.program, style.lowest, (style.lowest + style.highest) // 2, style.highest, 128),)
    return style.ensembles[np.random.default_rng([seed, 4]).integers(len(style.ensembles))]


def _tracks(ensemble: Ensemble) -> tuple[Track, ...]:
    if len(ensemble) == 1:
        return (Track(NEW_NOTES, ensemble[0].program),)
    return tuple(Track(f"{NEW_NOTES} {number}", part.program) for number, part in enumerate(ensemble, 1))


def _tempos(plan: Plan, given: Piece, start: float) -> tuple[Tempo, ...]:
    """Return the speeds of what is given, by the scale of tempo, and that of the take from its start on."""
    before = tuple(
        Tempo(tempo.onset, within_speeds(tempo.qpm * plan.tempo_scale, plan.style.grid))
        for tempo in given.tempos
        if tempo.onset < start
    )
    return before if before and before[-1].qpm == plan.qpm else (*before, Tempo(start if before else 0.0, plan.qpm))
