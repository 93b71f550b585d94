import os

import pytest

from core.config import TrainingSettings
from core.jobs import ledger as ledgers
from core.jobs.ledger import Begun, Ledger

BEGUN = Begun(TrainingSettings(seconds=20.0, seed=3), ("ragtime", "fugues"))


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "begun")


def test_what_has_begun_is_known_until_it_is_crossed_out(ledger, tmp_path):
    ledger.note("abc", BEGUN)
    assert Ledger(tmp_path / "begun").find("abc") == BEGUN
    ledger.forget("abc")
    assert ledger.find("abc") is None
    ledger.forget("abc")


@pytest.mark.parametrize(
    "words",
    ["", "[]", "{", '{"settings": {"seed": 1, "other": 2}, "sets": []}', '{"settings": {"seed": -1}, "sets": []}'],
)
def test_a_note_that_cannot_be_read_is_none(ledger, tmp_path, words):
    ledger.note("abc", BEGUN)
    (tmp_path / "begun" / "abc.json").write_text(words)
    assert ledger.find("abc") is None


def test_what_stands_in_an_address_never_leads_out_of_the_folder(ledger, tmp_path):
    ledger.note("abc", BEGUN)
    (tmp_path / "begun" / "abc.json").rename(tmp_path / "abc.json")
    assert ledger.find("../abc") is None
    assert ledger.find("a" * 5000) is None


def test_where_nothing_can_be_written_the_training_goes_on(tmp_path, caplog):
    (tmp_path / "begun").write_text("a file")
    ledger = Ledger(tmp_path / "begun")
    ledger.note("abc", BEGUN)
    ledger.forget("abc")
    assert ledger.find("abc") is None
    assert "cannot be noted down" in caplog.text


def test_the_oldest_notes_make_room(ledger, tmp_path, monkeypatch):
    monkeypatch.setattr(ledgers, "_MOST", 2)
    for age, key in enumerate("abc"):
        ledger.note(key, BEGUN)
        if key != "c":
            os.utime(tmp_path / "begun" / f"{key}.json", (100 + age, 100 + age))
    assert [ledger.find(key) is None for key in "abc"] == [True, False, False]
