"""Owns the events of a track: bytes -> `Events`, in ticks.

Knows nothing about quarter lengths, and leaves it to `key_events` to make notes of them.

Conventions
-----------
tick      : time since the beginning of the track, in the file's own unit
channel   : 1..16, 10 = drums
key event : (tick, velocity); a velocity of 0 releases the key

music21 reads each event. Where an event ends is found here: music21's own loop over a track copies the rest of the
track at every event, takes system messages for running status, and gives up a track whose last event is cut.

Damage: a byte that no event begins with, and an event with a data byte above 127, are passed over and counted;
a running status outlives meta and system events. Of the controllers the sustain pedal is read, no pitch bends and no
pressure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from music21.midi import ChannelVoiceMessages, MetaEvents, MidiEvent

from core.midi.pedal import DOWN
from core.midi.text import printable

DRUMS = 10
"""The channel that General MIDI keeps for drums."""

_SUSTAIN = 64
_MOST_FAULTS = 200
_MOST_TEXT = 80
_LARGEST_NUMBER = (1 << 28) - 1  # four bytes of seven bits
_LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
_SYSTEM_LENGTHS = {0xF1: 2, 0xF2: 3, 0xF3: 2}
_KEPT = (0x80, 0x90, 0xB0, 0xC0)  # keys, controllers, instruments
_MOST_CACHED = 1 << 13


@dataclass
class Events:
    """The events of one track of a file; filled by `decode`."""

    key_events: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)  # by (channel, pitch)
    pedals: dict[int, list[tuple[int, bool]]] = field(default_factory=dict)  # channel -> (tick, whether it is down)
    programs: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # channel -> (tick, program)
    tempos: list[tuple[int, float]] = field(default_factory=list)  # (tick, qpm)
    metres: list[tuple[int, int, int]] = field(default_factory=list)  # (tick, numerator, denominator)
    name: str = ""
    end: int = 0
    faults: int = 0


class _DamageError(Exception):
    """An event cannot be read; `args` hold where to read on."""


def decode(data: bytes) -> Events:
    """Read the events of one track, from damaged bytes as far as they can be understood."""
    events = Events()
    at, status = 0, None
    while at < len(data) and events.faults < _MOST_FAULTS:
        try:
            delta, at = _number(data, at)
            events.end += delta
            at, status = _read_event(events, data, at, status)
        except _DamageError as damage:
            events.faults += 1
            (at,) = damage.args
    return events


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length and return where it ends; what exceeds the legal four bytes is cut down."""
    value = 0
    while at < len(data):
        byte = data[at]
        value = min(value << 7 | byte & 0x7F, _LARGEST_NUMBER)
        at += 1
        if byte < 0x80:
            return value, at
    raise _DamageError(len(data))


def _read_event(events: Events, data: bytes, at: int, status: int | None) -> tuple[int, int | None]:
    """Read the event at `at` into `events`; return where the next begins and the running status."""
    if at >= len(data):
        raise _DamageError(at)
    first = data[at]
    if first >= 0xF0:
        return _read_other(events, data, at), status
    if first < 0x80:
        if status is None:
            raise _DamageError(at + 1)
        at -= 1  # the status byte that is left out stands, as it were, one byte before
    else:
        status = first
    end = at + _LENGTHS[status & 0xF0]
    body = data[at + 1 : end]
    if end > len(data) or not body.isascii():
        raise _DamageError(min(end, len(data)))
    if status & 0xF0 in _KEPT:
        _keep_voice(events, _voice_event(bytes((status,)) + body))
    return end, status


def _event(message: bytes) -> MidiEvent:
    event = MidiEvent()
    event.read(message)
    return event


_voice_event = lru_cache(_MOST_CACHED)(_event)  # few messages are all of most files


def _keep_voice(events: Events, event: MidiEvent) -> None:
    """Keep what matters of a channel's event: keys, pedals and instruments."""
    value = cast(int, event.parameter1)
    if event.type is ChannelVoiceMessages.NOTE_ON:
        velocity = cast(int, event.parameter2)
        events.key_events.setdefault((event.channel, value), []).append((events.end, velocity))
    elif event.type is ChannelVoiceMessages.NOTE_OFF:
        events.key_events.setdefault((event.channel, value), []).append((events.end, 0))
    elif event.type is ChannelVoiceMessages.PROGRAM_CHANGE:
        events.programs.setdefault(event.channel, []).append((events.end, value))
    elif event.type is ChannelVoiceMessages.CONTROLLER_CHANGE and value == _SUSTAIN:
        down = cast(int, event.parameter2) >= DOWN
        pedal = events.pedals.setdefault(event.channel, [])
        if not pedal or pedal[-1][1] != down:  # a pedal that is read often gives its height again and again
            pedal.append((events.end, down))


def _read_other(events: Events, data: bytes, at: int) -> int:
    """Read a meta event, pass over a system message; return where the next event begins."""
    first = data[at]
    if first in (0xF0, 0xF7, 0xFF):
        length, body = _number(data, at + (2 if first == 0xFF else 1))
        if body + length > len(data):
            raise _DamageError(len(data))
        if first == 0xFF:
            _keep_meta(events, _event(data[at : body + length]))
        return body + length
    raise _DamageError(at + _SYSTEM_LENGTHS.get(first, 1))


def _keep_meta(events: Events, event: MidiEvent) -> None:
    """Keep a name, tempo or metre; those that mean nothing (0/4, no speed, a bar of over 16 quarters) are left out."""
    data = cast(bytes, event.data)
    if event.type is MetaEvents.SEQUENCE_TRACK_NAME:
        events.name = events.name or _text(data).rstrip(" :")
    elif event.type is MetaEvents.SET_TEMPO and len(data) == 3 and any(data):
        events.tempos.append((events.end, 60e6 / int.from_bytes(data, "big")))
    elif event.type is MetaEvents.TIME_SIGNATURE and len(data) >= 2 and data[1] <= 6 and 1 <= data[0] <= 4 << data[1]:
        events.metres.append((events.end, data[0], 1 << data[1]))


def _text(data: bytes) -> str:
    """Decode a name: UTF-8 where it is that, else Latin-1, which old programs wrote."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return printable(text)[:_MOST_TEXT]
