"""Owns the pairing of key events: presses and releases of one key -> its notes, in ticks.

Knows nothing about tracks, channels or quarter lengths.

Conventions
-----------
key event   : (tick, velocity), in the order of the file; a velocity of 0 releases the key
overlap     : a key pressed again while it sounds; the first press is ended by the first release, and so on
no start    : a release of a key that does not sound is left out
hanging     : if a key has too few releases, every press of it ends at the next press, after `longest` at most
zero length : kept as it is, from its press to the release that follows it in the file
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

KeyEvent = tuple[int, int]


def pair(key_events: list[KeyEvent], longest: int) -> tuple[list[tuple[int, int, int]], int]:
    """Return the notes of one key as (start, end, velocity), and how many of them were hanging."""
    notes, hanging = _paired(key_events)
    return (_paired(_with_releases(key_events, longest))[0] if hanging else notes), hanging


def _paired(key_events: Iterable[KeyEvent]) -> tuple[list[tuple[int, int, int]], int]:
    """Let each release end the oldest press that still sounds; return the notes and the number of presses left over."""
    notes = []
    sounding: deque[KeyEvent] = deque()
    for tick, velocity in key_events:
        if velocity:
            sounding.append((tick, velocity))
        elif sounding:
            start, loudness = sounding.popleft()
            notes.append((start, tick, loudness))
    return notes, len(sounding)


def _with_releases(key_events: list[KeyEvent], longest: int) -> Iterator[KeyEvent]:
    """Add a release before every press of a key that still sounds, and at the end."""
    since = None
    for tick, velocity in key_events:
        if velocity and since is not None:
            yield min(tick, since + longest), 0
        since = tick if velocity else None
        yield tick, velocity
    if since is not None:
        yield since + longest, 0
