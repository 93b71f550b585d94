import os

from core.config import TrainingSettings
from core.model import dump
from core.notes import transpose
from core.store import Store, fingerprint, home


def test_the_order_and_names_of_pieces_do_not_matter(named):
    renamed = [(f"my {name}", piece) for name, piece in reversed(named)]
    assert fingerprint(named, TrainingSettings()) == fingerprint(renamed, TrainingSettings())


def test_other_music_or_settings_are_another_training(named):
    changed = [(name, transpose(piece, 1)) for name, piece in named]
    keys = {
        fingerprint(named, TrainingSettings()),
        fingerprint(changed, TrainingSettings()),
        fingerprint(named[1:], TrainingSettings()),
        fingerprint(named, TrainingSettings(seconds=20)),
    }
    assert len(keys) == 4


def test_what_is_put_can_be_got(model, tmp_path):
    store = Store(tmp_path)
    store.put("abc", *dump(model))
    assert "abc" in Store(tmp_path)
    assert Store(tmp_path).get("abc").style == model.style


def test_unknown_and_hostile_keys_hold_nothing(tmp_path):
    store = Store(tmp_path / "models")
    (tmp_path / "secret.json").write_text("{}")
    assert store.get("nothing") is None
    assert "../secret" not in store


def test_a_damaged_model_is_as_good_as_none(model, tmp_path):
    store = Store(tmp_path)
    store.put("abc", *dump(model))
    (tmp_path / "abc.npz").write_bytes(b"gone")
    assert store.get("abc") is None


def test_the_longest_unused_make_room(model, tmp_path, monkeypatch):
    monkeypatch.setattr("core.store._MOST_MODELS", 2)
    store = Store(tmp_path)
    for age, key in enumerate(["old", "older", "new"]):
        store.put(key, *dump(model))
        os.utime(tmp_path / f"{key}.json", (100 - age, 100 - age) if key != "new" else None)
    store.put("newest", *dump(model))
    assert sorted(file.stem for file in tmp_path.glob("*.npz")) == ["new", "newest"]


def test_the_place_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("ENCORE_HOME", str(tmp_path))
    assert home() == tmp_path
