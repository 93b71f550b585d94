"""Owns doing a passage anew: other notes between two onsets, so that what stands before and after stays as it is.

Knows nothing about pages. For models of the joint family.

Many candidates are drawn side by side from the state before the passage, each until its next onset would lie behind
it. A candidate is weighted by how likely the music after the passage is to go on from there,

    log w = log p(the next notes after the passage | candidate) - log p(the candidate stops where it does),

and some are drawn without replacement in proportion to w (importance sampling with resampling; for musical constraints
Koneputugodage et al. 2019, with resampling without replacement Lew et al. 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.composing.candidates import Candidates, Frame
from core.encoding import JointEncoding
from core.models.model import Model
from core.notes import Piece, as_notes

_CANDIDATES = 256


class InfillError(ValueError):
    """A passage cannot be done anew; the message says why."""


@dataclass(frozen=True)
class Passage:
    """From the onset `start` up to `stop`, in quarter lengths; notes that begin in between are replaced."""

    start: float
    stop: float


def infill(
    model: Model,
    piece: Piece,
    passage: Passage,
    *,
    choices: int = 3,
    seed: int = 0,
    candidates: int = _CANDIDATES,
    on_progress: Callable[[float], None] = lambda done: None,
) -> list[Piece]:
    """Return some versions of a piece with another passage each; all other notes stay as they are.

    New notes belong to the track that has most notes of the passage, or of the piece. `on_progress` is told the share
    of the passage that the slowest candidate has reached, 0..1. Raises InfillError for models of the classic family,
    for a passage without length, and where every candidate is given up.
    """
    if not isinstance(model.encoding, JointEncoding):
        raise InfillError("Only models of the joint family can do a passage anew.")
    if passage.stop <= passage.start:
        raise InfillError("The passage has no length. Choose at least one bar.")
    rng = np.random.default_rng(seed)
    onsets = piece.notes["onset"]
    before, after = piece.notes[onsets < passage.start], piece.notes[onsets >= passage.stop]
    frame = Frame.of(piece, passage.start, passage.stop, model.style)
    prefix = replace(piece, notes=as_notes(before))
    drawn = Candidates(model, model.encoding, prefix, frame, candidates)
    drawn.draw(rng, on_progress)
    if not drawn.events:
        raise InfillError("The model found no way through this passage. Choose another one, or another seed.")
    weights = drawn.weigh(after) if len(after) else np.zeros(len(drawn.events))
    order = np.argsort(-(weights + rng.gumbel(size=len(weights))), kind="stable")
    chosen = drawn.different(order.tolist())[:choices]
    inside = piece.notes[(onsets >= passage.start) & (onsets < passage.stop)]
    counts = np.bincount((inside if len(inside) else piece.notes)["track"], minlength=1)
    track = int(counts.argmax())
    return [_with_notes(piece, before, drawn.notes(lane), after, track, passage.stop) for lane in chosen]


def _with_notes(
    piece: Piece, before: NDArray[np.void], new: NDArray[np.void], after: NDArray[np.void], track: int, stop: float
) -> Piece:
    new = new.copy()
    new["track"] = track
    new["duration"] = np.minimum(new["duration"], stop - new["onset"])
    return replace(piece, notes=as_notes(np.concatenate([before, new[new["duration"] > 0], after])))
