"""Owns damaged files: MIDI files, zip archives and models, each changed in many ways, and what becomes of them.

Knows nothing about servers or visitors. Each file is read, or refused in words; anything else is a fault.

bytes  : some are changed, mostly near the beginning, or the end is cut off, or a part is repeated
forged : of a model, one value or the weights of one matrix are others, with a checksum that is right
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import resource
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from benchmarks.browser import ROOT
from benchmarks.sampling import rags
from core import midi
from core.composing.take import ComposingError, compose
from core.config import ComposingSettings
from core.corpus.uploads import unpack
from core.models.file import read_file, write_file
from core.models.model import ModelError

_ODD: tuple[Any, ...] = (
    None,
    True,
    "",
    "x",
    0,
    -1,
    1,
    3,
    127,
    128,
    10**9,
    2**63,
    1e-9,
    1e300,
    [],
    {},
    [[]],
    [0] * 1000,
    "9 " * 5000,
)
_WEIGHTS = (0.0, 1e5, -1e5, 1e7, 1e30, np.inf, np.nan)
_KILOBYTES_A_MB = 1000

Change = Callable[[bytes, random.Random], bytes]
Read = Callable[[bytes], str]


def damage(files: int, models: int) -> dict[str, dict[str, Any]]:
    """Damage so many MIDI files and archives, and so many models by either way; count what becomes of them.

    `longest` is the CPU time of the slowest in seconds, `memory` by how many MB the process grew at most.
    """
    song = (ROOT / "assets" / "music" / "ragtime" / "joplin-maple-leaf-rag.mid").read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for number in range(3):
            zipped.writestr(f"{number}.mid", song[: 4000 + number])
    model = write_file(rags())
    kinds: dict[str, tuple[bytes, int, Change, Read]] = {
        "midi": (song, files, changed, _read_song),
        "zip": (archive.getvalue(), files, changed, _read_archive),
        "model": (model, models, changed, _read_model),
        "forged model": (model, models, forged, _read_model),
    }
    return {kind: outcomes(*each) for kind, each in kinds.items()}


def outcomes(data: bytes, many: int, change: Change, read: Read) -> dict[str, Any]:
    """Change a file in so many ways, and read it each time; see `damage`."""
    rng, found, longest = random.Random(1), Counter[str](), 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(many):
        file, begun = change(data, rng), time.process_time()
        try:
            found[read(file)] += 1
        except Exception as error:
            found[f"fault: {type(error).__name__}"] += 1
        longest = max(longest, time.process_time() - begun)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {**found, "longest": round(longest, 2), "memory": round(grown / _KILOBYTES_A_MB)}


def changed(data: bytes, rng: random.Random) -> bytes:
    """Return a file with other bytes."""
    file = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 64))):
        file[min(int(len(data) * rng.random() ** rng.choice((1, 8))), len(data) - 1)] = rng.randrange(256)
    if rng.random() < 0.2:
        del file[rng.randrange(1, len(file)) :]
    if rng.random() < 0.1:
        at = rng.randrange(len(file))
        file[at:at] = file[at : at + rng.randrange(1, 1000)]
    return bytes(file)


def forged(data: bytes, rng: random.Random) -> bytes:
    """Return a model with another value, or other weights, as its writer could have made it."""
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    content, arrays = json.loads(header["__metadata__"]["encore"]), load_arrays(data)
    del content["checksum"]
    if rng.random() < 0.2:
        name = rng.choice(sorted(arrays))
        arrays[name] = np.where(rng.random() < 0.5, np.float32(rng.choice(_WEIGHTS)), arrays[name]).astype(np.float32)
        arrays[name].flat[rng.randrange(arrays[name].size)] = rng.choice(_WEIGHTS)
    else:
        *path, last = rng.choice(list(places(content)))
        here = content
        for step in path:
            here = here[step]
        here[last] = rng.choice([odd for odd in _ODD if odd != here[last]])
    return signed(content, arrays)


def signed(content: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return a model's file with such values and weights, and a checksum that is right."""
    found = hashlib.sha256(json.dumps(content).encode())
    for name in sorted(arrays):
        found.update(name.encode() + arrays[name].tobytes())
    return save_arrays(dict(arrays), {"encore": json.dumps(content | {"checksum": found.hexdigest()})})


def places(content: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value, those in lists by their first one."""
    for key, value in content.items() if isinstance(content, dict) else enumerate(content[:1]):
        yield (key,)
        if isinstance(value, dict | list):
            yield from ((key, *rest) for rest in places(value))


def _read_song(data: bytes) -> str:
    try:
        midi.read(data, "song.mid")
    except midi.MidiError:
        return "refused"
    return "read"


def _read_archive(data: bytes) -> str:
    songs = sum(isinstance(each, tuple) for each in unpack([("songs.zip", data)]))
    return "read" if songs else "refused"


def _read_model(data: bytes) -> str:
    try:
        model, _ = read_file(data)
    except ModelError as error:
        return "refused" if "\n" not in str(error) else "fault: refused in many lines"
    try:
        compose(model, ComposingSettings(bars=2))
    except ComposingError:
        return "composes nothing"
    return "composes"
