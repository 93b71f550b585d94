"""Owns doing a passage anew: other notes in a box of onsets and pitches, while all outside of it stays as it is.

Knows nothing about pages, nor how candidates are drawn. For models of the joint family.

Many candidates are drawn from the state before the passage, see `candidates` and `tails`. The log weight of one is

    log p(the notes that it meets | candidate) - log p(it meets them where they stand),

where the notes that it meets are those that stay inside the box and the first 16 behind it. Some candidates are drawn
without replacement in proportion to weight (importance sampling with resampling; for musical constraints
Koneputugodage et al. 2019, with resampling without replacement Lew et al. 2023).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.composing.candidates import Candidate, Candidates, Pool, StoppedError
from core.composing.frame import NEW, STAYS, Passage, both_counted, frame_of
from core.composing.lanes import Step
from core.composing.tails import draw_with_tails
from core.encoding import JointEncoding
from core.encoding.time_grid import TICKS_PER_QUARTER
from core.models.model import Model
from core.notes import CLOCK_QPM, Piece, as_notes, is_performed, onsets_at

__all__ = ["InfillError", "Passage", "infill"]

_CANDIDATES, _ENDINGS = 128, 2

Notes = NDArray[np.void]


class InfillError(ValueError):
    """A passage cannot be done anew; the message says why."""


def infill(
    model: Model,
    piece: Piece,
    passage: Passage,
    *,
    choices: int = 3,
    seed: int = 0,
    candidates: int = _CANDIDATES,
    endings: int = _ENDINGS,
    on_progress: Callable[[float], None] = lambda done: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Piece]:
    """Return up to `choices` versions of a piece with another passage each; all other notes stay as they are.

    A new note belongs to the track of the note done anew that is nearest in pitch; one whose rhythm or pitch is kept
    stays in its track. It may ring on behind the passage until its pitch is struck again. `candidates` whole ones are
    drawn, and `endings` times as many other endings. `on_progress` is told the share that is done, 0..1. Nothing is
    returned where `should_stop` says so, and where all that is drawn is what stands there already.
    Raises InfillError for models of the classic family, for a box without length or height, for one that holds no notes
    where their rhythm or pitches are to be kept, and where every candidate is given up.
    """
    if not isinstance(model.encoding, JointEncoding):
        raise InfillError("Only models of the joint family can do a passage anew.")
    _check(piece, passage)
    frame, rng = frame_of(piece, passage, model.style, model.encoding), np.random.default_rng(seed)
    try:
        pool = draw_with_tails(Candidates(model, frame, rng, should_stop), candidates, endings, on_progress)
    except StoppedError:
        return []
    if not pool.candidates:
        raise InfillError("The model found no way through this passage. Choose another one, or another seed.")
    found: dict[bytes, Piece] = {_sound(piece.notes): piece}
    for candidate in _drawn(pool, rng):
        new = _new_notes(model.encoding, *both_counted(piece, passage), candidate, frame.rings)
        notes = _with_new(piece, passage, _in_its_own_time(new, piece, passage))
        found.setdefault(_sound(notes), replace(piece, notes=notes))
        if len(found) > choices:
            break
    return list(found.values())[1:]


def _sound(notes: Notes) -> bytes:
    """Return what tells notes apart that do not sound the same: times to a millionth of a quarter."""
    rounded = notes.copy()
    for name in ("onset", "duration"):
        rounded[name] = np.round(notes[name], 6) + 0.0
    return rounded.tobytes()


def _check(piece: Piece, passage: Passage) -> None:
    if passage.stop <= passage.start:
        raise InfillError("The passage has no length. Choose at least one bar.")
    if passage.high < passage.low:
        raise InfillError("The range of pitches is empty. Choose a highest pitch above the lowest.")
    if passage.keep != "nothing" and not passage.holds(piece.notes).any():
        raise InfillError(f"The passage holds no notes whose {passage.keep} could be kept. Choose another one.")


def _drawn(pool: Pool, rng: np.random.Generator) -> Iterator[Candidate]:
    """Yield all candidates as drawn without replacement in proportion to weight (Gumbel top-k)."""
    for index in np.argsort(-(pool.weights + rng.gumbel(size=len(pool.weights))), kind="stable"):
        yield pool.candidates[index]


def _with_new(piece: Piece, passage: Passage, new: Notes) -> Notes:
    return as_notes(np.concatenate([piece.notes[~passage.holds(piece.notes)], new]))


def _in_its_own_time(notes: Notes, piece: Piece, passage: Passage) -> Notes:
    """Return notes that are counted as `both_counted` does in the quarters of the piece."""
    if not is_performed(piece):
        return notes
    onsets, ends = (
        onsets_at(piece, each * 60 / CLOCK_QPM) for each in (notes["onset"], notes["onset"] + notes["duration"])
    )
    moved = notes.copy()
    moved["onset"] = np.maximum(onsets, passage.start)
    moved["duration"] = ends - moved["onset"]
    return moved


def _new_notes(
    encoding: JointEncoding, piece: Piece, passage: Passage, candidate: Candidate, rings: NDArray[np.float64]
) -> Notes:
    """Return the new notes of a candidate, each cut at `rings` of its pitch."""
    steps = [step for step in candidate.steps if step.source != STAYS]
    notes = piece.notes[:0].copy() if not steps else np.stack([_note(encoding, piece, passage, step) for step in steps])
    if passage.keep == "rhythm":
        return notes
    notes["onset"] = np.maximum(notes["onset"], passage.start)
    notes["duration"] = np.minimum(notes["duration"], rings[notes["pitch"]] - notes["onset"])
    return notes


def _note(encoding: JointEncoding, piece: Piece, passage: Passage, step: Step) -> np.void:
    note = encoding.decode(step.event[None]).copy()[0]
    note["onset"] = step.onset / TICKS_PER_QUARTER
    if step.source == NEW:
        note["track"] = _nearest(piece, passage, note)["track"] if len(piece.notes) else 0
        return note
    old = piece.notes[step.source].copy()
    old["pitch"] = note["pitch"]
    if passage.keep == "pitches":
        for name in ("onset", "duration", "velocity"):
            old[name] = note[name]
    return old


def _nearest(piece: Piece, passage: Passage, note: np.void) -> np.void:
    """Return the note done anew that is nearest in pitch, then in onset; where there is none, of the whole piece."""
    inside = piece.notes[passage.holds(piece.notes)]
    among = inside if len(inside) else piece.notes
    apart = np.abs(among["pitch"].astype(int) - int(note["pitch"]))
    return among[np.lexsort((np.abs(among["onset"] - note["onset"]), apart))[0]]
