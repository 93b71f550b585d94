import pytest

from core.midi.container import ContainerError, unpack

END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x40\x60\x80\x3c\x00"


def header(tracks=1, division=480, extra=b"", kind=1):
    fields = b"".join(number.to_bytes(2, "big") for number in (kind, tracks, division))
    return b"MThd" + (6 + len(extra)).to_bytes(4, "big") + fields + extra


def chunk(body, length=None, name=b"MTrk"):
    return name + (len(body) if length is None else length).to_bytes(4, "big") + body


SONG = header() + chunk(NOTE + END)


def test_a_whole_file_is_taken_apart_without_remarks():
    container = unpack(SONG)
    assert (container.format, container.tpq, container.tracks) == (1, 480, (NOTE + END,))
    assert not container.losses and not container.notices


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n\r\n" + SONG,
        b"RIFF\x00\x00\x00\x00RMIDdata\x00\x00\x00\x00" + SONG,
        SONG + bytes(300),
        header(extra=b"\x01\x02") + chunk(NOTE + END),
        header(tracks=5) + chunk(NOTE + END),
        header() + chunk(b"\x01\x02\x03", name=b"XFIH") + chunk(NOTE + END),
        header() + chunk(b"", length=9999, name=b"XFIH") + chunk(NOTE + END),
        header() + chunk(NOTE + END, length=3),
        header() + chunk(NOTE + END, length=9999),
        chunk(NOTE + END),
    ],
)
def test_damage_to_the_container_leaves_the_track_whole(data):
    container = unpack(data)
    assert container.tracks == (NOTE + END,)
    assert not container.losses


@pytest.mark.parametrize("length", [0, 5, 20, 999])
def test_a_wrong_length_does_not_swallow_the_next_track(length):
    assert unpack(header() + chunk(NOTE + END, length=length) + chunk(END)).tracks == (NOTE + END, END)


def test_more_tracks_than_declared_are_found():
    assert len(unpack(header(tracks=1) + 3 * chunk(END)).tracks) == 3


def test_a_cut_is_a_loss():
    container = unpack(SONG[:-6])
    assert container.tracks == ((NOTE + END)[:-6],)
    assert "cut off" in container.losses[0]


def test_an_end_mark_in_the_middle_does_not_end_a_track():
    assert unpack(header() + chunk(END + NOTE + END)).tracks == (END + NOTE + END,)


def test_smpte_time_makes_a_quarter_half_a_second():
    container = unpack(header(division=0xE728) + chunk(END))
    assert (container.tpq, container.beats) == (500, False)


def test_no_division_is_a_guess_that_is_told():
    container = unpack(header(division=0) + chunk(END))
    assert container.tpq == 480 and container.notices


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (bytes(50), "empty"),
        (b"\x89PNG\r\n", "picture"),
        (b"  <!DOCTYPE html>", "web page"),
        (b"ID3\x04", "sound"),
        (b"abc", "not a MIDI file"),
        (b"MThd", "beginning"),
        (header(), "no tracks"),
    ],
)
def test_what_is_not_midi_is_named(data, word):
    with pytest.raises(ContainerError, match=word):
        unpack(data)
