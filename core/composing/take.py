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
from core.composing.constraints import constraints_for
from core.composing.generator import Generator
from core.composing.plan import Plan, plan_take
from core.composing.primer import Primer, PrimerError, read_primer
from core.composing.repetition import Repetition
from core.config import ComposingSettings
from core.corpus.form import draw_form
from core.corpus.style import style_of
from core.encoding.time_grid import TICKS_PER_QUARTER
from core.models.model import Model
from core.notes import Metre, Piece, Tempo, Track, as_notes, clip, drop_empty_tracks

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
    on_progress: Callable[[float], None] = lambda done: None,
) -> list[Take]:
    """Draw `settings.variations` takes side by side; take k has the seed `settings.seed + k`. Empty ones are left out.

    Alone or side by side, a seed gives the same take, unless a draw falls on the last digit of a probability; see
    benchmarks/ABOUT.md. After a primer the network's predictions are mixed with those of PPM over the piece so far,
    where the encoding allows it and `use_ppm` is left on. `on_progress` is told the share that is done, 0..1.
    Raises ComposingError if the primer holds no notes or every take is empty.
    """
    try:
        beginning = read_primer(model.encoding, primer)
    except PrimerError as error:
        raise ComposingError(str(error)) from error
    plan = plan_take(model.style, settings, beginning)
    blend = Blend(model, primer, settings.variations) if primer and use_ppm and model.encoding.supports_ppm else None
    constraints = constraints_for(model.encoding, plan, beginning, settings.variations)
    generator = Generator(model, settings, constraints, blend, _repetition(model, settings, plan, beginning))
    generator.read(beginning.events)
    span = plan.stop - plan.start
    drawn = generator.draw(plan.stop, lambda onset: on_progress(min(max((onset - plan.start) / span, 0.0), 1.0)))
    takes = [_take(model, plan, beginning, events, settings.seed + lane) for lane, events in enumerate(drawn)]
    found = [take for take in takes if len(take.piece.notes)]
    if not found:
        raise ComposingError("The model ended before the first note. Choose another seed or a higher temperature.")
    return found


def compose_after(model: Model, piece: Piece, settings: ComposingSettings, bars: int) -> Take:
    """Compose in the style of one piece: go on from its first `bars` bars, and keep only what is new."""
    (take,) = compose(replace(model, style=style_of([piece])), settings, passage(piece, 1, bars))
    new = drop_empty_tracks(clip(take.piece, take.primer_end, take.piece.end))
    return replace(take, piece=new, model=model.digest, primer_end=0.0)


def _repetition(model: Model, settings: ComposingSettings, plan: Plan, primer: Primer) -> Repetition | None:
    """Draw a form for each lane; None where no bar is repeated."""
    style = plan.style
    if not (settings.returns and settings.rhythm and style.grid and style.forms and model.encoding.supports_ppm):
        return None
    bars = (plan.stop - plan.start) // plan.bar
    rngs = (np.random.default_rng([settings.seed + lane, 1]) for lane in range(settings.variations))
    return Repetition([draw_form(style.forms, bars, rng) for rng in rngs], plan.bar, primer.last_onset - plan.start)


def _take(model: Model, plan: Plan, primer: Primer, events: Ids, seed: int) -> Take:
    """Put the primer's notes, as they are, and the new ones together, at one speed; drums stay out."""
    notes = model.encoding.decode(events, primer.last_onset).copy()
    notes["duration"] = np.minimum(notes["duration"], plan.stop / TICKS_PER_QUARTER - notes["onset"])
    start, metre = plan.start / TICKS_PER_QUARTER, (plan.style.numerator, plan.style.denominator)
    given = primer.piece or Piece(as_notes([]), tracks=(), metres=(Metre(0.0, *metre),))
    notes["track"] = len(given.tracks)
    piece = Piece(
        as_notes(np.concatenate([given.notes, notes[notes["duration"] > 0]])),
        tracks=(*given.tracks, Track("Encore", plan.style.program)),
        tempos=(Tempo(0.0, plan.qpm),),
        metres=tuple(each for each in given.metres if each.onset < start) or given.metres[:1],
        title=f"Encore {seed}",
    )
    return Take(piece, seed, model.digest, plan.style.grid, start)
