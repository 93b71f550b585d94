"""Owns the trained models that are kept: one a fingerprint, on disk, so that the same training is done once.

Knows nothing about how models come to be. The place is ENCORE_HOME, or the user's cache folder.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import platformdirs

from core.base import base_version
from core.config import BASE, TrainingSettings
from core.model import FORMAT, Model, ModelError, load, parse, save
from core.notes import Piece

_MOST_MODELS = 100

Named = Sequence[tuple[str, Piece]]


def home() -> Path:
    """Return the folder for everything that outlives a visit."""
    return Path(os.environ.get("ENCORE_HOME") or platformdirs.user_cache_path("encore"))


def digest(piece: Piece) -> str:
    """Return a hash of what is learned from a piece: its notes and metres."""
    content = hashlib.sha256(piece.notes.tobytes())
    content.update(repr((piece.metres, piece.tempos, piece.program)).encode())
    return content.hexdigest()


def fingerprint(named: Named, settings: TrainingSettings) -> str:
    """Return the name of a training: the same music in any order and the same settings give the same one."""
    start = base_version() if settings.start == BASE else ""
    parts = [FORMAT, asdict(settings), start, sorted(digest(piece) for _, piece in named)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


class Store:
    """A folder of models; the longest unused ones make room for new ones."""

    def __init__(self, folder: Path | None = None) -> None:
        """Use a folder, by default `models` in `home()`."""
        self.folder = folder or home() / "models"

    def __contains__(self, key: str) -> bool:
        return key.isalnum() and self._path(key).with_suffix(".json").exists()

    def get(self, key: str) -> Model | None:
        """Return a model, or None where there is none that can be read."""
        if key not in self:
            return None
        try:
            model = load(self._path(key))
        except ModelError:
            return None
        self._path(key).with_suffix(".json").touch()
        return model

    def version(self, key: str) -> float:
        """Return a number that changes when the model of a fingerprint is replaced."""
        return self._path(key).with_suffix(".npz").stat().st_mtime

    def put(self, key: str, npz: bytes, words: str) -> Model:
        """Keep a model that came as the contents of its two files."""
        model = parse(npz, words)
        save(model, self._path(key))
        self._make_room()
        return model

    def _path(self, key: str) -> Path:
        return self.folder / key

    def _make_room(self) -> None:
        words = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in words[_MOST_MODELS:]:
            file.unlink(missing_ok=True)
            file.with_suffix(".npz").unlink(missing_ok=True)
