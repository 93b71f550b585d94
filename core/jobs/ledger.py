"""Owns the ledger of trainings that have begun and not ended: a file each, so that a new server knows what was lost.

Knows nothing about who waits for them. No music is written down, nor any name that could tell of it.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from core.config import TrainingSettings
from core.models.file import write_whole
from core.models.store import is_key, remove_oldest

_MOST = 200
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Begun:
    """A training that has begun: by which settings, and on which of the built-in sets of music, if on such."""

    settings: TrainingSettings
    sets: tuple[str, ...] = ()


class Ledger:
    """A folder of notes by the fingerprints of the trainings; where it cannot be written, nothing is noted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, key: str, begun: Begun) -> None:
        """Write down that a training begins; the oldest notes make room."""
        try:
            write_whole(self._file(key), json.dumps(asdict(begun)).encode())
            remove_oldest(self._folder.iterdir(), _MOST)
        except OSError as error:
            _logger.warning("a training cannot be noted down: %s", error)

    def forget(self, key: str) -> None:
        """Cross a training out: it has ended."""
        try:
            self._file(key).unlink(missing_ok=True)
        except OSError as error:
            _logger.warning("a training cannot be crossed out: %s", error)

    def find(self, key: str) -> Begun | None:
        """Return what is noted of a training, None where there is nothing that can be read."""
        if not is_key(key):
            return None
        try:
            words = json.loads(self._file(key).read_bytes())
            return Begun(TrainingSettings(**words["settings"]), tuple(map(str, words["sets"])))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            _logger.warning("the note of a training cannot be read: %s", error)
            return None

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}.json"
