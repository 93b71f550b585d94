"""Owns the settings that a person may choose, with their legal ranges and defaults.

Knows nothing about what is done with them. A settings object is checked when it is made, so its holder may trust it.
"""

from __future__ import annotations

from dataclasses import dataclass

FAMILIES = ("joint", "classic")
BASE, NOTHING = "base", "nothing"
KEYS = tuple(
    f"{tonic} {mode}"
    for mode, tonics in (
        ("major", "C D♭ D E♭ E F F♯ G A♭ A B♭ B"),
        ("minor", "C C♯ D E♭ E F F♯ G G♯ A B♭ B"),
    )
    for tonic in tonics.split()
)
"""The keys that a take may keep to, from the lowest tonic to the highest."""

FEWEST_PITCHES = 12
"""How many pitches there are at least from the lowest to the highest that a person asks for."""

RANGES: dict[str, tuple[float, float]] = {
    "seconds": (1, 3600),
    "steps": (1, 1_000_000),
    "units": (8, 1024),
    "layers": (1, 3),
    "embedding": (4, 256),
    "head_units": (8, 512),
    "channels": (1, 64),
    "length": (8, 512),
    "batch": (2, 256),
    "learning_rate": (1e-5, 0.1),
    "dropout": (0.0, 0.8),
    "recurrent_dropout": (0.0, 0.8),
    "transposition": (0, 6),
    "bars": (1, 100_000),
    "play_seconds": (0.5, 86_400),  # as short as ten seconds are at sixteen times the tempo
    "temperature": (0.0, 2.0),
    "rhythm_temperature": (0.0, 2.0),
    "top_p": (0.05, 1.0),
    "density": (-1.0, 1.0),
    "lowest": (0, 128 - FEWEST_PITCHES),
    "highest": (FEWEST_PITCHES - 1, 127),
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
    channels: int = 16  # kinds of intervals that a pitch is judged by
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
        _check(self, "transposition", "units", "layers", "embedding", "head_units", "channels")
        _check(self, "seconds", "steps", "batch", "length", "learning_rate", "dropout", "recurrent_dropout", "seed")


@dataclass(frozen=True)
class ComposingSettings:
    """How a take is drawn from a model. The length is in bars, or in seconds for music without a grid."""

    bars: int = 16
    play_seconds: float = 30.0
    temperature: float = 1.0
    rhythm_temperature: float | None = None  # of gaps and durations; None: the same temperature
    top_p: float = 0.95
    density: float = 0.0  # from -1, sparser than the corpus, to 1, denser
    key: str | None = None  # one of KEYS that new notes keep to; None: any
    lowest: int | None = None  # pitch of new notes; None: that of the corpus
    highest: int | None = None
    tempo_scale: float = 1.0
    rhythm: bool = True  # False: all gaps are equal, as in models that learn only pitches
    returns: bool = True  # bars come back where they do in a piece that was learned; False: every bar is new
    ending: bool = True  # takes close as the pieces learned do; False: they are cut off where their length is reached
    seed: int = 0
    variations: int = 1

    def __post_init__(self) -> None:
        if self.key is not None and self.key not in KEYS:
            raise SettingsError(f"key is {self.key!r}, but must be one of: {', '.join(KEYS)}.")
        _check(self, "bars", "play_seconds", "temperature", "rhythm_temperature", "top_p", "density", "tempo_scale")
        _check(self, "lowest", "highest", "seed", "variations")
        if self.lowest is not None and self.highest is not None and self.highest - self.lowest < FEWEST_PITCHES - 1:
            raise SettingsError(
                f"lowest is {self.lowest} and highest {self.highest}, but between them must be an octave or nearly: "
                f"{FEWEST_PITCHES} pitches, both counted."
            )
