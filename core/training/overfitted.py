"""Owns a training that went on for too long, kept to be shown: its curve, and what it composed on the way.

Knows nothing about how it is shown. `python -m benchmarks.overfitting` makes it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from core.models.model import Sketch

OVERFITTED = Path(__file__).parents[2] / "assets" / "overfitting.json"


@dataclass(frozen=True)
class Overfitted:
    """A training on the piece of some name, for so many seconds; the curve is as in `Record`.

    Sketch k has `shared[k]` of its runs of eight notes in common with the piece, and a run of `longest[k]` notes.
    """

    piece: str
    seconds: float
    curve: tuple[tuple[float, float, float | None], ...]
    sketches: tuple[Sketch, ...]
    shared: tuple[float, ...]
    longest: tuple[int, ...]

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))


def read_overfitted(path: Path = OVERFITTED) -> Overfitted:
    """Read what `Overfitted.to_json` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    found["sketches"] = tuple(
        Sketch(**{**sketch, "rows": tuple(tuple(row) for row in sketch["rows"])}) for sketch in found["sketches"]
    )
    found |= {name: tuple(map(_fixed, found[name])) for name in ("curve", "shared", "longest")}
    return Overfitted(**found)


def _fixed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
