import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.__main__ import main
from core.midi import read, write
from core.models.file import load, read_file, save, write_file
from core.notes import transpose
from tests.conftest import tune

MUSIC = Path(__file__).parents[1] / "assets" / "music"
RAG = MUSIC / "ragtime" / "joplin-maple-leaf-rag.mid"


def run(capsys, *arguments):
    """Return exit status, the JSON lines of standard output, and standard error."""
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], err


def test_read_says_a_line_a_file(capsys, tmp_path):
    broken = tmp_path / "broken.mid"
    broken.write_bytes(b"no music")
    status, rows, err = run(capsys, "read", RAG, broken)
    assert status == 1
    assert [row["status"] for row in rows] == ["ok", "rejected"]
    assert list(rows[0]) == ["file", "status", "notes", "drum_hits", "tracks", "quarters", "seconds", "message"]
    assert "broken.mid" in rows[1]["message"]
    assert err.count("\n") == 1


def test_a_missing_file_costs_no_other(capsys, tmp_path):
    status, rows, _ = run(capsys, "read", tmp_path / "none.mid", RAG)
    assert (status, [row["status"] for row in rows]) == (1, ["rejected", "ok"])


@pytest.fixture
def saved(model, tmp_path):
    save(model, tmp_path / "model")
    return tmp_path / "model"


def test_compose_writes_the_same_music_for_the_same_seed(capsys, saved, tmp_path):
    files = [tmp_path / "a.mid", tmp_path / "b.mid"]
    for file in files:
        status, _, _ = run(capsys, "compose", saved, "--bars", 4, "--seed", 5, "--temperature", 0.9, "--out", file)
        assert status == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert len(read(files[0].read_bytes(), "a.mid").piece.notes)


def test_compose_goes_on_from_a_primer(capsys, saved, tmp_path, tunes):
    primer, out = tmp_path / "primer.mid", tmp_path / "out.mid"
    primer.write_bytes(write(tunes[0]))
    assert run(capsys, "compose", saved, "--bars", 4, "--primer", primer, "--primer-bars", 2, "--out", out)[0] == 0
    notes = read(out.read_bytes(), "out.mid").piece.notes
    assert np.array_equal(notes["pitch"][:3], tunes[0].notes["pitch"][:3])


@pytest.mark.parametrize("ending", ["--ending", "--no-ending"])
def test_compose_writes_several_takes_into_a_folder(capsys, saved, tmp_path, ending):
    folder = tmp_path / "takes"
    status, rows, _ = run(capsys, "compose", saved, "--bars", 2, "--variations", 10, ending, "--out", folder)
    assert status == 0
    assert [row["file"] for row in rows] == [str(folder / f"{number:02}.mid") for number in range(1, 11)]
    assert len({row["seed"] for row in rows}) == 10
    assert all(read(Path(row["file"]).read_bytes(), "take").piece.notes.size == row["notes"] for row in rows)
    alone = tmp_path / "alone.mid"
    run(capsys, "compose", saved, "--bars", 2, "--seed", rows[8]["seed"], ending, "--out", alone)
    assert alone.read_bytes() == (folder / "09.mid").read_bytes()


def test_compose_takes_a_downloaded_file_of_any_name_and_says_which_model_it_is(capsys, model, saved, tmp_path):
    downloaded = tmp_path / "Sunday rags (1).encore"
    downloaded.write_bytes(write_file(model, "Sunday rags"))
    rows = [
        run(capsys, "compose", path, "--bars", 4, "--out", tmp_path / f"{number}.mid")[1][0]
        for number, path in enumerate((saved, downloaded))
    ]
    assert {row["model"] for row in rows} == {model.digest}
    assert (tmp_path / "0.mid").read_bytes() == (tmp_path / "1.mid").read_bytes()


def test_what_is_no_model_is_refused_in_one_line(capsys, tmp_path):
    status, rows, err = run(capsys, "compose", RAG, "--out", tmp_path / "x.mid")
    assert (status, rows) == (1, [])
    assert err.startswith("error: This is not a model of Encore") and err.count("\n") == 1


def test_evaluate_prints_one_object(capsys, saved, tmp_path, tunes):
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "tune.mid").write_bytes(write(tunes[0]))
    status, (found,), _ = run(capsys, "evaluate", saved, tmp_path / "music")
    assert status == 0
    assert set(found) == {"pieces", "notes", "bits_per_note", "fields", "network_only", "ppm_only"}
    assert (found["pieces"], found["notes"]) == (1, len(tunes[0].notes))


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", "no-model", "."),
        ("compose", "no-model", "--out", "x.mid"),
        ("render", "no.mid", "x.wav"),
        ("train", "no-folder", "--out", "x"),
    ],
)
def test_bad_input_is_status_one_and_one_line(capsys, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, rows, err = run(capsys, *arguments)
    assert (status, rows) == (1, [])
    assert "error: " in err.splitlines()[-1]


def test_a_setting_out_of_range_is_bad_input(capsys, saved, tmp_path):
    status, _, err = run(capsys, "compose", saved, "--bars", 0, "--out", tmp_path / "x.mid")
    assert status == 1 and "bars is 0" in err


@pytest.mark.parametrize("arguments", [(), ("sing",), ("compose",), ("train", ".", "--family", "jazz", "--out", "x")])
def test_bad_usage_is_status_two(capsys, arguments):
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert leaving.value.code == 2


@pytest.mark.slow
def test_the_whole_way(capsys, tmp_path):
    model, take, sound = tmp_path / "model", tmp_path / "take.mid", tmp_path / "take.wav"
    arguments = ["--steps", "6", "--units", "16", "--batch", "4", "--family", "joint", "--out", str(model)]
    command = [sys.executable, "-m", "core", "train", str(MUSIC / "miniatures"), *arguments]  # TensorFlow wants it anew
    trained = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(trained.stdout)
    assert report["model"] == f"{model}.encore"
    assert 0 < report["steps"] <= 6
    assert all(Path(name).is_file() for name in report["held_out"])
    assert run(capsys, "compose", model, "--bars", 4, "--out", take)[0] == 0
    status, (heard,), _ = run(capsys, "render", take, sound)
    assert status == 0
    assert heard["seconds"] > 2
    assert -3 < heard["peak"] <= 0


@pytest.mark.slow
def test_a_model_to_start_from_stands_in_the_new_one_as_its_digest(tmp_path, tunes):
    (tmp_path / "tune.mid").write_bytes(write(tunes[0]))
    sizes = ["--steps", "2", "--units", "12", "--batch", "4", "--embedding", "4", "--head-units", "8"]
    for out, more in (
        ("first", ["--from", "nothing"]),
        ("second", ["--from", str(tmp_path / "first"), "--title", "2"]),
    ):
        command = ["train", str(tmp_path / "tune.mid"), *sizes, *more, "--out", str(tmp_path / out)]
        subprocess.run([sys.executable, "-m", "core", *command], capture_output=True, check=True)
    second, title = read_file((tmp_path / "second.encore").read_bytes())
    assert (second.settings.start, title) == (load(tmp_path / "first").digest, "2")
    assert str(tmp_path).encode() not in (tmp_path / "second.encore").read_bytes()


def test_a_take_is_compared_with_the_music_it_was_learned_from(tmp_path, capsys):
    folder = tmp_path / "music"
    folder.mkdir()
    for first in (55, 60):
        (folder / f"tune-{first}.mid").write_bytes(write(tune(first, bars=16)))
    take = tmp_path / "take.mid"
    take.write_bytes(write(transpose(tune(60, bars=16), 2)))
    assert main(["compare", str(take), str(folder)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["shared"] == {"4": 1.0, "8": 1.0, "16": 1.0}
    assert found["corpus"].keys() == found["shared"].keys()
    assert found["longest"]["piece"].startswith("tune-") and found["longest"]["piece"].endswith(".mid")
    assert (found["longest"]["bar"], found["longest"]["take_bar"]) == (1, 1)
    assert found["longest"]["notes"] == len(tune(60, bars=16).notes)
    assert all("as in your music" in each for each in found["style"])
