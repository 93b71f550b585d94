"""Owns what a person hands in: files and zip archives -> the readings and refusals of each, in order.

Knows nothing about pages; what a single file holds is `midi`'s affair. Outside archives a file is known by its content,
whatever its name; in archives only what is named as MIDI is taken out. One bad file never costs another.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from core import midi
from core.midi.text import printable

SUFFIXES = (".mid", ".midi", ".kar", ".rmi")
"""How the names of MIDI files end, in any case."""

Upload = tuple[str, bytes]

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_ENCRYPTED = 1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may unpack without bound
_NAMED_AT_MOST = 3
_LONGEST_NAME = 200
_NAMELESS = "a file without a name"
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, IndexError, OverflowError, NotImplementedError, RuntimeError),
)


@dataclass(frozen=True)
class ArchiveLimits:
    """How much one archive may hold."""

    files: int = 1000
    entries: int = 10_000  # with all that is no MIDI file
    bytes: int = 64_000_000
    ratio: int = 200  # of a file's size to its packed size; MIDI packs to a tenth, or a fiftieth at best


ARCHIVE_LIMITS = ArchiveLimits()


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken, and why. It answers to the same names as a `Reading`."""

    name: str
    message: str
    status: str = "rejected"
    notes: int = 0
    drum_hits: int = 0
    tracks: int = 0
    quarters: float = 0.0
    seconds: float = 0.0


def read_all(
    uploads: Iterable[Upload], on_progress: Callable[[int, int], None] = lambda done, total: None
) -> list[midi.Reading | Refusal]:
    """Read all files, also those inside zip archives; `on_progress` is told how many are done, of how many."""
    files = unpack(uploads)
    first_names: dict[str, str] = {}
    results = []
    for done, file in enumerate(files, start=1):
        results.append(file if isinstance(file, Refusal) else _read(*file, first_names))
        on_progress(done, len(files))
    return results


def _read(name: str, data: bytes, first_names: dict[str, str]) -> midi.Reading | Refusal:
    """Read one file, unless its content was seen before."""
    digest = hashlib.sha256(data).hexdigest()
    if data and digest in first_names:
        return Refusal(name, f"“{name}” is the same as “{first_names[digest]}”. Once is enough.")
    first_names[digest] = name
    try:
        return midi.read(data, name)
    except midi.MidiError as error:
        return Refusal(name, str(error))


def unpack(uploads: Iterable[Upload], limits: ArchiveLimits = ARCHIVE_LIMITS) -> list[Upload | Refusal]:
    """Replace each zip archive by the MIDI files in it; what cannot be unpacked becomes a refusal."""
    files: list[Upload | Refusal] = []
    for given, data in uploads:
        name = _shown(given)
        files += _members(name, data, limits) if data.startswith((_ZIP, _EMPTY_ZIP)) else [(name, data)]
    return files


def _members(name: str, data: bytes, limits: ArchiveLimits) -> list[Upload | Refusal]:
    """Take the MIDI files out of an archive, and say what else was in it."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except _UNREADABLE:
        return [Refusal(name, f"“{name}” is a broken zip archive. Pack it again, or add its files one by one.")]
    with archive:
        entries = archive.infolist()
        if len(entries) > limits.entries:
            return [Refusal(name, f"“{name}” holds {len(entries)} files and folders. Put only your MIDI files in.")]
        members = [member for member in entries if not _is_hidden(member)]
        songs = [member for member in members if _is_song(member)]
        others = [_name(member) for member in members if not _is_song(member)]
        complaint = _complaint(name, songs, limits)
        if complaint:
            return [Refusal(name, complaint)]
        return [*_extract_all(archive, songs), *_left_out(name, others)]


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    """Tell folders, and what systems add on their own, from what a person put in."""
    parts = PurePosixPath(member.filename).parts
    return member.filename.endswith("/") or "__MACOSX" in parts or not parts or parts[-1].startswith(".")


def _is_song(member: zipfile.ZipInfo) -> bool:
    return member.filename.lower().endswith(SUFFIXES)


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name with its folders, which tell files of one name apart."""
    return _shown(str(PurePosixPath(member.filename)))


def _shown(name: str) -> str:
    return printable(name)[:_LONGEST_NAME] or _NAMELESS


def _complaint(name: str, songs: list[zipfile.ZipInfo], limits: ArchiveLimits) -> str:
    """Say why an archive as a whole is refused; nothing if it is not."""
    if not songs:
        return f"“{name}” holds no MIDI files (.mid). Put some in, or add them one by one."
    if len(songs) > limits.files:
        return f"“{name}” holds {len(songs)} MIDI files, more than {limits.files}. Split it into smaller archives."
    if sum(member.file_size for member in songs) > limits.bytes:
        return f"“{name}” unpacks to more than {limits.bytes / 1e6:g} MB. Split it into smaller archives."
    if any(member.file_size > limits.ratio * max(member.compress_size, 1) for member in songs):
        return f"“{name}” is packed more tightly than music can be, so it was not opened. Add its files one by one."
    return ""


def _extract_all(archive: zipfile.ZipFile, songs: list[zipfile.ZipInfo]) -> Iterator[Upload | Refusal]:
    for member in songs:
        name = _name(member)
        if member.flag_bits & _ENCRYPTED:
            yield Refusal(name, f"“{name}” lies in a zip archive with a password. Pack it again without one.")
            continue
        if member.compress_type not in _METHODS:
            yield Refusal(name, f"“{name}” is packed in an unusual way. Pack it again, or add it on its own.")
            continue
        try:
            with archive.open(member) as file:
                # one byte more than is legal, so that the reader sees that it is too long
                yield name, file.read(midi.FILE_LIMITS.bytes + 1)
        except _UNREADABLE:
            yield Refusal(name, f"“{name}” is broken inside its zip archive. Pack it again, or add it on its own.")


def _left_out(name: str, others: list[str]) -> list[Refusal]:
    """Tell of the files in an archive that are not MIDI."""
    if not others:
        return []
    named = ", ".join(others[:_NAMED_AT_MOST]) + (" …" if len(others) > _NAMED_AT_MOST else "")
    return [Refusal(name, f"{len(others)} other file{'s' * (len(others) > 1)} in “{name}” left out: {named}.")]
