import os
from pathlib import Path

import pytest

from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.models.model import FORMAT, dump
from core.models.store import Store, fingerprint, home
from core.notes import transpose


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def test_the_order_and_names_of_pieces_do_not_matter(corpus):
    pairs = zip(corpus.names, corpus.pieces, strict=True)
    renamed = Corpus.of((f"my {name}", piece) for name, piece in reversed(list(pairs)))
    assert fingerprint(corpus, TrainingSettings()) == fingerprint(renamed, TrainingSettings())


def test_other_music_or_settings_are_another_training(corpus):
    changed = Corpus.of((name, transpose(piece, 1)) for name, piece in zip(corpus.names, corpus.pieces, strict=True))
    keys = {
        fingerprint(corpus, TrainingSettings()),
        fingerprint(changed, TrainingSettings()),
        fingerprint(corpus.select([1, 2, 3]), TrainingSettings()),
        fingerprint(corpus, TrainingSettings(seconds=20)),
    }
    assert len(keys) == 4


def test_what_is_put_can_be_got(model, store):
    store.put("abc", *dump(model))
    assert store.entry("abc")
    assert Store(store.folder).get("abc").style == model.style


def test_unknown_and_hostile_keys_hold_nothing(model, tmp_path):
    store = Store(tmp_path / "models")
    Store(tmp_path).put("secret", *dump(model))
    for key in ("nothing", "../secret", "", "x" * 5000):
        assert store.get(key) is None
        assert store.entry(key) is None


def test_a_damaged_model_is_as_good_as_none(model, store):
    store.put("abc", *dump(model))
    (store.folder / "abc.npz").write_bytes(b"gone")
    assert store.get("abc") is None


@pytest.mark.parametrize("words", ["", "[]", "{}", '{"format": 4}'])
def test_a_model_of_another_format_is_outdated(model, store, words):
    store.put("abc", *dump(model))
    assert not store.entry("abc").outdated
    (store.folder / "abc.json").write_text(words)
    assert store.entry("abc").outdated
    assert store.get("abc") is None


def test_a_model_that_is_replaced_has_another_version_and_one_that_is_read_has_not(model, store):
    store.put("abc", *dump(model))
    first = store.entry("abc").version
    store.get("abc")
    assert store.entry("abc").version == first
    os.utime(store.folder / "abc.npz", (1, 1))
    assert store.entry("abc").version != first


@pytest.mark.parametrize("gone", [("abc.npz",), ("abc.json",), ("abc.npz", "abc.json")])
def test_a_model_whose_files_are_gone_is_none_and_stays_so(model, store, gone):
    store.put("abc", *dump(model))
    for name in gone:
        (store.folder / name).unlink()
    assert store.get("abc") is None
    assert store.entry("abc") is None
    assert not any((store.folder / name).exists() for name in gone)


def test_a_model_that_makes_room_while_it_is_read_does_not_come_back_empty(model, store, monkeypatch):
    store.put("abc", *dump(model))
    whole = Path.read_text

    def read_and_lose(file, **more):
        words = whole(file, **more)
        file.unlink()
        return words

    monkeypatch.setattr(Path, "read_text", read_and_lose)
    assert store.get("abc") is not None
    assert not (store.folder / "abc.json").exists()


def test_the_longest_unused_make_room(model, store, monkeypatch):
    monkeypatch.setattr("core.models.store._MOST_MODELS", 2)
    for age, key in enumerate(["old", "older", "new"]):
        store.put(key, *dump(model))
        os.utime(store.folder / f"{key}.json", (100 - age, 100 - age) if key != "new" else None)
    store.put("newest", *dump(model))
    assert sorted(file.stem for file in store.folder.glob("*.npz")) == ["new", "newest"]


def test_a_model_that_is_used_stays(model, store, monkeypatch):
    monkeypatch.setattr("core.models.store._MOST_MODELS", 2)
    for age, key in enumerate(["used", "unused"]):
        store.put(key, *dump(model))
        os.utime(store.folder / f"{key}.json", (100 + age, 100 + age))
    assert store.get("used")
    store.put("newest", *dump(model))
    assert store.entry("used") and not store.entry("unused")


def test_the_format_is_part_of_the_fingerprint(corpus, monkeypatch):
    before = fingerprint(corpus, TrainingSettings())
    monkeypatch.setattr("core.models.store.FORMAT", FORMAT + 1)
    assert fingerprint(corpus, TrainingSettings()) != before


def test_the_place_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("ENCORE_HOME", str(tmp_path))
    assert home() == tmp_path
