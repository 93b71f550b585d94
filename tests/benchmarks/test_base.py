import csv
import io
import zipfile
from dataclasses import replace

import pytest

from benchmarks import base
from core.corpus.corpus import Corpus
from core.midi import write
from core.models.file import save
from core.training.evaluation import evaluate

COLUMNS = ("category", "file", "composer", "title", "licence", "source_path", "shared_overlap")
ROW = {
    "category": "keyboard",
    "file": "a.mid",
    "composer": "AbtF",
    "title": "A",
    "licence": "Public Domain",
    "source_path": "mutopia/a.ly",
    "shared_overlap": "",
}


def manifest(folder, *changes):
    file = io.StringIO()
    table = csv.DictWriter(file, COLUMNS, delimiter="\t")
    table.writeheader()
    table.writerows(ROW | change for change in changes)
    (folder / "manifest.tsv").write_text(file.getvalue(), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, True),
        ({"licence": "CC BY 4.0"}, True),
        ({"licence": "CC BY-SA 4.0"}, False),
        ({"shared_overlap": "0.3"}, True),
        ({"shared_overlap": "0.31"}, False),
        ({"category": "vocal"}, False),
        ({"composer": "BachJS"}, False),
    ],
)
def test_only_free_music_unlike_what_is_measured_is_learned(tmp_path, change, taken):
    manifest(tmp_path, change)
    assert bool(base.chosen(tmp_path, ["vocal", "BachJS"])) is taken


def test_one_in_ten_of_the_largest_source_is_taken(tmp_path):
    manifest(tmp_path, *({"category": "vocal", "source_path": "pl-wnifc/x"} for _ in range(25)))
    assert len(base.chosen(tmp_path)) == 3


def test_pieces_come_with_their_rows_and_unreadable_ones_are_left_out(tmp_path, tunes, capsys):
    with zipfile.ZipFile(tmp_path / "keyboard.zip", "w") as archive:
        archive.writestr("a.mid", write(tunes[0]))
        archive.writestr("b.mid", b"nothing")
    rows = [ROW, ROW | {"file": "b.mid"}]
    ((row, piece),) = base.pieces(tmp_path, rows)
    assert row is rows[0]
    assert len(piece.notes) == len(tunes[0].notes)
    assert "b.mid" in capsys.readouterr().out


def test_list_of_pieces_says_what_was_learned(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "BASE_MODEL", tmp_path / "model")
    base.list_pieces([ROW, ROW | {"title": "B"}], ["learned", "held out"])
    rows = [line.split("\t") for line in (tmp_path / "pieces.tsv").read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["part", "category", "composer", "title", "licence", "source"]
    assert [(row[0], row[3], row[5]) for row in rows[1:]] == [
        ("learned", "A", "mutopia/a.ly"),
        ("held out", "B", "mutopia/a.ly"),
    ]


def test_a_model_that_is_there_is_measured_on_what_it_held_out(tmp_path, tunes, model, monkeypatch, capsys):
    with zipfile.ZipFile(tmp_path / "keyboard.zip", "w") as archive:
        for name, piece in zip("ab", tunes, strict=False):
            archive.writestr(f"{name}.mid", write(piece))
    manifest(tmp_path, {}, {"file": "b.mid"})
    found = [piece for _, piece in base.pieces(tmp_path, base.chosen(tmp_path))]
    held_out = Corpus.of([("b", found[1])]).digests
    path = save(replace(model, record=replace(model.record, held_out=held_out)), tmp_path / "model.encore")
    monkeypatch.setattr(base, "learn", lambda corpus, options: pytest.fail("nothing is to be learned"))
    monkeypatch.setattr("sys.argv", ["base", str(tmp_path), "--out", str(path), "--only-measure"])
    base.main()
    bits = evaluate(model, found[1:]).bits_per_note
    assert f"held out: {bits:.3f} bits per note" in capsys.readouterr().out
