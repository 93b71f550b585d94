"""Owns the base model: what music has in common, learned once, for a training or a first sound to begin from.

Knows nothing about a person's music.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path

from core.config import BASE, NOTHING, TrainingSettings
from core.lstm.parameters import architectures
from core.models.file import load
from core.models.model import Model

BASE_MODEL = Path(__file__).parents[2] / "assets" / "base" / "model.encore"


@cache
def base_model() -> Model:
    """Return the base model, read once."""
    return load(BASE_MODEL)


@cache
def base_version() -> str:
    """Return a short hash of the base model: trainings that began from another one are other trainings."""
    return hashlib.sha256(BASE_MODEL.read_bytes()).hexdigest()[:12]


def base_fits(settings: TrainingSettings) -> bool:
    """Tell whether a network of these settings can begin from the base model."""
    base = base_model()
    return settings.family == base.encoding.family and architectures(base.encoding, settings) == base.architectures


def with_possible_start(settings: TrainingSettings) -> TrainingSettings:
    """Return the settings with a start that is possible: a network of another kind or size begins from nothing."""
    if settings.start == BASE and not base_fits(settings):
        return replace(settings, start=NOTHING)
    return settings
