"""Owns the container of a MIDI file: bytes -> `Container`, a timebase and the bytes of each track.

Knows nothing about events or notes.

Conventions
-----------
The header is found wherever it stands near the beginning (stray bytes, a RIFF wrapper, a missing header are all met
in the wild). The tracks that are there count, not the number declared. A track's stated length counts where it leads
to another chunk or to the end; where it does not, the track runs to its last end mark before the next track.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

SEARCHED = 4096
"""How many bytes are searched for the header."""

_HEADER, _TRACK, _END_OF_TRACK = b"MThd", b"MTrk", b"\xff\x2f\x00"
_DEFAULT_TPQ = 480
_FRAME_RATES = {24: 24.0, 25: 25.0, 29: 29.97, 30: 30.0}  # SMPTE frames a second, by their code
_IMPOSTORS = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"ID3", "a sound recording"),
    (b"\xff\xfb", "a sound recording"),
    (b"OggS", "a sound recording"),
    (b"fLaC", "a sound recording"),
    (b"RIFF", "a sound recording"),
    (b"<?xml", "an XML file, perhaps a score"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
)


class ContainerError(ValueError):
    """The bytes hold no MIDI; the message says what they are instead, as the end of a sentence."""


@dataclass(frozen=True)
class Container:
    """The parts of a MIDI file. `losses` tell of music that is missing, `notices` of all else that was odd."""

    format: int
    tpq: float
    beats: bool = True  # False: SMPTE time in seconds; then a quarter is half a second long
    tracks: tuple[bytes, ...] = ()
    losses: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def unpack(data: bytes) -> Container:
    """Take a MIDI file apart.

    Raises `ContainerError` if the bytes are not MIDI.
    """
    start, notices = _beginning(data)
    head, first = _header(data, start)
    chunks = list(_tracks(data, first))
    if not chunks:
        raise ContainerError("holds no tracks; only its beginning seems to be there")
    cut = any(is_cut for _, is_cut in chunks)
    return replace(
        head,
        tracks=tuple(track for track, _ in chunks),
        losses=("The file is cut off; what comes before the cut was kept.",) if cut else (),
        notices=notices + head.notices,
    )


def _beginning(data: bytes) -> tuple[int, tuple[str, ...]]:
    """Return where the header or, without one, the first track stands."""
    start = data.find(_HEADER, 0, SEARCHED)
    if start == 0 or (start > 0 and data[:4] == b"RIFF"):
        return start, ()
    if start > 0:
        return start, (f"{start} stray bytes before the music were passed over.",)
    start = data.find(_TRACK, 0, SEARCHED)
    if start < 0:
        raise ContainerError(_what_else(data))
    return start, ("The file's header is missing; its speed and bars are a guess.",)


def _what_else(data: bytes) -> str:
    """Say what a file without any MIDI in it seems to be."""
    if not data.strip(b"\0"):
        return "is empty"
    head = data.lstrip().lower()
    kind = next((kind for magic, kind in _IMPOSTORS if head.startswith(magic.lower())), None)
    return f"is {kind}, not MIDI" if kind else "is not a MIDI file"


def _header(data: bytes, start: int) -> tuple[Container, int]:
    """Return the container without its tracks, and where the chunks begin."""
    if data[start : start + 4] == _TRACK:
        return Container(format=1, tpq=_DEFAULT_TPQ), start
    if len(data) < start + 14:
        raise ContainerError("ends inside its header; only its beginning seems to be there")
    length = int.from_bytes(data[start + 4 : start + 8], "big")
    kind = int.from_bytes(data[start + 8 : start + 10], "big")
    end = start + 8 + length
    first = end if _is_boundary(data, end) else data.find(_TRACK, start)
    return _with_timebase(kind, data[start + 12], data[start + 13]), first


def _with_timebase(kind: int, high: int, low: int) -> Container:
    """Read the two bytes that say how long a tick is."""
    frames = 256 - high
    if high < 0x80 and (high or low):
        return Container(kind, tpq=high << 8 | low)
    if frames in _FRAME_RATES and low:
        notice = "The file counts in seconds, not in beats, so its bars are a guess."
        return Container(kind, tpq=_FRAME_RATES[frames] * low / 2, beats=False, notices=(notice,))
    return Container(
        kind, tpq=_DEFAULT_TPQ, notices=("The file does not say how long a beat is; its speed is a guess.",)
    )


def _tracks(data: bytes, at: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the bytes of each track and whether its end is missing."""
    while 0 <= at <= len(data) - 8:
        start, stated = at + 8, at + 8 + int.from_bytes(data[at + 4 : at + 8], "big")
        if data[at : at + 4] == _TRACK:
            at, end, cut = _extent(data, start, stated)
            yield data[start:end], cut
        else:
            at = stated if _is_boundary(data, stated) else data.find(_TRACK, at + 1)


def _extent(data: bytes, start: int, stated: int) -> tuple[int, int, bool]:
    """Return where the next chunk begins, where this track ends, and whether its end is missing."""
    if _is_boundary(data, stated):
        return stated, stated, False
    if stated < len(data) and data.endswith(_END_OF_TRACK, start, stated):
        return data.find(_TRACK, stated), stated, False
    following = data.find(_TRACK, start)
    bound = following if following >= 0 else len(data)
    mark = data.rfind(_END_OF_TRACK, start, bound)
    return following, bound if mark < 0 else mark + len(_END_OF_TRACK), mark < 0


def _is_boundary(data: bytes, at: int) -> bool:
    """Tell whether a chunk may begin, or the file end, at `at`."""
    return at == len(data) or (at < len(data) and data[at : at + 4].isalnum() and len(data) >= at + 8)
