"""Owns what a trained model is: networks with all that takes depend on, and how it came about.

Knows nothing about files, nor how it was trained.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property

from core.config import TrainingSettings
from core.corpus.style import Style
from core.encoding import Encoding
from core.lstm.parameters import Architecture, Parameters, architectures

FORMAT = 13
"""Raised whenever older files can no longer be read, or the same settings would train another network."""


class ModelError(ValueError):
    """A file is no model, or one that this program cannot read; the message says which."""


class FormatError(ModelError):
    """A model's file is of another version of this program."""


class StartError(ValueError):
    """A model cannot be trained on with other settings than its own."""


@dataclass(frozen=True)
class Sketch:
    """A few bars that a network composed when a share `done` of its training was over, after so many seconds.

    `rows` are the notes as (onset, duration, pitch, velocity), in quarters at the speed `qpm`, played by an instrument.
    """

    done: float
    seconds: float
    qpm: float
    program: int
    rows: tuple[tuple[float, float, int, int], ...]


@dataclass(frozen=True)
class Record:
    """How a model came about. It names no music: pieces stand as digests, see `corpus`.

    A piece that is both in `learned` and in `held_out` is one whose end alone was held out.
    The weights are start + `trained_share` * (best weights of the training - start); 1 where there was no start.
    Each point of `curve`: (seconds, bits a note of the music learned, bits a note held out or None), the network only.
    `bits_per_note` is what the held-out music costs the weights kept, and `network_only` what it costs without PPM, see
    `evaluation`; None where nothing was held out.
    """

    learned: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    notes: int = 0
    steps: int = 0
    seconds: float = 0.0
    notes_per_second: float = 0.0
    stopped: bool = False
    curve: tuple[tuple[float, float, float | None], ...] = ()
    bits_per_note: float | None = None
    network_only: float | None = None
    trained_share: float = 1.0
    sketches: tuple[Sketch, ...] = ()


@dataclass(frozen=True, eq=False)
class Model:
    """Networks with their encoding, the settings they were trained with and the style of their corpus."""

    settings: TrainingSettings
    encoding: Encoding
    parameters: tuple[Parameters, ...]
    style: Style = field(default_factory=Style)
    record: Record = field(default_factory=Record)

    @property
    def architectures(self) -> tuple[Architecture, ...]:
        """The architecture of each network."""
        return architectures(self.encoding, self.settings)

    @cached_property
    def digest(self) -> str:
        """A hash of the weights and of everything that takes depend on besides."""
        words = {
            "family": self.encoding.family,
            "settings": asdict(self.settings),
            "vocabulary": self.encoding.to_json(),
        }
        content = hashlib.sha256(json.dumps([words, asdict(self.style)]).encode())
        for parameters in self.parameters:
            for name in sorted(parameters):
                content.update(name.encode() + parameters[name].tobytes())
        return content.hexdigest()[:24]

    @property
    def size(self) -> int:
        """How many numbers were learned."""
        return sum(values.size for parameters in self.parameters for values in parameters.values())
