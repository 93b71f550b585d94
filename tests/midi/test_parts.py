import io

import mido
import pytest

from core.midi import read


def song(*messages):
    """Return a file of one track with these (ticks to wait, type, values ...), 96 ticks a quarter."""
    file = mido.MidiFile(ticks_per_beat=96, type=0)
    file.tracks.append(mido.MidiTrack(mido.Message(kind, time=wait, **more) for wait, kind, more in messages))
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def note(pitch, wait=0):
    return (wait, "note_on", {"note": pitch, "velocity": 80}), (96, "note_off", {"note": pitch})


def program(number, wait=0):
    return (wait, "program_change", {"program": number})


def instruments(*messages):
    return [track.program for track in read(song(*messages), "song.mid").piece.tracks]


@pytest.mark.parametrize(
    ("before", "after", "instrument"), [((60, 62), (64, 65, 67), 73), ((60, 62, 64), (65, 67), 40), ((60,), (62,), 40)]
)
def test_a_part_has_the_instrument_of_most_of_its_notes(before, after, instrument):
    first, second = ([message for pitch in pitches for message in note(pitch)] for pitches in (before, after))
    assert instruments(program(40), *first, program(73), *second) == [instrument]


def test_an_instrument_holds_from_its_own_moment_on_and_the_first_one_before():
    assert instruments(*note(60), program(73), *note(62), *note(64), program(40), *note(65)) == [73]


def test_without_a_word_the_instrument_is_the_piano():
    assert instruments(*note(60)) == [0]
