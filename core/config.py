"""Owns the settings that a person may choose, with their legal ranges and defaults.

Knows nothing about what is done with them. A settings object is checked when it is made, so its holder may trust it.
"""

from __future__ import annotations

from dataclasses import dataclass

FAMILIES = ("joint", "classic")
BASE, NOTHING = "base", "nothing"
RANGES: dict[str, tuple[float, float]] = {
    "seconds": (1, 3600),
    "steps": (1, 1_000_000),
    "units": (8, 1024),
    "layers": (1, 3),
    "embedding": (4, 256),
    "head_units": (8, 512),
    "length": (8, 512),
    "batch": (2, 256),
    "learning_rate": (1e-5, 0.1),
    "dropout": (0.0, 0.8),
    "recurrent_dropout": (0.0, 0.8),
    "transposition": (0, 6),
    "bars": (1, 100_000),
    "play_seconds": (2, 86_400),
    "temperature": (0.0, 2.0),
    "top_p": (0.05, 1.0),
    "tempo_scale": (0.25, 4.0),
    "seed": (0, 2**31 - 1),
    "variations": (1, 16),
}
"""Lowest and highest legal value of each setting. A page may offer less: see the forms in `core/ui`."""


class SettingsError(ValueError):
    """A setting lies outside its legal range; the message says which and what is legal."""


def _check(settings: object, *names: str) -> None:
    for name in names:
        value, (low, high) = getattr(settings, name), RANGES[name]
        if value is not None and not low <= value <= high:
            raise SettingsError(f"{name.replace('_', ' ')} is {value:g}, but must lie between {low:g} and {high:g}.")


@dataclass(frozen=True)
class TrainingSettings:
    """How a model is trained. The budget is `seconds`, or `steps` where that is given.

    `start` is BASE (what music has in common), NOTHING, or the fingerprint of a stored model to go on from.
    """

    # data
    family: str = "joint"
    start: str = BASE
    transposition: int = 6  # semitones up and down that training pieces are shifted by; 0 = as written
    # architecture
    units: int = 256
    layers: int = 1
    embedding: int = 64
    head_units: int = 128
    # optimisation
    seconds: float = 60.0
    steps: int | None = None
    batch: int = 16
    length: int = 64  # events between two updates of the weights
    learning_rate: float = 3e-3
    dropout: float = 0.3
    recurrent_dropout: float = 0.4
    seed: int = 0

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise SettingsError(f"family is {self.family!r}, but must be one of: {', '.join(FAMILIES)}.")
        _check(self, "transposition", "units", "layers", "embedding", "head_units")
        _check(self, "seconds", "steps", "batch", "length", "learning_rate", "dropout", "recurrent_dropout", "seed")


@dataclass(frozen=True)
class ComposingSettings:
    """How a take is drawn from a model. The length is in bars, or in seconds for music without a grid."""

    bars: int = 16
    play_seconds: float = 30.0
    temperature: float = 1.0
    top_p: float = 0.95
    tempo_scale: float = 1.0
    rhythm: bool = True  # False: all gaps are equal, as in models that learn only pitches
    returns: bool = True  # bars come back where they do in a piece that was learned; False: every bar is new
    seed: int = 0
    variations: int = 1

    def __post_init__(self) -> None:
        _check(self, "bars", "play_seconds", "temperature", "top_p", "tempo_scale", "seed", "variations")
