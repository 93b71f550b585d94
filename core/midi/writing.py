"""Owns the writing of MIDI files: a `Piece` -> bytes.

Knows nothing about reading them.

Conventions
-----------
time     : 480 ticks a quarter; a note lasts one tick at least
layout   : a first track with title, tempos and metres, then one for each track of the piece, then the drums
channels : each track has its own; beyond 15 tracks, those with the same instrument share one; beyond 15 instruments,
           the rarer ones are played by the most like them among the 15 that play most
overlap  : a note ends where its track strikes the same pitch again; of two that begin together the longer stays
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from music21.midi import ChannelVoiceMessages, DeltaTime, MetaEvents, MidiEvent, MidiFile, MidiTrack
from numpy.typing import NDArray

from core.midi.events import DRUMS
from core.notes import Metre, Piece, Tempo

TPQ = 480

_CHANNELS = [channel for channel in range(1, 17) if channel != DRUMS]
_LONGEST_TEMPO = (1 << 24) - 1
_TICKS_A_CLICK, _32NDS_A_QUARTER = 24, 8

_Timed = tuple[int, MidiEvent]  # kinds of events are `Any`: which type they have depends on the version of music21


def write(piece: Piece, silence: float = 0.0) -> bytes:
    """Return `piece` as the bytes of a MIDI file (format 1) that ends `silence` quarters after the last event."""
    file = MidiFile()
    file.ticksPerQuarterNote = TPQ
    tracks = _all_events(piece)
    end = max(tick for events in tracks for tick, _ in events) + _ticks(silence)
    file.tracks = [_track(events, end) for events in tracks]
    return file.writestr()


def written_end(piece: Piece) -> float:
    """Return where the last note or drum hit ends as it is written, in quarter lengths; 0 without any."""
    tracks = [piece.notes[piece.notes["track"] == index] for index in range(len(piece.tracks))]
    ends = (end for notes in (*tracks, piece.drums) for _, _, end, _ in _without_overlaps(notes))
    return max(ends, default=0) / TPQ


def _all_events(piece: Piece) -> list[list[_Timed]]:
    """Return the events of each track of the file."""
    channels, programs = _channels(piece)
    tracks = [_conductor(piece)]
    for index, track in enumerate(piece.tracks):
        channel = channels[index]
        head = [
            (0, _meta(MetaEvents.SEQUENCE_TRACK_NAME, track.name.encode())),
            (0, _program(channel, programs[index])),
        ]
        tracks.append(head + _key_events(piece.notes[piece.notes["track"] == index], channel))
    if len(piece.drums):
        tracks.append([(0, _meta(MetaEvents.SEQUENCE_TRACK_NAME, b"Drums")), *_key_events(piece.drums, DRUMS)])
    return tracks


def _channels(piece: Piece) -> tuple[list[int], list[int]]:
    """Return the channel and the program of each track."""
    programs = [track.program for track in piece.tracks]
    if len(programs) <= len(_CHANNELS):
        return _CHANNELS[: len(programs)], programs
    played = Counter(dict.fromkeys(programs, 0))
    played.update(programs[index] for index in piece.notes["track"])
    heard = [program for program, _ in played.most_common(len(_CHANNELS))]
    nearest = [min(heard, key=lambda other: abs(other - program)) for program in programs]
    return [_CHANNELS[heard.index(program)] for program in nearest], nearest


def _conductor(piece: Piece) -> list[_Timed]:
    events = [(0, _meta(MetaEvents.SEQUENCE_TRACK_NAME, piece.title.encode()))]
    events += [(_ticks(metre.onset), _metre(metre)) for metre in piece.metres]
    events += [(_ticks(tempo.onset), _tempo(tempo)) for tempo in piece.tempos]
    return sorted(events, key=lambda event: event[0])


def _ticks(quarters: float) -> int:
    return round(quarters * TPQ)


def _key_events(notes: NDArray[np.void], channel: int) -> list[_Timed]:
    """Return presses and releases in order, releases first where they meet."""
    events = []
    for pitch, start, end, velocity in _without_overlaps(notes):
        events.append((start, 1, pitch, velocity))
        events.append((end, 0, pitch, 0))
    return [(tick, _key_event(channel, pitch, velocity)) for tick, _, pitch, velocity in sorted(events)]


def _without_overlaps(notes: NDArray[np.void]) -> list[tuple[int, int, int, int]]:
    """Return (pitch, start, end, velocity) in ticks, no pitch sounding twice at a time."""
    kept: list[tuple[int, int, int, int]] = []
    for pitch, start, end, velocity in sorted(_in_ticks(notes), key=lambda row: (row[0], row[1], -row[2])):
        if kept and kept[-1][0] == pitch:
            _, before, until, loudness = kept[-1]
            if before == start:
                continue
            kept[-1] = (pitch, before, min(until, start), loudness)
        kept.append((pitch, start, end, velocity))
    return kept


def _in_ticks(notes: NDArray[np.void]) -> Iterator[tuple[int, int, int, int]]:
    for onset, duration, pitch, velocity, _ in notes.tolist():
        start = _ticks(onset)
        yield pitch, start, max(_ticks(onset + duration), start + 1), min(max(velocity, 1), 127)


def _key_event(channel: int, pitch: int, velocity: int) -> MidiEvent:
    kind: Any = ChannelVoiceMessages.NOTE_ON if velocity else ChannelVoiceMessages.NOTE_OFF
    event = MidiEvent(type=kind, channel=channel)
    event.pitch, event.velocity = pitch, velocity
    return event


def _program(channel: int, program: int) -> MidiEvent:
    kind: Any = ChannelVoiceMessages.PROGRAM_CHANGE
    event = MidiEvent(type=kind, channel=channel)
    event.data = program
    return event


def _meta(kind: Any, data: bytes) -> MidiEvent:
    event = MidiEvent(type=kind)
    event.data = data
    return event


def _tempo(tempo: Tempo) -> MidiEvent:
    microseconds = min(round(60e6 / tempo.qpm), _LONGEST_TEMPO)
    return _meta(MetaEvents.SET_TEMPO, microseconds.to_bytes(3, "big"))


def _metre(metre: Metre) -> MidiEvent:
    power = metre.denominator.bit_length() - 1
    return _meta(MetaEvents.TIME_SIGNATURE, bytes((metre.numerator, power, _TICKS_A_CLICK, _32NDS_A_QUARTER)))


def _track(events: list[_Timed], end: int) -> MidiTrack:
    """Return a track in music21's form, in which a time step stands before each event."""
    track = MidiTrack()
    now = 0
    for tick, event in [*events, (end, _meta(MetaEvents.END_OF_TRACK, b""))]:
        track.events += [DeltaTime(time=max(tick - now, 0)), event]
        now = max(tick, now)
    return track
