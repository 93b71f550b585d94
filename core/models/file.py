"""Owns a model as one file, NAME.encore: what its bytes are, and how those of a stranger are read without risk.

Knows nothing about where files are kept. It is a safetensors file: the weights as they are, with nothing packed and
nothing executed, and in its header one text, "encore", with all else as JSON. A checksum covers everything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from core.lstm.parameters import Architecture, Parameters, architectures, shapes
from core.midi.text import printable
from core.models.metadata import read_metadata, write_metadata
from core.models.model import FORMAT, FormatError, Model, ModelError

SUFFIX = ".encore"

_KEY = "encore"
_PARTS = {"format", "about", "title", "family", "settings", "vocabulary", "style", "record", "checksum"}
_MOST_BYTES, _MOST_WORDS = 210_000_000, 8_000_000  # the largest network that can be set has weights of 198 MB
_MOST_LISTS = 20_000  # a vocabulary has 4,096 chords
_LARGEST_WEIGHT = 1e6  # beyond it sums might leave the numbers that a network can count with
_LONGEST_TITLE = 100
_ABOUT = (
    "A model of Encore: a network that has learned the style of some music. Open it in the app, or compose with "
    "`python -m core compose FILE --out take.mid`. It names no music. Where its training began from Encore's base "
    'model, it is under CC BY 4.0: credit "Encore" and the sources of the base model.'
)
_STRANGE = "This is not a model of Encore. A model is a file that the app or the command line of Encore has written."
_DAMAGED = "This model is damaged ({}). Copy its file once more, or train it again."


@dataclass(frozen=True)
class Label:
    """What a file says of itself: the title that a person gave, and a hash of all that it holds."""

    title: str
    checksum: str


def write_file(model: Model, title: str = "") -> bytes:
    """Return a model as a file; equal models with equal titles give equal bytes.

    Raises ModelError where it could not be read again.
    """
    arrays = {
        f"network{index}/{name}": np.ascontiguousarray(values)
        for index, parameters in enumerate(model.parameters)
        for name, values in parameters.items()
    }
    content = {"format": FORMAT, "about": _ABOUT, "title": tidy(title)} | write_metadata(model)
    words = json.dumps(content | {"checksum": _checksum(content, arrays)})
    _restored(json.loads(words), arrays)
    return save_arrays(arrays, {_KEY: words})


def read_file(data: bytes) -> tuple[Model, str]:
    """Return a model and its title. Raises ModelError, and FormatError for a file of another version."""
    if len(data) > _MOST_BYTES:
        raise ModelError(f"{_STRANGE} This one is larger than any: over {_MOST_BYTES / 1e6:.0f} MB.")
    content = _content(data)
    try:
        return _restored(content, load_arrays(data)), tidy(content["title"])
    except (SafetensorError, KeyError) as error:  # a KeyError for a kind of number that NumPy does not know
        raise ModelError(_DAMAGED.format("its weights cannot be read")) from error


def read_label(path: Path) -> Label:
    """Return what a file says of itself, without its weights. Raises ModelError and OSError."""
    with path.open("rb") as file:
        return label_in(file)


def label_in(file: BinaryIO) -> Label:
    """Return the same from an open file. Raises ModelError and OSError."""
    start = file.read(8)
    content = _content(start + file.read(min(_length(start), _MOST_WORDS)))
    return Label(tidy(str(content.get("title"))), str(content.get("checksum")))


def save(model: Model, path: Path, title: str = "") -> Path:
    """Write a model as NAME.encore for a path NAME, with or without that ending; return where it is."""
    file = _named(path)
    write_whole(file, write_file(model, title))
    return file


def load(path: Path) -> Model:
    """Read a model from its file, or from NAME.encore for a path NAME. Raises ModelError."""
    try:
        return read_file((path if path.is_file() else _named(path)).read_bytes())[0]
    except OSError as error:
        if path.with_name(f"{path.name}.json").is_file():
            raise FormatError(f"The model {path} was made by an earlier version of Encore. Train it again.") from error
        raise ModelError(f"There is no readable model at {_named(path)}.") from error


def write_whole(file: Path, data: bytes) -> None:
    """Write a file as a whole or not at all. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.{uuid4().hex[:8]}.part")
    try:
        partial.write_bytes(data)
        partial.replace(file)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def tidy(title: str) -> str:
    """Return a title as one short line."""
    return printable(title)[:_LONGEST_TITLE]


def _named(path: Path) -> Path:
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)


def _length(data: bytes) -> int:
    """Return the length of the header of a safetensors file: its first eight bytes say it."""
    return int.from_bytes(data[:8], "little")


def _content(data: bytes) -> dict[str, Any]:
    """Return what stands beside the weights, of the right format and otherwise unchecked."""
    try:
        content = _parsed(_parsed(data[8 : 8 + min(_length(data), _MOST_WORDS)].decode())["__metadata__"][_KEY])
        found = content["format"]
        if type(found) is not int:
            raise ValueError("the format is not a number")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        ours = f'{{"{_KEY}":'.encode() in data[8:40]
        raise ModelError(_DAMAGED.format("its beginning cannot be read") if ours else _STRANGE) from error
    if found < FORMAT:
        raise FormatError("This model was made by an earlier version of Encore. Train it again on the same music.")
    if found > FORMAT:
        raise FormatError("This model was made by a later version of Encore. Update this one to open it.")
    return content


def _parsed(words: str) -> Any:
    """Return JSON values; more of them than a model has would fill the memory. Raises ValueError."""
    if words.count("[") + words.count("{") > _MOST_LISTS:
        raise ValueError("there are too many lists")
    return json.loads(words)


def _checksum(content: Mapping[str, Any], arrays: Parameters) -> str:
    found = hashlib.sha256(json.dumps(content).encode())
    for name in sorted(arrays):
        found.update(name.encode() + arrays[name].tobytes())
    return found.hexdigest()


def _restored(content: Mapping[str, Any], arrays: Parameters) -> Model:
    """Return the model that words and weights describe, with all of them checked. Raises ModelError."""
    try:
        if content.keys() != _PARTS or not isinstance(content["title"], str):
            raise ValueError("a part of it is missing")
        if content["checksum"] != _checksum({key: content[key] for key in content if key != "checksum"}, arrays):
            raise ValueError("its parts do not belong together")
        found = read_metadata(content)
        parameters = _parameters(arrays, architectures(found.encoding, found.settings))
        return Model(found.settings, found.encoding, parameters, found.style, found.record)
    except (ValueError, RecursionError) as error:
        raise ModelError(_DAMAGED.format(error)) from error


def _parameters(arrays: Parameters, networks: tuple[Architecture, ...]) -> tuple[Parameters, ...]:
    """Return the weights of each network. Raises ValueError."""
    tables = [
        {f"network{index}/{name}": shape for name, shape in shapes(each).items()} for index, each in enumerate(networks)
    ]
    expected = {name: shape for table in tables for name, shape in table.items()}
    if {name: values.shape for name, values in arrays.items()} != expected:
        raise ValueError("its weights are not those that its settings ask for")
    if not all(values.dtype == np.float32 and (abs(values) <= _LARGEST_WEIGHT).all() for values in arrays.values()):
        raise ValueError("its weights are no numbers to count with: its training went astray")
    return tuple({name.partition("/")[2]: arrays[name] for name in table} for table in tables)
