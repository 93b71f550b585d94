import os
from dataclasses import replace
from pathlib import Path

import pytest

from core.config import TrainingSettings
from core.corpus.corpus import Corpus
from core.models.file import read_file, write_file, write_whole
from core.models.model import FORMAT, ModelError, Record
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
    store.put("abc", write_file(model))
    assert store.entry("abc")
    assert Store(store.folder).get("abc").style == model.style


def test_unknown_and_hostile_keys_hold_nothing(model, tmp_path):
    store = Store(tmp_path / "models")
    Store(tmp_path).put("secret", write_file(model))
    for key in ("nothing", "../secret", "", "x" * 5000, "é", "a.b", "a\0"):
        assert store.get(key) is None
        assert store.entry(key) is None


def test_what_is_no_model_is_not_kept(model, store):
    with pytest.raises(ModelError):
        store.put("abc", write_file(model)[:-1])
    assert store.entry("abc") is None


def test_a_damaged_model_is_as_good_as_none(model, store):
    for damage in (b"gone", write_file(model)[:-9]):
        (store.folder / "abc.encore").write_bytes(damage)
        assert store.get("abc") is None
        assert not store.entry("abc").outdated


def test_a_model_of_another_format_is_outdated(model, store):
    store.put("abc", write_file(model))
    assert not store.entry("abc").outdated
    now, then = (rf"{{\"format\": {number:>2},".encode() for number in (FORMAT, FORMAT - 1))
    file = store.folder / "abc.encore"
    file.write_bytes(file.read_bytes().replace(now, then))
    assert store.entry("abc").outdated
    assert store.get("abc") is None


def test_a_model_that_was_kept_as_two_files_is_outdated_until_it_is_trained_again(model, store):
    (store.folder / "abc.json").write_text("{}")
    assert store.entry("abc").outdated
    assert store.get("abc") is None
    store.put("abc", write_file(model))
    assert not store.entry("abc").outdated


def test_a_model_that_is_replaced_has_another_version_and_one_that_is_read_has_not(model, store):
    store.put("abc", write_file(model))
    first = store.entry("abc").version
    store.get("abc")
    store.put("abc", write_file(model))
    assert store.entry("abc").version == first
    store.put("abc", write_file(replace(model, record=Record(stopped=True))))
    assert store.entry("abc").version != first


def test_a_model_whose_file_is_gone_is_none_and_stays_so(model, store):
    store.put("abc", write_file(model))
    (store.folder / "abc.encore").unlink()
    assert store.get("abc") is None
    assert store.entry("abc") is None
    assert not any(store.folder.iterdir())


def test_a_model_that_makes_room_while_it_is_read_does_not_come_back_empty(model, store, monkeypatch):
    store.put("abc", write_file(model))
    whole = Path.read_bytes

    def read_and_lose(file):
        data = whole(file)
        file.unlink()
        return data

    monkeypatch.setattr(Path, "read_bytes", read_and_lose)
    assert store.get("abc") is not None
    assert not (store.folder / "abc.encore").exists()


def used(store, key, seconds):
    os.utime(store.folder / f"{key}.encore", (seconds, seconds))


def test_the_longest_unused_make_room(model, store, monkeypatch):
    monkeypatch.setattr("core.models.store._MOST_MODELS", 2)
    for age, key in enumerate(["old", "older"]):
        store.put(key, write_file(model))
        used(store, key, 100 - age)
    store.put("new", write_file(model))
    store.put("newest", write_file(model))
    assert sorted(file.stem for file in store.folder.iterdir()) == ["new", "newest"]


def test_models_of_two_files_make_room_first(model, store, monkeypatch):
    monkeypatch.setattr("core.models.store._MOST_MODELS", 1)
    for name in ("old.json", "old.npz"):
        (store.folder / name).write_text("{}")
        os.utime(store.folder / name, (100, 100))
    store.put("new", write_file(model))
    assert [file.name for file in store.folder.iterdir()] == ["new.encore"]


def test_a_model_that_is_used_stays(model, store, monkeypatch):
    monkeypatch.setattr("core.models.store._MOST_MODELS", 2)
    for age, key in enumerate(["used", "unused"]):
        store.put(key, write_file(model))
        used(store, key, 100 + age)
    assert store.get("used")
    store.put("newest", write_file(model))
    assert store.entry("used") and not store.entry("unused")


def test_a_model_that_came_from_elsewhere_has_an_address_by_its_content(model, store):
    key = store.put_model(model, "Rags")
    assert store.put_model(read_file(write_file(model))[0], "Rags") == key
    assert store.put_model(model, "Others") != key
    assert store.entry(key).title == "Rags"
    assert store.get(key).digest == model.digest


def test_models_from_elsewhere_make_room_for_each_other_only(model, store, monkeypatch):
    monkeypatch.setattr("core.models.store._MOST_OPENED", 1)
    monkeypatch.setattr("core.models.store._MOST_MODELS", 1)
    store.put("trained", write_file(model))
    used(store, "trained", 1)
    first = store.put_model(model, "first")
    used(store, first, 2)
    second = store.put_model(model, "second")
    assert [bool(store.entry(key)) for key in ("trained", first, second)] == [True, False, True]
    store.put("other", write_file(model))
    assert [bool(store.entry(key)) for key in ("trained", "other", second)] == [False, True, True]


def test_the_format_is_part_of_the_fingerprint(corpus, monkeypatch):
    before = fingerprint(corpus, TrainingSettings())
    monkeypatch.setattr("core.models.store.FORMAT", FORMAT + 1)
    assert fingerprint(corpus, TrainingSettings()) != before


def test_the_place_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("ENCORE_HOME", str(tmp_path))
    assert home() == tmp_path


def test_where_nothing_can_be_stored_the_last_few_are_kept_until_the_server_ends(model, tmp_path):
    blocked = tmp_path / "a file"
    blocked.touch()
    store = Store(blocked)
    for number in range(9):
        assert store.put(f"key{number}", write_file(model)).digest == model.digest
    assert store.entry("key8").unsaved and store.get("key8").digest == model.digest
    assert store.entry("key0") is None and store.get("key0") is None
    blocked.unlink()
    store.put("key8", write_file(model))
    assert not store.entry("key8").unsaved and Store(blocked).get("key8").digest == model.digest


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / "taken", b"data")
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]


def test_a_folder_that_cannot_be_looked_through_costs_no_model(model, store, monkeypatch):
    def fail():
        raise PermissionError

    monkeypatch.setattr(store, "_make_room", fail)
    store.put("abc", write_file(model))
    assert store.get("abc").digest == model.digest and store.entry("abc").unsaved
