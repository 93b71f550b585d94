import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import midi
from core.corpus.uploads import ArchiveLimits, Refusal, read_all, unpack
from core.midi import Reading, write
from core.notes import Piece, as_notes


def song(first=60):
    return write(Piece(as_notes([(i, 1, first + i % 12, 80, 0) for i in range(20)])))


def zipped(*files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def names(results):
    return [result.name for result in results]


def test_one_bad_file_costs_no_other_and_order_is_kept():
    results = read_all([("a.mid", song(60)), ("b.mid", b"<html>"), ("c.MIDI", song(61))])
    assert [result.status for result in results] == ["ok", "rejected", "ok"]
    assert names(results) == ["a.mid", "b.mid", "c.MIDI"]
    assert "“b.mid” is a web page" in results[1].message


def test_a_refusal_answers_to_the_names_of_a_reading():
    fields = ("name", "status", "notes", "drum_hits", "tracks", "quarters", "seconds", "message")
    assert all(hasattr(kind, field) for field in fields for kind in (Reading("", Piece(as_notes([]))), Refusal("", "")))


def test_equal_content_is_read_once():
    results = read_all([("a.mid", song()), ("b.mid", song())])
    assert results[1] == Refusal("b.mid", "“b.mid” is the same as “a.mid”. Once is enough.")


def test_progress_counts_every_file():
    heard = []
    read_all([("a.zip", zipped(("b.mid", song(60)), ("c.mid", b"")))], lambda *step: heard.append(step))
    assert heard == [(1, 2), (2, 2)]


@pytest.mark.parametrize("name", ["songs.zip", "songs.mid"])
def test_a_zip_is_known_by_its_content(name):
    data = zipped(("a.mid", song(60)), ("folder/B.KAR", song(61)), ("c.rmi", song(62)))
    assert names(read_all([(name, data)])) == ["a.mid", "folder/B.KAR", "c.rmi"]


def test_what_is_not_midi_in_a_zip_is_told_and_what_systems_add_is_not():
    data = zipped(
        ("a.mid", song()),
        ("__MACOSX/._a.mid", b"x"),
        ("__MACOSX/a.mid", b"x"),
        (".DS_Store", b"x"),
        ("cover.jpg", b"x"),
        ("d/", b""),
    )
    files = unpack([("songs.zip", data)])
    assert files[0][0] == "a.mid"
    assert files[1:] == [Refusal("songs.zip", "1 other file in “songs.zip” left out: cover.jpg.")]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (zipped(("a.mid", song()))[:-30], "broken zip"),
        (zipped(("readme.txt", b"x")), "no MIDI files"),
        (zipped(("inner.zip", zipped(("a.mid", song())))), "no MIDI files"),
        (zipped(), "no MIDI files"),
        (zipped(("a.mid", bytes(1_000_000))), "more tightly"),
        (zipped(*((f"{i}.mid", b"") for i in range(6))), "more than 5"),
        (zipped(("a.mid", bytes(2001)), method=zipfile.ZIP_STORED), "unpacks to more"),
    ],
)
def test_a_zip_that_cannot_be_used_is_refused_by_name(data, word):
    limits = ArchiveLimits(files=5, bytes=2000 if "unpacks" in word else 10**7)
    (refusal,) = unpack([("songs.zip", data)], limits)
    assert "“songs.zip”" in refusal.message and word in refusal.message


def test_other_ways_of_packing_are_refused():
    (refusal,) = unpack([("songs.zip", zipped(("a.mid", song()), method=zipfile.ZIP_BZIP2))])
    assert "“a.mid” is packed in an unusual way" in refusal.message


def test_a_broken_member_costs_no_other():
    data = bytearray(zipped(("a.mid", song(60)), ("b.mid", song(61)), method=zipfile.ZIP_STORED))
    data[60] ^= 0xFF
    assert [result.status for result in read_all([("songs.zip", bytes(data))])] == ["rejected", "ok"]


def test_a_zip_with_a_password_says_so():
    data = bytearray(zipped(("a.mid", song())))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (refusal,) = unpack([("songs.zip", bytes(data))])
    assert "password" in refusal.message


def test_a_refusal_has_nothing_to_play():
    assert Refusal("a.mid", "No.") == Refusal("a.mid", "No.", "rejected", 0, 0, 0, 0.0, 0.0)


def test_empty_files_are_refused_each_for_itself():
    messages = [result.message for result in read_all([("a.mid", b""), ("b.mid", b"")])]
    assert "“a.mid”" in messages[0] and "“b.mid”" in messages[1]
    assert "the same" not in messages[1]


def test_equal_content_is_read_once_also_from_archives():
    results = read_all([("a.zip", zipped(("1.mid", song()), ("2.mid", song(61)))), ("b.mid", song(61))])
    assert [result.status for result in results] == ["ok", "ok", "rejected"]
    assert "“b.mid” is the same as “2.mid”" in results[2].message


def test_a_refused_archive_is_called_by_its_name_and_so_is_what_is_left_out():
    (refused,) = unpack([("songs.zip", zipped(("readme.txt", b"x")))])
    assert (refused.name, refused.status) == ("songs.zip", "rejected")
    _, left_out = unpack([("songs.zip", zipped(("a.mid", b""), *((f"d/{n}.txt", b"") for n in range(4))))])
    assert left_out.message == "4 other files in “songs.zip” left out: d/0.txt, d/1.txt, d/2.txt …."
    _, left_out = unpack([("songs.zip", zipped(("a.mid", b""), *((f"d/{n}.txt", b"") for n in range(3))))])
    assert left_out.message == "3 other files in “songs.zip” left out: d/0.txt, d/1.txt, d/2.txt."


def test_an_archive_may_be_as_large_as_its_limits():
    data = zipped(("a.mid", bytes(50)), ("b.mid", bytes(50)), ("c.mid", b""), method=zipfile.ZIP_STORED)
    for limits, accepted in (
        (ArchiveLimits(files=3, bytes=100, ratio=1), True),
        (ArchiveLimits(files=2, bytes=100, ratio=1), False),
        (ArchiveLimits(files=3, bytes=99, ratio=1), False),
    ):
        assert (len(unpack([("songs.zip", data)], limits)) == 3) is accepted


def test_unless_said_an_archive_may_hold_a_thousand_files():
    files = [(f"{number}.mid", b"") for number in range(1001)]
    assert len(unpack([("songs.zip", zipped(*files[:1000]))])) == 1000
    assert len(unpack([("songs.zip", zipped(*files))])) == 1


def test_after_a_member_that_cannot_be_unpacked_come_the_others():
    packed = zipped(("a.mid", song(60)), ("b.mid", song(61)), method=zipfile.ZIP_BZIP2)
    assert [type(file) for file in unpack([("songs.zip", packed), ("c.mid", song(62))])] == [Refusal, Refusal, tuple]
    data = bytearray(zipped(("a.mid", song(60)), ("b.mid", song(61)), method=zipfile.ZIP_STORED))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    locked, other = unpack([("songs.zip", bytes(data))])
    assert (locked.name, other) == ("a.mid", ("b.mid", song(61)))


def test_of_a_member_that_is_too_long_one_byte_more_than_legal_is_unpacked(monkeypatch):
    monkeypatch.setattr(midi, "FILE_LIMITS", midi.FileLimits(bytes=100))
    assert [len(data) for _, data in unpack([("songs.zip", zipped(("a.mid", song()), ("b.mid", b"12345")))])] == [
        101,
        5,
    ]


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=20), st.sampled_from([0, 8, 12, 14]))
@example([(487, 0)], 12)  # an entry without a name
def test_a_damaged_zip_is_read_or_refused(flips, method):
    data = bytearray(zipped(("a.mid", song(60)), ("b.mid", song(61)), method=method))
    for place, value in flips:
        data[4 + place % (len(data) - 4)] = value
    results = read_all([("songs.zip", bytes(data))])
    assert results and {result.status for result in results} <= {"ok", "warning", "rejected"}


def test_files_of_one_name_in_two_folders_keep_their_folders():
    data = zipped(("a/01.mid", song(60)), ("b/01.mid", song(61)))
    assert names(read_all([("songs.zip", data)])) == ["a/01.mid", "b/01.mid"]


def test_equal_files_of_one_name_are_read_once_too():
    first, second = read_all([("a.mid", song()), ("".join(["a", ".mid"]), song())])
    assert (first.status, second.status) == ("ok", "rejected")


def test_names_are_shown_as_one_line_of_what_prints():
    data = zipped(("a\x1b[2J\n\u202eb.mid", song()), ("\ud800c.mid".encode("utf-8", "replace").decode(), song(61)))
    found = unpack([("x\ud800\ty.zip", data), ("\n", song(62))])
    assert [name for name, _ in found] == ["a [2J b.mid", "?c.mid", "a file without a name"]
    (refusal,) = unpack([("x\ud800\ty.zip", zipped(("a.txt", b"")))])[:1]
    assert refusal.name == "x y.zip"
    ((name, _),) = unpack([("n" * 5000, song())])
    assert len(name) == 200


def test_an_archive_of_countless_other_things_is_refused_at_once():
    limits = ArchiveLimits(entries=3)
    (kept,) = unpack([("a.zip", zipped(("a.mid", song()), *((f"{n}/", b"") for n in range(2))))], limits)
    assert kept[0] == "a.mid"
    (refusal,) = unpack([("a.zip", zipped(("a.mid", song()), *((f"{n}/", b"") for n in range(3))))], limits)
    assert "4 files and folders" in refusal.message
