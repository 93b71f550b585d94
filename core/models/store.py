"""Owns the models that are kept, a file each: those trained here by their fingerprints, those opened by their content.

Knows nothing about how models come to be. The folder is ENCORE_HOME, or the user's cache folder. Other processes may
use it too, so a file that was there a moment ago may be gone: nothing here relies on a look before.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from threading import Lock

import platformdirs
from cachetools import LRUCache

from core.config import BASE, TrainingSettings
from core.corpus.corpus import Corpus
from core.models.base import base_version
from core.models.file import SUFFIX, label_in, load, read_file, read_label, write_file, write_whole
from core.models.model import FORMAT, FormatError, Model, ModelError

_MOST_MODELS, _MOST_OPENED, _MOST_UNSAVED = 100, 100, 8
_logger = logging.getLogger(__name__)
_OPENED = "opened"  # no fingerprint begins like that


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

    version: str = ""
    outdated: bool = False  # made by another version of the program: it cannot be read
    title: str = ""  # that a person gave it
    unsaved: bool = False  # the folder cannot be written: it is kept until the server ends


class Store:
    """A folder of models; those unused for longest make room for new ones.

    Models that were opened from a file make room for each other only: they never cost one that was trained here.
    Where the folder cannot be written, the last few are kept in memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Use a folder, by default `models` in `home()`."""
        self.folder = folder or home() / "models"
        self._unsaved: LRUCache[str, bytes] = LRUCache(_MOST_UNSAVED)
        self._lock = Lock()

    def entry(self, key: str) -> Entry | None:
        """Look a model up; None where there is none."""
        if not is_key(key):
            return None
        try:
            if (unsaved := self._in_memory(key)) is not None:
                label = label_in(BytesIO(unsaved))
                return Entry(label.checksum, title=label.title, unsaved=True)
            label = read_label(self._file(key))
        except FormatError:
            return Entry(outdated=True)
        except ModelError:
            return Entry()
        except OSError:
            of_two_files = self._file(key).with_suffix(".json").is_file()  # as versions before format 7 kept them
            return Entry(outdated=True) if of_two_files else None
        return Entry(label.checksum, title=label.title)

    def get(self, key: str) -> Model | None:
        """Return a model, or None where there is none that can be read."""
        if not is_key(key):
            return None
        if (unsaved := self._in_memory(key)) is not None:
            return read_file(unsaved)[0]
        try:
            model = load(self._file(key))
        except ModelError:
            return None
        with suppress(FileNotFoundError):  # made room for another model just now
            os.utime(self._file(key))
        return model

    def put(self, key: str, data: bytes) -> Model:
        """Keep the file of a model that was trained. Raises ModelError."""
        model, _ = read_file(data)
        self._keep(key, data)
        return model

    def put_model(self, model: Model, title: str = "") -> str:
        """Keep a model that came from elsewhere; return its key, the same for the same model and title."""
        data = write_file(model, title)
        key = _OPENED + hashlib.sha256(data).hexdigest()[: 24 - len(_OPENED)]
        self._keep(key, data)
        return key

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"

    def _in_memory(self, key: str) -> bytes | None:
        with self._lock:
            return self._unsaved.get(key)

    def _keep(self, key: str, data: bytes) -> None:
        try:
            write_whole(self._file(key), data)
            self._make_room()
        except OSError as error:
            _logger.warning("a model cannot be stored and is kept in memory: %s", error)
            with self._lock:
                self._unsaved[key] = data
            return
        with self._lock:
            self._unsaved.pop(key, None)

    def _make_room(self) -> None:
        files = set(filter(Path.is_file, self.folder.iterdir()))
        opened = {file for file in files if file.name.startswith(_OPENED)}
        remove_oldest(opened, _MOST_OPENED)
        remove_oldest(files - opened, _MOST_MODELS)


def is_key(key: str) -> bool:
    """Tell whether a text may be a fingerprint; whatever else stands in an address never meets the file system."""
    return key.isascii() and key.isalnum() and len(key) <= 64


def remove_oldest(files: Iterable[Path], most: int) -> None:
    """Delete all but the files that were used last, of which `most` stay. Raises OSError."""
    for file in sorted(files, key=_last_used, reverse=True)[most:]:
        file.unlink(missing_ok=True)


def _last_used(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0
