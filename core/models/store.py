"""Owns the trained models that are kept: one a fingerprint, on disk, so that the same training is done once.

Knows nothing about how models come to be. The folder is ENCORE_HOME, or the user's cache folder. Other processes may
use it too, so a file that was there a moment ago may be gone: nothing here relies on a look before.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from core.config import BASE, TrainingSettings
from core.corpus.corpus import Corpus
from core.models.base import base_version
from core.models.model import FORMAT, Model, ModelError, load, parse, save

_MOST_MODELS = 100


def home() -> Path:
    """Return the folder for everything that outlives a visit."""
    return Path(os.environ.get("ENCORE_HOME") or platformdirs.user_cache_path("encore"))


def fingerprint(corpus: Corpus, settings: TrainingSettings) -> str:
    """Return the key of a training: the same music in any order and the same settings give the same one."""
    start = base_version() if settings.start == BASE else ""
    parts = [FORMAT, asdict(settings), start, corpus.digest]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Entry:
    """What the store knows of a model without reading its weights. `version` changes when the model is replaced."""

    version: int
    outdated: bool = False  # made by another version of the program: it cannot be read


class Store:
    """A folder of models; those unused for longest make room for new ones."""

    def __init__(self, folder: Path | None = None) -> None:
        """Use a folder, by default `models` in `home()`."""
        self.folder = folder or home() / "models"

    def entry(self, key: str) -> Entry | None:
        """Look a model up; None where there is none."""
        if not key.isalnum():
            return None
        file = self._path(key)
        try:
            words, version = file.with_suffix(".json").read_bytes(), file.with_suffix(".npz").stat().st_mtime_ns
        except OSError:
            return None
        return Entry(version, _format(words) != FORMAT)

    def get(self, key: str) -> Model | None:
        """Return a model, or None where there is none that can be read."""
        if not key.isalnum():
            return None
        try:
            model = load(self._path(key))
        except ModelError:
            return None
        with suppress(FileNotFoundError):  # made room for another model just now
            os.utime(self._path(key).with_suffix(".json"))
        return model

    def put(self, key: str, npz: bytes, words: str) -> Model:
        """Keep a model that came as the contents of its two files."""
        model = parse(npz, words)
        save(model, self._path(key))
        self._make_room()
        return model

    def _path(self, key: str) -> Path:
        return self.folder / key

    def _make_room(self) -> None:
        for file in sorted(self.folder.glob("*.json"), key=_last_used, reverse=True)[_MOST_MODELS:]:
            file.unlink(missing_ok=True)
            file.with_suffix(".npz").unlink(missing_ok=True)


def _format(words: bytes) -> object:
    try:
        return json.loads(words)["format"]
    except (ValueError, KeyError, TypeError):
        return None


def _last_used(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0
