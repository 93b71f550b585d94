"""Owns the account of takes: in plain words how each was made, and the command that composes it again.

Knows nothing about files or pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from core.bars import count_bars
from core.corpus.description import key_of
from core.midi.instruments import INSTRUMENTS
from core.notes import Piece, pitch_name
from core.takes.desk import KeptTake, Origin

_HEAD = """How these takes were made
=========================

They were composed with Encore, by models that are named here by a hash of all that they have learned. The same model,
seed and settings give the same notes again. MODEL.encore in a command stands for the file of the model, which the app
and the command line write. A command composes a take to its end: of one that was stopped early it gives more.
Instruments that were changed later are not part of it. A take that was made from another has its settings from that.
"""

Say = Callable[[Any], str]


def account(takes: Sequence[KeptTake], names: Sequence[str]) -> str:
    """Return how some takes were made, each under the name that its files have."""
    return "\n\n".join([_HEAD, *(_section(kept, name) for kept, name in zip(takes, names, strict=True))]) + "\n"


def command_line(kept: KeptTake) -> str | None:
    """Return the command that composes a take again; None for one that goes on from music or was made from a take."""
    origin = kept.origin
    if origin.how != Origin.how or origin.parent is not None or kept.take.primer_end:
        return None
    words = [f"python -m core compose MODEL.encore --out take-{kept.number}.mid"]
    for each in fields(origin.settings):
        value, option = getattr(origin.settings, each.name), each.name.replace("_", "-")
        if isinstance(value, bool):
            words.append(f"--{option}" if value else f"--no-{option}")
        elif value is not None and each.name != "variations":
            words.append(f'--{option} "{value}"' if isinstance(value, str) else f"--{option} {value}")
    return " ".join(words)


def _section(kept: KeptTake, name: str) -> str:
    facts = (f"{label}: {words}" for label, words in _facts(kept) if words)
    return "\n".join([name, "-" * len(name), *facts])


def _facts(kept: KeptTake) -> Iterator[tuple[str, str]]:
    """Say what there is to say of a take, as labels with words."""
    yield "take", f"{kept.number}, with a star" if kept.starred else f"{kept.number}"
    yield "name", _line(kept.name)
    yield "note", _line(kept.note)
    yield "music", ", ".join(_music(kept.take.piece, kept.take.grid))
    yield "made", _made(kept)
    yield "model", kept.take.model
    left_out = {"variations", "play_seconds"} if kept.take.grid else {"variations", "bars", "returns"}
    for each in fields(kept.origin.settings):
        if each.name not in left_out:
            label, say = _SETTINGS.get(each.name, (each.name.replace("_", " "), str))
            yield label, say(getattr(kept.origin.settings, each.name))
    yield "to compose it again", command_line(kept) or ""


def _music(piece: Piece, grid: bool) -> Iterator[str]:
    if grid:
        metres = {f"{metre.numerator}/{metre.denominator}" for metre in piece.metres}
        yield f"{count_bars(piece)} bars {'of ' + metres.pop() if len(metres) == 1 else 'in changing metres'}"
    minutes, seconds = divmod(round(piece.seconds), 60)
    yield f"{minutes} min {seconds} s"
    yield f"{len(piece.notes)} notes"
    yield f"{piece.qpm:.0f} quarter notes per minute"
    yield f"most likely in {key}" if (key := key_of(piece)) else "in no key"
    yield INSTRUMENTS[piece.program]


def _made(kept: KeptTake) -> str:
    if kept.origin.parent is not None:
        return f"from take {kept.origin.parent}: {_line(kept.origin.how)}"
    if kept.take.primer_end:
        return f"{_line(kept.origin.how)}, going on from music that ends at {kept.take.primer_end:g} quarter notes"
    return "composed from the beginning" if kept.origin.how == Origin.how else _line(kept.origin.how)


def _line(text: str) -> str:
    return " ".join(text.split())


def _or(usual: str, say: Say) -> Say:
    return lambda value: usual if value is None else say(value)


_NUMBER: Say = "{:g}".format
_SETTINGS: dict[str, tuple[str, Say]] = {
    "bars": ("length asked for", "{} bars".format),
    "play_seconds": ("length asked for", "{:g} seconds".format),
    "temperature": ("temperature", _NUMBER),
    "rhythm_temperature": ("temperature of the rhythm", _or("the same", _NUMBER)),
    "top_p": ("top-p", lambda share: f"{share:g}, the share of probability that the likeliest choices are drawn from"),
    "density": (
        "density",
        lambda density: f"{density:+g}, from -1 (sparser) to 1 (denser)" if density else "as learned",
    ),
    "key": ("key to keep to", _or("any", str)),
    "lowest": ("lowest new note", _or("as in the music learned", pitch_name)),
    "highest": ("highest new note", _or("as in the music learned", pitch_name)),
    "tempo_scale": ("tempo", "{:g} times the speed of the music learned".format),
    "rhythm": ("rhythm", lambda learned: "as learned" if learned else "even: all gaps are equal"),
    "ending": ("end", lambda ending: "closes as the music learned does" if ending else "left open"),
    "returns": ("form", lambda form: "bars come back as in the music learned" if form else "every bar is new"),
}
