"""Owns what a trained model is, in memory and as files: NAME.npz (the weights) beside NAME.json (all else, readable).

Knows nothing about how it was trained. Nothing is pickled, so a model from a stranger can be read without risk.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.config import TrainingSettings
from core.corpus.style import Style
from core.encoding import ENCODINGS, Encoding
from core.lstm.parameters import Architecture, Parameters, architectures, shapes

FORMAT = 6
"""Raised whenever older files can no longer be read, or the same settings would train another network."""


class ModelError(ValueError):
    """A model's files are missing or damaged."""


class FormatError(ModelError):
    """A model's files are of another version of this program."""


class StartError(ValueError):
    """A model cannot be trained on with other settings than its own."""


@dataclass(frozen=True)
class Record:
    """How a model came about. It names no music: pieces stand as digests, see `corpus`.

    A piece that is both in `learned` and in `held_out` is one whose end alone was held out.
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
        content = hashlib.sha256(json.dumps([_words(self.encoding, self.settings), asdict(self.style)]).encode())
        for parameters in self.parameters:
            for name in sorted(parameters):
                content.update(name.encode() + parameters[name].tobytes())
        return content.hexdigest()[:24]

    @property
    def size(self) -> int:
        """How many numbers were learned."""
        return sum(values.size for parameters in self.parameters for values in parameters.values())


def dump(model: Model) -> tuple[bytes, str]:
    """Return the contents of the two files: .npz and .json."""
    arrays = {
        f"network{index}/{name}": values
        for index, parameters in enumerate(model.parameters)
        for name, values in parameters.items()
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    words = {
        "format": FORMAT,
        **_words(model.encoding, model.settings),
        "style": asdict(model.style) | {"forms": [" ".join(map(str, form)) for form in model.style.forms]},
        "record": asdict(model.record),
    }
    return buffer.getvalue(), json.dumps(words, ensure_ascii=False, indent=1)


def _words(encoding: Encoding, settings: TrainingSettings) -> dict[str, Any]:
    return {"family": encoding.family, "settings": asdict(settings), "vocabulary": encoding.to_json()}


def parse(npz: bytes, words: str) -> Model:
    """Restore a model from the contents of its two files. Raises ModelError."""
    try:
        data = json.loads(words)
        if data["format"] != FORMAT:
            raise FormatError(f"The model has format {data['format']}, this program reads {FORMAT}. Train it again.")
        settings = TrainingSettings(**data["settings"])
        encoding = ENCODINGS[data["family"]].from_json(data["vocabulary"])
        networks = architectures(encoding, settings)
        with np.load(io.BytesIO(npz), allow_pickle=False) as arrays:
            parameters = tuple(_network(arrays, index, network) for index, network in enumerate(networks))
        return Model(settings, encoding, parameters, _style(data["style"]), _record(data["record"]))
    except ModelError:
        raise
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise ModelError(f"The model's files are damaged ({error}). Train it again.") from error


def _network(arrays: Any, index: int, architecture: Architecture) -> Parameters:
    found = {name: arrays[f"network{index}/{name}"] for name in shapes(architecture)}
    for name, shape in shapes(architecture).items():
        if found[name].shape != shape or found[name].dtype != np.float32:
            raise ModelError(f"The model's {name} has the shape {found[name].shape}, not {shape}. Train it again.")
    return found


def _style(data: dict[str, Any]) -> Style:
    """Restore a style; the base model's has no forms."""
    forms = (tuple(map(int, form.split())) for form in data.pop("forms", []))
    return Style(**data, forms=tuple(forms))


def _record(data: dict[str, Any]) -> Record:
    data["learned"], data["held_out"] = tuple(data["learned"]), tuple(data["held_out"])
    return Record(**{**data, "curve": tuple(tuple(point) for point in data["curve"])})


def save(model: Model, path: Path) -> None:
    """Write NAME.npz and NAME.json for a path NAME, whose ending may be either."""
    npz, words = dump(model)
    for file, content in ((_file(path, ".npz"), npz), (_file(path, ".json"), words.encode())):
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(file.name + ".part")
        partial.write_bytes(content)
        partial.replace(file)


def load(path: Path) -> Model:
    """Read NAME.npz and NAME.json. Raises ModelError."""
    try:
        return parse(_file(path, ".npz").read_bytes(), _file(path, ".json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"There is no readable model at {path} (NAME.npz beside NAME.json).") from error


def _file(path: Path, suffix: str) -> Path:
    stem = path.with_suffix("") if path.suffix in (".npz", ".json") else path
    return stem.with_name(stem.name + suffix)
