"""Owns sketches: a few bars that a network composes while it learns, so that one hears it learn.

Knows nothing about how it is trained.
"""

from __future__ import annotations

from dataclasses import replace

from core.composing.take import ComposingError, compose
from core.config import ComposingSettings
from core.models.model import Model, Sketch
from core.notes import Piece, Tempo, Track, as_notes

_SETTINGS = ComposingSettings(bars=4, play_seconds=8.0, seed=1, returns=False, ending=False)
_DIGITS = 4  # of a quarter


def draw_sketch(model: Model, done: float, seconds: float) -> Sketch:
    """Compose four bars, always with the same seed; a network that knows nothing yet may leave them empty."""
    try:
        (take,) = compose(replace(model, style=replace(model.style, ensembles=())), _SETTINGS)
    except ComposingError:
        return Sketch(done, seconds, model.style.qpm, model.style.program, ())
    columns = ("onset", "duration", "pitch", "velocity")
    rows = tuple(
        (round(onset, _DIGITS), round(duration, _DIGITS), pitch, velocity)
        for onset, duration, pitch, velocity in take.piece.notes[list(columns)].tolist()
    )
    qpm = round(take.piece.qpm, 3)
    return Sketch(round(done, _DIGITS), round(seconds, 2), qpm, model.style.program, rows)


def sketched(sketch: Sketch) -> Piece:
    """Return a sketch as a piece."""
    notes = as_notes((*row, 0) for row in sketch.rows)
    return Piece(notes, (Track("", sketch.program),), (Tempo(0.0, sketch.qpm),), title=f"{sketch.done:.0%} learned")
