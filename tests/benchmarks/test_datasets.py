import argparse

import pytest

from benchmarks import datasets
from benchmarks.datasets import CHORALES, JSB, MIDI, corpus_of, data_path, split, styles
from core.corpus.corpus import Corpus
from core.notes import transpose


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv("ENCORE_DATA", raising=False)


def test_variable_names_the_data_folder(data, monkeypatch):
    monkeypatch.setenv("ENCORE_DATA", str(data))
    assert data_path(None, MIDI) == data / "midi"


def test_option_wins_over_the_variable(data, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path_factory.mktemp("other")))
    parser = argparse.ArgumentParser()
    datasets.add_data_option(parser)
    assert data_path(parser.parse_args(["--data", str(data)]).data, MIDI) == data / "midi"


@pytest.mark.parametrize("variable", [None, ""])
def test_neither_is_an_error_of_one_line_that_names_both(monkeypatch, variable):
    if variable is not None:
        monkeypatch.setenv("ENCORE_DATA", variable)
    with pytest.raises(SystemExit) as error:
        data_path(None, JSB)
    message = str(error.value)
    assert all(word in message for word in ("--data DIR", "ENCORE_DATA", "jsb/jsb_quarter.json"))
    assert "\n" not in message


def test_folder_that_does_not_hold_what_is_needed_is_named(data):
    with pytest.raises(SystemExit, match=r"does not hold jsb/jsb_quarter\.json") as error:
        data_path(data, JSB)
    assert str(data) in str(error.value)


def test_styles_are_folders_with_some_pieces_and_the_chorales(data):
    for name, files in (("odd", 3), ("single", 1), ("other", 2)):
        (data / "midi" / name).mkdir()
        for number in range(files):
            (data / "midi" / name / f"{number}.mid").touch()
    assert styles(data) == ["other", "tunes", CHORALES]


def test_corpus_holds_what_can_be_read_in_the_order_of_names(data, tunes, capsys):
    (data / "midi" / "tunes" / "broken.mid").write_bytes(b"nothing")
    corpus = corpus_of(data, "tunes")
    assert corpus.names == ("0.mid", "1.mid", "2.mid", "3.mid")
    assert [len(piece.notes) for piece in corpus.pieces] == [len(piece.notes) for piece in tunes]
    assert "broken.mid" in capsys.readouterr().out


@pytest.fixture
def many(tunes):
    return Corpus.of((str(number), transpose(tunes[0], number - 10)) for number in range(20))


@pytest.mark.parametrize(("style", "held_out"), [("tunes", 4), (CHORALES, 2)])
def test_a_fifth_is_held_out_and_of_the_chorales_a_tenth(many, style, held_out):
    parts = split(many, style, 0)
    assert len(parts.held_out) == held_out
    assert sorted((*parts.learned.names, *parts.held_out.names), key=int) == list(many.names)
    assert list(parts.learned.names) == sorted(parts.learned.names, key=int)


def test_seed_draws_what_is_held_out(many):
    drawn = [split(many, "tunes", seed).held_out.names for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_at_least_one_piece_is_held_out(many):
    assert len(split(many.select([0, 1]), "tunes", 0).held_out) == 1
