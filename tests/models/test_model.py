import io
import json

import numpy as np
import pytest

from core.models.model import FORMAT, ModelError, dump, load, parse, save


def same(ours, theirs):
    return all((ours[name] == theirs[name]).all() for name in ours)


def test_a_model_survives_its_files(model, tmp_path):
    save(model, tmp_path / "m.npz")
    again = load(tmp_path / "m")
    assert all(map(same, model.parameters, again.parameters))
    assert (again.settings, again.style, again.record) == (model.settings, model.style, model.record)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["m.json", "m.npz"]


def test_the_words_can_be_read_by_a_person(model):
    words = json.loads(dump(model)[1])
    assert {"settings", "record", "style", "vocabulary"} <= set(words)


def test_nothing_is_pickled(model):
    with np.load(io.BytesIO(dump(model)[0]), allow_pickle=False) as arrays:
        assert {arrays[name].dtype for name in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("damage", [lambda npz: npz[: len(npz) // 2], lambda npz: b"", lambda npz: b"PK\3\4 not a zip"])
def test_damaged_numbers_are_refused(model, damage):
    npz, words = dump(model)
    with pytest.raises(ModelError, match="damaged"):
        parse(damage(npz), words)


@pytest.mark.parametrize("words", ["", "{}", "[]", f'{{"format": {FORMAT}}}'])
def test_damaged_words_are_refused(model, words):
    with pytest.raises(ModelError, match="damaged"):
        parse(dump(model)[0], words)


def test_another_format_is_refused(model):
    npz, words = dump(model)
    with pytest.raises(ModelError, match="format"):
        parse(npz, words.replace(f'"format": {FORMAT}', '"format": 999'))


def test_another_shape_is_refused(model):
    npz, words = dump(model)
    with pytest.raises(ModelError, match="shape"):
        parse(npz, words.replace('"units": 12', '"units": 16'))


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="nothing-here"):
        load(tmp_path / "nothing-here")
