import csv
import io
import resource
import sys
from contextlib import suppress

import mido
import music21
import numpy as np
import pytest
import symusic
from hypothesis import given
from hypothesis import strategies as st

from core.midi import FileLimits, MidiError, read, write
from core.notes import Metre, Piece, Tempo, Track, as_notes
from tests.conftest import DATA, work

MIDI = DATA / "midi"


def rows(folder):
    if not (folder / "manifest.tsv").exists():
        return []
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


NOTE = b"\x00\x90\x3c\x40\x60\x80\x3c\x00"
REAL, ODD = rows(MIDI), rows(MIDI / "odd")


def attempt(data):
    """Read a file, whatever comes of it."""
    with suppress(MidiError):
        read(data, "odd.mid")


def chunk(body):
    return b"MTrk" + len(body).to_bytes(4, "big") + body


def song(*tracks, division=480, kind=1):
    header = b"MThd\0\0\0\6" + b"".join(number.to_bytes(2, "big") for number in (kind, len(tracks), division))
    return header + b"".join(chunk(track + b"\x00\xff\x2f\x00") for track in tracks)


def rows_of(data):
    return [tuple(note) for note in read(data, "song.mid").piece.notes.tolist()]


def piece_of(*rows, **fields):
    return Piece(as_notes(rows), **fields)


SCALE = piece_of(*((i / 2, 0.5, 60 + i, 80, 0) for i in range(20)))


# Notes


def test_ticks_become_quarters():
    assert rows_of(song(b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x00")) == [(0, 1, 60, 64, 0)]


def test_overlapping_presses_end_in_their_order():
    data = song(b"\x00\x90\x3c\x40\x60\x90\x3c\x50\x60\x80\x3c\x00\x60\x80\x3c\x00", division=96)
    assert rows_of(data) == [(0, 2, 60, 64, 0), (1, 2, 60, 80, 0)]


def test_a_hanging_note_ends_at_the_next_press_or_after_a_whole_note():
    data = song(b"\x00\x90\x3c\x40\x60\x90\x3c\x50", division=96)
    assert rows_of(data) == [(0, 1, 60, 64, 0), (1, 4, 60, 80, 0)]
    assert "2 notes without an end" in read(data, "song.mid").message


def test_an_endless_note_is_cut():
    endless = NOTE.replace(b"\x60\x80", b"\xff\xff\x7f\x80")
    drums = endless.replace(b"\x90", b"\x99").replace(b"\x80\x3c", b"\x89\x3c")
    piece = read(song(endless, drums, division=96), "song.mid").piece
    assert (piece.notes["duration"][0], piece.drums["duration"][0]) == (128, 128)


def test_a_release_alone_is_left_out():
    assert rows_of(song(b"\x00\x80\x3c\x00\x00\x80\x40\x00" + NOTE, division=96)) == [(0, 1, 60, 64, 0)]


def test_a_note_without_length_gets_the_shortest():
    assert rows_of(song(b"\x00\x90\x3c\x40\x00\x80\x3c\x00")) == [(0, 1 / 24, 60, 64, 0)]


def test_running_status_outlives_a_text():
    data = song(b"\x00\x90\x3c\x40\x00\xff\x01\x01a\x60\x3c\x00\x00\x3e\x40\x60\x3e\x00", division=96)
    assert rows_of(data) == [(0, 1, 60, 64, 0), (1, 1, 62, 64, 0)]


def test_damaged_events_cost_only_themselves():
    reading = read(song(b"\x00\xf5\x00\x90\x3d\xc0" + NOTE), "song.mid")
    assert (reading.notes, reading.status) == (1, "partial")
    assert "2 damaged events" in reading.message


# Tracks


def test_each_channel_with_notes_is_a_track_with_its_instrument():
    data = song(b"\x00\xc0\x28\x00\xc1\x46" + NOTE + b"\x00\x91\x3c\x40\x60\x81\x3c\x00\x00\xc2\x05")
    assert read(data, "song.mid").piece.tracks == (Track("Violin", 40), Track("Bassoon", 70))


def test_a_track_name_is_kept_and_cleaned():
    data = song(b"\x00\xff\x03\x08Fl\x00\xf6te 1" + NOTE)
    assert read(data, "song.mid").piece.tracks == (Track("Fl öte 1", 0),)


def test_drums_stand_apart():
    reading = read(song(NOTE + NOTE.replace(b"\x90", b"\x99").replace(b"\x80", b"\x89")), "song.mid")
    assert (reading.notes, reading.drum_hits, reading.tracks) == (1, 1, 1)


def test_sequences_of_format_2_follow_one_another():
    assert [row[0] for row in rows_of(song(NOTE, NOTE, kind=2, division=96))] == [0, 1]


def test_tempos_and_metres_that_mean_nothing_are_ignored():
    data = song(b"\x00\xff\x51\x03\x00\x00\x00\x00\xff\x58\x04\x00\x02\x18\x08\x00\xff\x59\x02\x09\x00" + NOTE)
    piece = read(data, "song.mid").piece
    assert (piece.tempos, piece.metres) == ((Tempo(0, 120),), (Metre(0, 4, 4),))


def test_equal_tempos_are_one():
    faster = b"\x00\xff\x51\x03\x03\xd0\x90"
    assert read(song(faster + faster + NOTE + faster), "song.mid").piece.tempos == (Tempo(0, 240),)


# Silence


def test_silence_before_the_music_goes_by_whole_bars():
    late = piece_of(*((64 * 4 + 3 + i, 1, 60, 80, 0) for i in range(20)))
    assert read(write(late), "song.mid").piece.notes["onset"][0] == 3


def test_long_silences_are_shortened_by_whole_bars():
    gap = piece_of((0, 1, 60, 80, 0), (1001, 1, 62, 80, 0), metres=(Metre(0, 3, 4),))
    reading = read(write(gap), "song.mid")
    assert reading.piece.notes["onset"][1] == 14
    assert "987 quarter notes" in reading.message


def test_marks_inside_a_silence_move_to_its_beginning():
    gap = piece_of((0, 1, 60, 80, 0), (101, 1, 62, 80, 0), tempos=(Tempo(0, 120), Tempo(50, 60), Tempo(101, 90)))
    tempos = read(write(gap), "song.mid").piece.tempos
    assert [(tempo.onset, round(tempo.qpm)) for tempo in tempos] == [(0, 120), (1, 60), (13, 90)]


# Refusals


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty"),
        (song(b""), "holds no notes"),
        (song(NOTE.replace(b"\x90", b"\x99").replace(b"\x80", b"\x89")), "only drums"),
        (song(b"\x00\xf5"), "is damaged"),
    ],
)
def test_a_refusal_names_the_file(data, word):
    with pytest.raises(MidiError, match=f"“my song.mid” .*{word}"):
        read(data, "my song.mid")


@pytest.mark.parametrize(
    "limits", [FileLimits(bytes=10), FileLimits(notes=10), FileLimits(seconds=2), FileLimits(tracks=0)]
)
def test_too_much_is_refused(limits):
    with pytest.raises(MidiError, match=r"song.mid.*(larger|notes|hours|tracks)"):
        read(write(SCALE), "song.mid", limits)


def test_empty_tracks_do_not_count():
    assert read(song(*[b""] * 3000, NOTE * 20), "song.mid").notes == 20


@pytest.mark.parametrize("change", [b"\x01\xc0\x05", b"\x01\xb0\x40\x7f\x01\xb0\x40\x00"], ids=["programs", "pedals"])
def test_many_changes_for_many_parts_cost_no_more_than_both(change):
    """All parts play on the channel that the first track changes."""

    def calls(many):
        return work(lambda: attempt(song(change * 20 * many, *[NOTE * 4] * many)))

    assert calls(200) < 2.5 * calls(100)


def test_few_notes_are_too_short_to_learn_from():
    assert "too short" in read(song(NOTE), "song.mid").message


@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(data):
    for file in (data, song(data), song(NOTE + data)[:-9]):
        try:
            read(file, "noise.mid")
        except MidiError as error:
            assert "“noise.mid”" in str(error)


# Writing


def ticks_of(notes):
    starts = np.rint(notes["onset"] * 480)
    lengths = np.rint((notes["onset"] + notes["duration"]) * 480) - starts
    return sorted(zip(starts, lengths, notes["pitch"].tolist(), notes["velocity"].tolist(), strict=True))


@given(
    st.lists(
        st.tuples(st.integers(0, 9600), st.integers(1, 960), st.integers(1, 127), st.integers(1, 127)),
        unique_by=lambda row: row[2],
    )
)
def test_reading_inverts_writing(ticks):
    rows = [(0, 20, 0, 1, 0), *((on / 480, length / 480, pitch, loud, 0) for on, length, pitch, loud in ticks)]
    piece = piece_of(*rows)
    assert ticks_of(read(write(piece), "song.mid").piece.notes) == ticks_of(piece.notes)


FULL = Piece(
    as_notes([(i / 3, 0.3 + i % 2, 40 + i, 20 + i, i % 2) for i in range(60)]),
    tracks=(Track("Flöte", 73), Track("Bass", 32)),
    tempos=(Tempo(0, 100), Tempo(8, 61)),
    metres=(Metre(0, 3, 4), Metre(9, 6, 8)),
    title="Ein Lied",
    drums=as_notes([(i, 0.25, 36, 100, 0) for i in range(10)]),
)


def test_everything_comes_back():
    back = read(write(FULL), "song.mid").piece
    assert ticks_of(back.notes) == ticks_of(FULL.notes)
    assert ticks_of(back.drums) == ticks_of(FULL.drums)
    assert (back.tracks, back.metres, back.title) == (FULL.tracks, FULL.metres, FULL.title)
    assert [round(tempo.qpm, 2) for tempo in back.tempos] == [100, 61]


def test_symusic_reads_the_same_notes():
    score = symusic.Score.from_midi(write(FULL))
    found = [(n.time, n.duration, n.pitch, n.velocity) for t in score.tracks if not t.is_drum for n in t.notes]
    assert sorted(found) == ticks_of(FULL.notes)


def test_mido_reads_the_same_notes():
    found = []
    for track in mido.MidiFile(file=io.BytesIO(write(FULL))).tracks:
        now, sounding = 0, {}
        for message in track:
            now += message.time
            if message.type == "note_on" and message.channel != 9:
                sounding[message.note] = (now, message.velocity)
            elif message.type == "note_off" and message.channel != 9:
                start, velocity = sounding.pop(message.note)
                found.append((start, now - start, message.note, velocity))
        assert not sounding
    assert sorted(found) == ticks_of(FULL.notes)


def test_music21_reads_the_same_notes():
    written = piece_of(*((i / 4, 0.25, 40 + i, 20 + i, 0) for i in range(60)))
    score = music21.converter.parse(write(written), format="midi")
    found = [
        (n.getOffsetInHierarchy(score) * 480, n.quarterLength * 480, n.pitch.midi, n.volume.velocity)
        for n in score.recurse().notes
    ]
    assert sorted(found) == ticks_of(written.notes)


def test_a_pitch_struck_while_it_sounds_ends_first():
    overlap = piece_of((0, 4, 60, 80, 0), (0, 2, 60, 90, 0), (1, 1, 60, 70, 0))
    assert rows_of(write(overlap)) == [(0, 1, 60, 80, 0), (1, 1, 60, 70, 0)]


def test_forty_tracks_keep_their_notes_and_share_channels():
    many = piece_of(*((i, 1, 60, 80, i) for i in range(40)), tracks=tuple(Track(f"T{i}", i % 20) for i in range(40)))
    back = read(write(many), "song.mid").piece
    assert ticks_of(back.notes) == ticks_of(many.notes)
    assert [track.name for track in back.tracks] == [track.name for track in many.tracks]
    assert not len(back.drums)


def test_a_piece_without_notes_can_be_written():
    assert mido.MidiFile(file=io.BytesIO(write(piece_of()))).length == 0


def test_writing_is_linear_in_the_notes():
    def written(notes):
        piece = piece_of(*((i / 4, 0.25, 40 + i % 40, 80, 0) for i in range(notes)))
        return work(lambda: write(piece))

    assert written(1000) < 2.2 * written(500)


# Files of the world


@pytest.mark.skipif(not REAL, reason="ENCORE_DATA names no folder of music")
@pytest.mark.parametrize("style", sorted({row["style"] for row in REAL}))
def test_every_real_file_is_read_with_all_its_notes(style):
    for row in (row for row in REAL if row["style"] == style):
        reading = read((MIDI / style / row["file"]).read_bytes(), row["file"])
        assert (reading.notes, reading.drum_hits) == (int(row["notes"]), int(row["drum_hits"])), row["file"]


@pytest.mark.skipif(not REAL, reason="ENCORE_DATA names no folder of music")
@pytest.mark.parametrize("style", sorted({row["style"] for row in REAL}))
def test_every_real_file_survives_writing(style):
    for row in [row for row in REAL if row["style"] == style][:3]:
        piece = read((MIDI / style / row["file"]).read_bytes(), row["file"]).piece
        again = write(read(write(piece), row["file"]).piece)
        assert again == write(read(again, row["file"]).piece), row["file"]


@pytest.mark.skipif(not ODD, reason="ENCORE_DATA names no folder of music")
@pytest.mark.parametrize("row", ODD, ids=lambda row: row["file"])
def test_every_odd_file_is_treated_as_it_should_be(row):
    data = (MIDI / "odd" / row["file"]).read_bytes()
    assert work(lambda: attempt(data)) < 100_000 + 60 * len(data)
    try:
        reading = read(data, row["file"])
    except MidiError as error:
        assert row["expect"] != "accept"
        assert row["file"] in str(error)
    else:
        assert not row["expect"].startswith("reject")
        assert int(row["notes_min"]) <= reading.notes <= int(row["notes_max"])
        assert reading.drum_hits == int(row["drum_hits"]) or row["expect"] == "either"


def test_an_endless_number_is_read_once():
    with pytest.raises(MidiError, match="“noise”"):
        read(song(b"\xff" * 1_900_000), "noise")
    assert work(lambda: attempt(song(b"\xff" * 900_000))) < 3 * 900_000  # two calls a byte


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_the_largest_file_of_noise_stays_small():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    noise = np.random.default_rng(0).integers(0, 128, 1_990_000, dtype=np.uint8).tobytes()
    with pytest.raises(MidiError):
        read(song(b"\x00\x90" + noise), "noise.mid")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000
