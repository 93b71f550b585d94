"""Owns where takes are kept: a file for each take, under the hash of what it holds, and a file for each visitor's desk.

Knows nothing about pages. A visitor is an unguessable key; only its hash is written down. No sound is kept.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from cachetools import LRUCache

from core.models.file import write_whole
from core.models.store import home
from core.takes.desk import Desk, KeptTake
from core.takes.files import TakeError, read_take, take_id, write_take
from core.takes.history import History

_MOST_TAKES, _MOST_DESKS = 20_000, 2_000  # on disk, for all visitors together
_MOST_IN_MEMORY = 200
_LONGEST_NAME = 64
_logger = logging.getLogger(__name__)


class KeptDesk:
    """A desk with its history; `key` is that of its visitor, None for one that is not written down.

    Windows and threads may change it side by side: each goes on from what the others left.
    """

    def __init__(self, store: TakeStore | None = None, key: str | None = None) -> None:
        self._store, self._key, self._lock = store, key, RLock()
        self.saved = True
        stored, self.lost = store.read_desk(key) if store and key else (None, 0)  # takes that are not there any more
        self.history: History[Desk] = History(stored or Desk())

    def change(self, change: Callable[[History[Desk]], History[Desk]]) -> None:
        """Go on from the state now."""
        with self._lock:
            self.put(change(self.history))

    def put(self, history: History[Desk]) -> None:
        """Go on with another state, and write it down where a visitor has a key.

        An earlier state comes back knowing the highest number so far: no number is used again.
        """
        changed, last = history.now is not self.history.now, self.history.now.last
        self.history = history if history.now.last >= last else history.adjust(replace(history.now, last=last))
        if changed and self._store and self._key:
            self.saved, self.lost = self._store.write_desk(self._key, self.history.now), 0


class TakeStore:
    """A folder of takes and desks; those unused for longest make room for new ones.

    Of takes first those go that are on no desk, last those with a star.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Use a folder, by default that for everything that outlives a visit."""
        self._takes, self._desks = (folder or home()) / "takes", (folder or home()) / "desks"
        self._open: LRUCache[str, KeptDesk] = LRUCache(_MOST_IN_MEMORY)
        self._in_use: WeakValueDictionary[str, KeptDesk] = WeakValueDictionary()  # there may be more of them
        self._names: WeakKeyDictionary[KeptTake, str] = WeakKeyDictionary()
        self._lock = RLock()

    def desk(self, key: str) -> KeptDesk:
        """Return the desk of a visitor: the same one in every window of the same browser."""
        with self._lock:
            kept = self._in_use.get(key)
            if kept is None:
                self._make_room()
                self._in_use[key] = kept = KeptDesk(self, key)
            self._open[key] = kept
            return kept

    def put(self, kept: KeptTake) -> str:
        """Write a take down, once; return its name, by which anyone who knows it may open it."""
        if (name := self._names.get(kept)) is not None:
            with suppress(FileNotFoundError):  # it made room for another one
                os.utime(self._file(name))
                return name
        written = write_take(kept)
        self._names[kept] = name = take_id(written)
        _write(self._file(name), written)
        return name

    def get(self, name: str) -> KeptTake | None:
        """Return a take by its name, as the first of a desk; None where there is none that can be read."""
        if not (name.isascii() and name.isalnum() and len(name) <= _LONGEST_NAME):
            return None
        file = self._file(name)
        try:
            take, origin = read_take(file.read_text(encoding="utf-8"))
            os.utime(file)
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, TakeError) as error:
            _logger.warning("the take %s cannot be read: %s", name, error)
            return None
        return KeptTake(1, take, origin, "Take 1")

    def write_desk(self, key: str, desk: Desk) -> bool:
        """Write down what is on a desk; return whether that was possible."""
        try:
            rows = [{"take": self.put(kept)} | _place(kept) for kept in desk.takes]
            words = {"opened": desk.opened, "last": desk.last, "takes": rows}
            _write(self._desk_file(key), json.dumps(words, ensure_ascii=False))
        except OSError as error:
            _logger.warning("takes cannot be kept: %s", error)
            return False
        return True

    def read_desk(self, key: str) -> tuple[Desk | None, int]:
        """Return the desk of a visitor as it was written down, less the takes whose files are gone, and how many."""
        words = _read(self._desk_file(key))
        if words is None:
            return None, 0
        try:
            takes = tuple(kept for row in words["takes"] if (kept := self._placed(row)))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            _logger.warning("a desk cannot be read: %s", error)
            return None, 0
        numbers = [kept.number for kept in takes]
        opened = words["opened"] if words["opened"] in numbers else next(iter(numbers), None)
        return Desk(takes, opened, words["last"]), len(words["takes"]) - len(takes)

    def _placed(self, row: dict[str, Any]) -> KeptTake | None:
        kept = self.get(row["take"])
        if kept is None:
            return None
        passage = None if row["passage"] is None else (float(row["passage"][0]), float(row["passage"][1]))
        origin = replace(kept.origin, parent=row["parent"], batch=row["batch"], passage=passage)
        return KeptTake(row["number"], kept.take, origin, row["name"], row["note"], row["starred"])

    def _file(self, name: str) -> Path:
        return self._takes / f"{name}.json"

    def _desk_file(self, key: str) -> Path:
        return self._desks / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"

    def _make_room(self) -> None:
        for file in _surplus(self._desks, _MOST_DESKS, _last_used):
            file.unlink(missing_ok=True)
        if _surplus(self._takes, _MOST_TAKES, _last_used):
            worth = self._worth()
            for file in _surplus(self._takes, _MOST_TAKES, lambda file: (worth.get(file.stem, 0), _last_used(file))):
                file.unlink(missing_ok=True)

    def _worth(self) -> dict[str, int]:
        """Return for each take on a desk, by its name, 1, or 2 if it has a star."""
        worth: dict[str, int] = {}
        for file in self._desks.glob("*.json"):
            for row in (_read(file) or {}).get("takes", []):
                name, value = str(row.get("take")), 2 if row.get("starred") else 1
                worth[name] = max(worth.get(name, 0), value)
        return worth


def _surplus(folder: Path, most: int, worth: Callable[[Path], Any]) -> list[Path]:
    """Return the files that are too many, those of least worth."""
    files = list(folder.glob("*.json"))
    return sorted(files, key=worth)[: len(files) - most] if len(files) > most else []


def _place(kept: KeptTake) -> dict[str, Any]:
    origin = kept.origin
    own = {"number": kept.number, "name": kept.name, "note": kept.note, "starred": kept.starred}
    return own | {"parent": origin.parent, "batch": origin.batch, "passage": origin.passage}


def _write(file: Path, text: str) -> None:
    write_whole(file, text.encode())


def _read(file: Path) -> dict[str, Any] | None:
    """Return a desk as it was written down; None where there is none that can be read."""
    try:
        words = json.loads(file.read_text(encoding="utf-8"))
        rows = [dict(row) for row in words["takes"]]
        return {"takes": rows, "opened": words["opened"], "last": int(words["last"])}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _logger.warning("a desk cannot be read: %s", error)
        return None


def _last_used(file: Path) -> float:
    with suppress(FileNotFoundError):
        return file.stat().st_mtime
    return 0.0
