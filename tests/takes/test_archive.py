import io
import shlex
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.__main__ import main
from core.composing.take import Take, compose
from core.config import ComposingSettings
from core.midi import read
from core.models.file import save
from core.takes.archive import ACCOUNT, file_names, write_archive
from core.takes.desk import Desk, Origin
from tests.conftest import tune


def opened(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def takes():
    made = [Take(tune(60 + number), number, "m") for number in range(3)]
    return Desk().add(made, Origin(ComposingSettings())).rename(2, "Sunday: early?").rename(3, "TAKE 1").takes


def test_each_take_is_there_as_midi_with_the_same_notes(takes):
    files = opened(write_archive(takes))
    assert set(files) == {"Take 1.mid", "Sunday early.mid", "TAKE 1 (2).mid", ACCOUNT}
    for kept, name in zip(takes, ["Take 1.mid", "Sunday early.mid", "TAKE 1 (2).mid"], strict=True):
        notes = read(files[name], name).piece.notes
        assert (
            notes[["onset", "pitch", "velocity"]].tolist()
            == kept.take.piece.notes[["onset", "pitch", "velocity"]].tolist()
        )


def test_the_account_names_the_files(takes):
    told = opened(write_archive(takes))[ACCOUNT].decode()
    assert all(f"\n{name}\n---" in told for name in ("Take 1", "Sunday early", "TAKE 1 (2)"))
    assert "name: Sunday: early?" in told


def test_more_files_are_made_where_they_can_be(takes):
    first = takes[0].take.piece
    also = {".mp3": lambda piece: b"sound", ".musicxml": lambda piece: None if piece is first else b"notes"}
    files = opened(write_archive(takes, also))
    assert {name: data for name, data in files.items() if not name.endswith((".mid", ".txt"))} == {
        "Take 1.mp3": b"sound",
        "Sunday early.mp3": b"sound",
        "Sunday early.musicxml": b"notes",
        "TAKE 1 (2).mp3": b"sound",
        "TAKE 1 (2).musicxml": b"notes",
    }


def test_no_takes_are_an_archive_too():
    assert list(opened(write_archive([]))) == [ACCOUNT]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Für Elise", "Für Elise"),
        ("../../etc/passwd", "etc passwd"),
        (r"C:\take", "C take"),
        ("a\nb\x00c\u202ed", "a b c d"),
        (" . ", "take"),
        ("", "take"),
        ("-rf", "rf"),
        ("CON", "take CON"),
        ("com1.v2", "take com1.v2"),
        ("Concert", "Concert"),
        ("ends with a dot.", "ends with a dot"),
        ("u\u0308", "ü"),
        ("é" * 100, "é" * 75),
        ("\ud800", "take"),
    ],
)
def test_a_name_is_legal_everywhere(name, kept):
    assert file_names([name]) == [kept]


def test_names_that_a_system_does_not_tell_apart_are_numbered():
    names = ["Sunday", "sunday", "SUNDAY (2)", "Straße", "STRASSE", "Für", "Fu\u0308r", "", ""]
    found = file_names(names)
    assert found == [
        "Sunday",
        "sunday (2)",
        "SUNDAY (2) (2)",
        "Straße",
        "STRASSE (2)",
        "Für",
        "Für (2)",
        "take",
        "take (2)",
    ]


@given(st.lists(st.text(max_size=80), max_size=8))
def test_any_names_become_as_many_distinct_ones(names):
    found = file_names(names)
    assert len({name.casefold() for name in found}) == len(names) == len(found)
    assert all(name and len(name.encode()) < 200 and name == name.strip(" .") for name in found)
    assert not [name for name in found if set(name) & set('<>:"/\\|?*\n\0')]


@pytest.mark.parametrize(
    "chosen",
    [
        ComposingSettings(bars=4, seed=11, variations=2, temperature=0.9, top_p=0.8),
        ComposingSettings(bars=2, seed=3, rhythm=False, returns=False, tempo_scale=1.3, play_seconds=7.5),
    ],
)
@pytest.mark.parametrize("grid", [True, False])
def test_the_command_of_a_take_composes_it_again(model, chosen, grid, tmp_path, monkeypatch, capsys):
    model = replace(model, style=replace(model.style, grid=grid))
    save(model, tmp_path / "MODEL")
    desk = Desk().add(compose(model, chosen), Origin(chosen))
    files = opened(write_archive(desk.takes))
    lines = [line for line in files[ACCOUNT].decode().splitlines() if line.startswith("to compose it again: ")]
    monkeypatch.chdir(tmp_path)
    assert len(lines) == len(desk.takes)
    for kept, line in zip(desk.takes, lines, strict=True):
        words = shlex.split(line.partition(": ")[2])
        assert main(words[words.index("core") + 1 :]) == 0
        again = (tmp_path / f"take-{kept.number}.mid").read_bytes()
        assert again == files[f"Take {kept.number}.mid"]
        assert np.array_equal(read(again, "").piece.notes, read(files[f"Take {kept.number}.mid"], "").piece.notes)
