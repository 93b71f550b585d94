"""Owns what stands in a model's file beside the weights: settings, vocabulary, style and record, as plain JSON values.

Knows nothing about files or weights. A file may come from a stranger, so every value is checked: what is restored is
what a training could have made. Pieces stand as digests, and no other text is let in that could name music.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, astuple, dataclass, fields
from typing import Any, TypeVar

from core.config import TrainingSettings
from core.corpus.corpus import MOST_DESCRIBED
from core.corpus.ensembles import MOST_PARTS, Ensemble, Part
from core.corpus.form import Form
from core.corpus.loudness import STEPS, Levels
from core.corpus.openings import Openings
from core.corpus.style import SPARSEST, Style
from core.encoding import ENCODINGS, Encoding
from core.encoding.joint import VELOCITY_STEP
from core.models.model import Model, Record, Sketch

_LONGEST_BAR = 64.0  # quarter lengths
_NOTE_VALUES = (1, 2, 4, 8, 16, 32, 64, 128, 256)

Read = Callable[[Any], Any]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Metadata:
    """A model without its weights."""

    settings: TrainingSettings
    encoding: Encoding
    style: Style
    record: Record


def write_metadata(model: Model) -> dict[str, Any]:
    """Return a model without its weights as JSON values; lists of whole numbers and digests as text, to be short."""
    return {
        "family": model.encoding.family,
        "settings": asdict(model.settings),
        "vocabulary": model.encoding.to_json(),
        "style": asdict(model.style)
        | {
            "forms": [" ".join(map(str, form)) for form in model.style.forms],
            "ensembles": [[" ".join(map(str, astuple(part))) for part in each] for each in model.style.ensembles],
        },
        "record": asdict(model.record)
        | {
            "learned": " ".join(model.record.learned),
            "held_out": " ".join(model.record.held_out),
            "sketches": [
                {
                    "done": each.done,
                    "seconds": each.seconds,
                    "qpm": each.qpm,
                    "program": each.program,
                    "notes": _as_words(each.rows),
                }
                for each in model.record.sketches
            ],
        },
    }


def _as_words(rows: Iterable[tuple[float, float, int, int]]) -> str:
    return ", ".join(" ".join(f"{number:g}" for number in row) for row in rows)


def read_metadata(data: Mapping[str, Any]) -> Metadata:
    """Restore what `write_metadata` returned. Raises ValueError, or a subclass, where anything is not as it must be."""
    try:
        settings = _restored(TrainingSettings, _SETTINGS, data["settings"])
        if data["family"] != settings.family:
            raise ValueError("its family is not that of its settings")
        encoding = ENCODINGS[settings.family].from_json(data["vocabulary"])
        style = _restored(Style, _STYLE, data["style"])
        if style.lowest > style.highest or not 0 < style.bar <= _LONGEST_BAR:
            raise ValueError("its range or its metre is none")
        return Metadata(settings, encoding, style, _restored(Record, _RECORD, data["record"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("something is missing, or of another kind") from error


def _restored(kind: Callable[..., Value], readers: Mapping[str, Read], data: Mapping[str, Any]) -> Value:
    if data.keys() != readers.keys():
        raise ValueError(f"it must tell just these: {', '.join(readers)}")
    return kind(**{name: _read(name, readers[name], data[name]) for name in readers})


def _read(name: str, reader: Read, value: Any) -> Any:
    try:
        return reader(value)
    except ValueError as error:
        raise ValueError(f"{name.replace('_', ' ')}: {error}") from error


def _number(low: float, high: float) -> Read:
    def read(value: Any) -> float:
        if type(value) not in (int, float) or not low <= value <= high:
            raise ValueError(f"not a number from {low:g} to {high:g}")
        return value

    return read


def _whole(low: int, high: int) -> Read:
    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"not a whole number from {low} to {high}")
        return value

    return read


def _or_none(reader: Read) -> Read:
    return lambda value: None if value is None else reader(value)


def _switch(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("neither true nor false")
    return value


def _word(value: Any) -> str:
    if not re.fullmatch(r"[0-9a-z]{1,64}", value):
        raise ValueError("not a plain word")
    return value


def _note_value(value: Any) -> int:
    if type(value) is not int or value not in _NOTE_VALUES:
        raise ValueError(f"not one of {', '.join(map(str, _NOTE_VALUES))}")
    return value


def _digests(value: Any) -> tuple[str, ...]:
    found = tuple(value.split())
    if not all(re.fullmatch("[0-9a-f]{64}", each) for each in found):
        raise ValueError("something else than digests")
    return found


def _curve(value: Any) -> tuple[tuple[float, ...], ...]:
    if any(len(point) != len(_POINT) for point in value):
        raise ValueError("a point is not of three numbers")
    return tuple(tuple(reader(each) for reader, each in zip(_POINT, point, strict=True)) for point in value)


def _sketches(value: Any) -> tuple[Sketch, ...]:
    return tuple(map(_sketch, _at_most(_MOST_SKETCHES, value)))


def _sketch(value: Any) -> Sketch:
    share, seconds, qpm = _number(0, 1)(value["done"]), _AMOUNT(value["seconds"]), _number(1, 2000)(value["qpm"])
    if len(value["notes"]) > _MOST_SKETCHED or not re.fullmatch(_ROWS, value["notes"]):
        raise ValueError("not rows of four numbers")
    rows = tuple(tuple(map(float, row.split())) for row in value["notes"].split(", ") if row)
    if not all(end <= _LONGEST_SKETCH and pitch <= 127 and 1 <= velocity <= 127 for end, _, pitch, velocity in rows):
        raise ValueError("notes that there are not")
    program = _whole(0, 127)(value["program"])
    return Sketch(
        share, seconds, qpm, program, tuple((on, length, int(pitch), int(loud)) for on, length, pitch, loud in rows)
    )


def _forms(value: Any) -> tuple[Form, ...]:
    return tuple(map(_form, _at_most(MOST_DESCRIBED, value)))


def _form(value: Any) -> Form:
    if not re.fullmatch(r"(-?[0-9]{1,3}( -?[0-9]{1,3}){0,499})?", value):
        raise ValueError("not rows of up to 500 bars")
    form = tuple(map(int, value.split()))
    if any(not -bar <= number <= bar for bar, number in enumerate(form)):
        raise ValueError("a bar comes back before it was there")
    return form


def _ensembles(value: Any) -> tuple[Ensemble, ...]:
    if len(value) > MOST_DESCRIBED or not all(1 <= len(each) <= MOST_PARTS for each in value):
        raise ValueError(f"more than {MOST_DESCRIBED}, or not of 1 to {MOST_PARTS} parts")
    return tuple(tuple(map(_part, each)) for each in value)


def _part(value: Any) -> Part:
    if not re.fullmatch(r"[0-9]{1,3}( [0-9]{1,3}){4}", value):
        raise ValueError("not rows of five numbers")
    part = Part(*map(int, value.split()))
    if not (part.lowest <= part.usual <= part.highest <= 127 and part.program <= 127 and 1 <= part.together <= 128):
        raise ValueError("a part that no instrument can play")
    return part


def _openings(value: Any) -> Openings:
    if len(value) not in (0, 3) or any(len(each) != 3 for each in value):
        raise ValueError("not three numbers for each of three facts")
    number = _number(0, 10_000)
    return tuple((number(low), number(usual), number(high)) for low, usual, high in value)


def _densities(value: Any) -> tuple[tuple[float, float], ...]:
    notes, chord = _number(SPARSEST, 10_000), _number(1, 10_000)
    return tuple((notes(in_time), chord(at_once)) for in_time, at_once in _at_most(MOST_DESCRIBED, value))


def _last_notes(value: Any) -> tuple[float, ...]:
    return tuple(map(_number(0, 1e6), _at_most(MOST_DESCRIBED, value)))


def _at_most(many: int, value: Any) -> Any:
    if len(value) > many:
        raise ValueError(f"more than {many}")
    return value


def _levels(value: Any) -> Levels:
    levels = tuple(map(_whole(0, 127), value))
    if len(levels) not in (0, STEPS) or any(level and level // VELOCITY_STEP != at for at, level in enumerate(levels)):
        raise ValueError(f"not one velocity for each of {STEPS} steps")
    return levels


_MOST_SKETCHES, _MOST_SKETCHED, _LONGEST_SKETCH = 8, 50_000, 4096.0  # sketches; letters and quarters of one
_ROW = r"[0-9]{1,4}(\.[0-9]{1,4})? [0-9]{1,4}(\.[0-9]{1,4})? [0-9]{1,3} [0-9]{1,3}"
_ROWS = re.compile(f"({_ROW}(, {_ROW})*)?")
_AMOUNT = _number(0, 1e15)
_BITS = _number(0, 1e6)
_POINT = (_AMOUNT, _BITS, _or_none(_BITS))
_PLAIN: dict[Any, Read] = {
    "str": _word,
    "bool": _switch,
    "int": _whole(0, 2**31),
    "float": _AMOUNT,
    "int | None": _or_none(_whole(0, 2**31)),
}
_SETTINGS = {each.name: _PLAIN[each.type] for each in fields(TrainingSettings)}  # their ranges they know themselves
_STYLE: dict[str, Read] = {
    "qpm": _number(1, 2000),
    "numerator": _whole(1, 255),
    "denominator": _note_value,
    "program": _whole(0, 127),
    "grid": _switch,
    "lowest": _whole(0, 127),
    "highest": _whole(0, 127),
    "largest_chord": _whole(1, 1_000_000),
    "longest_gap": _number(1 / 24, 1e6),
    "forms": _forms,
    "longest_note": _number(1 / 24, 1e6),
    "outside_key": _number(0, 1),
    "tonic_endings": _number(0, 1),
    "parallels": _number(0, 6),
    "ensembles": _ensembles,
    "levels": _levels,
    "kept_notes": _number(0, 1),
    "openings": _openings,
    "densities": _densities,
    "last_notes": _last_notes,
}
_RECORD: dict[str, Read] = {
    "learned": _digests,
    "held_out": _digests,
    "notes": _whole(0, 2**53),
    "steps": _whole(0, 2**31),
    "seconds": _AMOUNT,
    "notes_per_second": _AMOUNT,
    "stopped": _switch,
    "curve": _curve,
    "bits_per_note": _or_none(_BITS),
    "network_only": _or_none(_BITS),
    "trained_share": _number(0, 1),
    "sketches": _sketches,
}
