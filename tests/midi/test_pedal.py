"""The sustain pedal: how long notes sound with it."""

import io

import mido
import numpy as np
import pytest

from core.midi import read
from core.midi.pedal import Pedal
from core.notes import as_notes

NOTES = as_notes([(0.0, 0.5, 60, 80, 0), (1.0, 0.5, 64, 80, 0), (2.0, 0.5, 60, 80, 0), (4.0, 0.5, 67, 80, 0)])


@pytest.mark.parametrize(
    ("pedal", "durations"),
    [
        ([], [0.5, 0.5, 0.5, 0.5]),
        ([(0.0, False)], [0.5, 0.5, 0.5, 0.5]),
        ([(0.2, True), (1.7, False)], [1.7, 0.7, 0.5, 0.5]),
        ([(0.2, True), (3.0, False)], [2.0, 2.0, 1.0, 0.5]),  # the first is struck again
        ([(0.5, True), (3.0, False)], [2.0, 2.0, 1.0, 0.5]),  # down in the moment when the key is released
        ([(0.2, True), (0.5, False)], [0.5, 0.5, 0.5, 0.5]),
        ([(0.6, True), (0.7, False), (1.2, True)], [0.5, 5.0, 4.0, 2.0]),  # it never rises again
    ],
)
def test_notes_last_until_the_pedal_rises_or_they_are_struck_again(pedal, durations):
    assert Pedal(pedal).sustained(NOTES, 6.0).tolist() == pytest.approx(durations)


def test_no_note_becomes_shorter():
    overlapping = as_notes([(0.0, 3.0, 60, 80, 0), (1.0, 0.5, 60, 80, 0)])
    assert (Pedal([(0.0, True), (9.0, False)]).sustained(overlapping, 9.0) >= overlapping["duration"]).all()


def played(beats, pedal=((0, 127), (800, 0)), channel=0):
    """A file with a note at each beat, and a pedal with its values at ticks of 480 a beat."""
    events = [(round(beat * 480), "note_on", 60 + number % 9) for number, beat in enumerate(beats)]
    events += [(round(beat * 480) + 100, "note_off", 60 + number % 9) for number, beat in enumerate(beats)]
    messages = [(tick, mido.Message(kind, note=note, channel=channel)) for tick, kind, note in events]
    messages += [(tick, mido.Message("control_change", control=64, value=value)) for tick, value in pedal]
    messages.sort(key=lambda each: each[0])
    ticks = np.diff([tick for tick, _ in messages], prepend=0).tolist()
    track = mido.MidiTrack(message.copy(time=tick) for tick, (_, message) in zip(ticks, messages, strict=True))
    file, data = mido.MidiFile(tracks=[track]), io.BytesIO()
    file.save(file=data)
    return read(data.getvalue(), "played.mid")


FREE = np.arange(30) * 0.513 + 0.02


def test_a_performance_has_its_notes_with_the_pedal_too():
    reading = played(FREE)
    assert reading.piece.notes["duration"][0] == pytest.approx(100 / 480)
    held = reading.pedalled.notes
    assert (held["onset"] + held["duration"])[:3] == pytest.approx(800 / 480, abs=0.03)
    assert held["duration"][5:] == pytest.approx(reading.piece.notes["duration"][5:])
    assert reading.sounding is reading.pedalled


def test_what_is_written_has_no_pedal():
    reading = played(np.arange(30) * 1.0)
    assert reading.pedalled is None
    assert reading.sounding is reading.piece


def test_a_pedal_that_holds_nothing_is_none():
    assert played(FREE, pedal=[(0, 63), (5, 10)]).pedalled is None


def test_the_pedal_of_another_channel_holds_nothing():
    assert played(FREE, channel=3).pedalled is None
