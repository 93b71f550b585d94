import json
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from benchmarks.damage import places, signed
from core.composing.take import ComposingError, compose
from core.config import ComposingSettings
from core.models import file
from core.models.file import load, read_file, read_label, save, tidy, write_file
from core.models.model import FORMAT, FormatError, ModelError, Record

RECORD = Record(
    learned=("a" * 64, "b" * 64),
    held_out=("b" * 64,),
    notes=800,
    steps=4,
    seconds=1.5,
    notes_per_second=533.3,
    curve=((0.5, 6.25, 5.5), (1.5, 5.0, None)),
    bits_per_note=4.5,
    network_only=5.25,
)


@pytest.fixture
def trained(model):
    return replace(model, record=RECORD)


def content_of(data):
    """Return what a file holds beside the weights."""
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return json.loads(header["__metadata__"]["encore"])


def forged(content, arrays):
    """Return a file as its writer could have made it, with a checksum that is right."""
    return signed({name: value for name, value in content.items() if name != "checksum"}, arrays)


def changed(content, place, value):
    if not place:
        return value
    here = dict(content) if isinstance(content, dict) else list(content)
    here[place[0]] = changed(here[place[0]], place[1:], value)
    return here


def test_a_model_survives_its_file(trained):
    again, title = read_file(write_file(trained, "Rags"))
    assert title == "Rags"
    assert (again.settings, again.style, again.record) == (trained.settings, trained.style, RECORD)
    assert again.digest == trained.digest
    assert json.dumps(again.encoding.to_json()) == json.dumps(trained.encoding.to_json())


def test_equal_models_are_equal_files_and_a_title_makes_another(trained):
    assert write_file(trained, "Rags") == write_file(read_file(write_file(trained))[0], "Rags")
    assert write_file(trained, "Rags") != write_file(trained)


@pytest.mark.parametrize("seed", [1, 2])
def test_it_composes_the_same_notes(trained, seed):
    settings = ComposingSettings(bars=4, seed=seed)
    again, _ = read_file(write_file(trained))
    (first,), (second,) = compose(trained, settings), compose(again, settings)
    assert np.array_equal(first.piece.notes, second.piece.notes)


def test_other_programs_can_open_its_weights(trained):
    arrays = load_arrays(write_file(trained))
    assert sum(values.size for values in arrays.values()) == trained.size
    assert {values.dtype for values in arrays.values()} == {np.dtype(np.float32)}


def test_weights_in_another_order_of_memory_are_the_same_weights(trained):
    turned = tuple({name: np.asfortranarray(each) for name, each in one.items()} for one in trained.parameters)
    assert write_file(replace(trained, parameters=turned)) == write_file(trained)


@pytest.mark.parametrize(
    ("title", "kept"),
    [(" My\nrags ", "My rags"), ("a\u202eb\x00", "a b"), ("x" * 500, "x" * 100), ("Jōplin", "Jōplin")],
)
def test_a_title_is_one_short_line(trained, title, kept):
    assert tidy(title) == kept
    assert read_file(write_file(trained, title))[1] == kept


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"MThd\0\0\0\6\0\1\0\1\1\xe0",
        b"PK\3\4 a zip archive",
        b"\xff" * 100,
        (100_000).to_bytes(8, "little") + b"[" * 100_000,
        save_arrays({"weights": np.zeros(3, np.float32)}),
        save_arrays({"weights": np.zeros(3, np.float32)}, {"encore": "{}"}).replace(b'"encore"', b'"Encore"'),
    ],
)
def test_what_is_no_model_is_refused_in_words(data):
    with pytest.raises(ModelError, match="This is not a model of Encore"):
        read_file(data)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9, 0.9999])
def test_a_file_that_was_cut_is_damaged(trained, share):
    data = write_file(trained)
    with pytest.raises(ModelError, match="This model is damaged"):
        read_file(data[: int(len(data) * share)])


def test_a_bit_that_has_changed_anywhere_is_noticed(trained):
    data = write_file(trained, "Rags")
    for place in range(0, len(data), len(data) // 150):
        wrong = bytearray(data)
        wrong[place] ^= 1
        with pytest.raises(ModelError):
            read_file(bytes(wrong))


@pytest.mark.parametrize(
    ("number", "words"), [(FORMAT - 1, r"earlier .* Train it again"), (FORMAT + 1, r"later .* Update")]
)
def test_another_format_is_said_with_what_to_do(trained, number, words):
    content = content_of(write_file(trained)) | {"format": number, "style": "of another kind"}
    with pytest.raises(FormatError, match=words):
        read_file(forged(content, {}))


@pytest.mark.parametrize("value", [None, True, -1, 0, 2.5, 10**12, 1e300, float("nan"), "x", "9 9", [], {}, [[0]]])
def test_whatever_a_file_says_it_is_refused_or_composes(trained, value):
    content = content_of(write_file(trained))
    arrays = load_arrays(write_file(trained))
    for place in places(content):
        try:
            model, _ = read_file(forged(changed(content, place, value), arrays))
        except ModelError as error:
            assert str(error).startswith("This model ") or "not a model of Encore" in str(error)
            assert len(str(error)) < 400
            continue
        try:
            assert len(compose(model, ComposingSettings(bars=1))[0].piece.notes)
        except ComposingError:
            continue


def test_what_is_left_out_or_added_is_noticed(trained):
    data = write_file(trained)
    content, arrays = content_of(data), load_arrays(data)
    for part in ("settings", "style", "record"):
        for name in content[part]:
            less = {key: value for key, value in content[part].items() if key != name}
            for wrong in (less, content[part] | {"more": 1}):
                with pytest.raises(ModelError, match="damaged"):
                    read_file(forged(content | {part: wrong}, arrays))
    with pytest.raises(ModelError, match="damaged"):
        read_file(forged(content | {"more": 1}, arrays))


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values * np.float32(np.nan),
        lambda values: values + np.float32(np.inf),
        lambda values: np.full_like(values, -2e6),
        lambda values: values.astype(np.float64),
        lambda values: values.astype(np.float16),
        lambda values: np.ascontiguousarray(values[..., :-1]),
        lambda values: values.reshape(-1, 1),
        lambda values: np.zeros((0,), np.float32),
    ],
)
def test_weights_that_do_not_fit_or_are_no_numbers_are_refused(trained, change):
    data = write_file(trained)
    arrays = load_arrays(data)
    for name in list(arrays)[::5]:
        with pytest.raises(ModelError, match=r"damaged \(its weights"):
            read_file(forged(content_of(data), arrays | {name: change(arrays[name])}))


@pytest.mark.parametrize("kind", ["F8_E5M2", "U8", "none"])
def test_weights_of_a_kind_that_numpy_lacks_are_refused(trained, kind):
    words = json.dumps(content_of(write_file(trained)))
    array = {"dtype": kind, "shape": [4], "data_offsets": [0, 4]}
    header = json.dumps({"__metadata__": {"encore": words}, "a": array}).encode()
    with pytest.raises(ModelError, match="damaged"):
        read_file(len(header).to_bytes(8, "little") + header + bytes(4))


@pytest.mark.parametrize("depth", [10, 300, 900, 950, 980, 990, 995, 1000, 9000])
def test_however_deep_lists_are_they_are_refused(trained, depth):
    data = write_file(trained)
    words = f'{json.dumps(content_of(data))[:-1]}, "more": {"[" * depth}{"]" * depth}}}'
    with pytest.raises(ModelError, match="damaged"):
        read_file(save_arrays(load_arrays(data), {"encore": words}))


def test_weights_that_are_missing_or_too_many_are_refused(trained):
    data = write_file(trained)
    arrays = load_arrays(data)
    name = min(arrays)
    less = {each: values for each, values in arrays.items() if each != name}
    for wrong in (less, arrays | {"more": arrays[name]}, less | {f"{name}x": arrays[name]}):
        with pytest.raises(ModelError, match="its weights are not those"):
            read_file(forged(content_of(data), wrong))


def test_the_largest_weights_that_are_let_in_still_compose(trained):
    rng, content = np.random.default_rng(0), content_of(write_file(trained))
    arrays = {
        name: rng.choice(np.array([-1e6, 1e6], np.float32), values.shape)
        for name, values in load_arrays(write_file(trained)).items()
    }
    model, _ = read_file(forged(content, arrays))
    assert len(compose(model, ComposingSettings(bars=2))[0].piece.notes)


def test_a_file_larger_than_any_model_is_not_looked_into(trained, monkeypatch):
    data = write_file(trained)
    monkeypatch.setattr(file, "_MOST_BYTES", len(data) - 1)
    with pytest.raises(ModelError, match="larger than any"):
        read_file(data)


def test_a_header_that_is_too_long_is_not_looked_into(trained, monkeypatch):
    data = write_file(trained)
    monkeypatch.setattr(file, "_MOST_WORDS", 1000)
    with pytest.raises(ModelError, match="beginning cannot be read"):
        read_file(data)


@pytest.mark.parametrize("lists", ["[" + "[]," * 30_000 + "0]", "[" + "{}," * 30_000 + "0]"])
def test_more_lists_than_a_model_has_are_not_made(trained, lists):
    data = write_file(trained)
    words = f'{json.dumps(content_of(data))[:-1]}, "more": {lists}}}'
    assert "more" in json.loads(words)
    with pytest.raises(ModelError, match="beginning cannot be read"):
        read_file(save_arrays(load_arrays(data), {"encore": words}))


def test_no_file_names_music(trained, corpus):
    secret = replace(trained, record=replace(RECORD, learned=corpus.digests))
    data = write_file(secret)
    assert not [name for name in corpus.names if name.encode() in data]
    for record in (replace(RECORD, learned=("Für Elise.mid",)), replace(RECORD, held_out=(*corpus.names,))):
        with pytest.raises(ModelError):
            write_file(replace(trained, record=record))
    with pytest.raises(ModelError):
        write_file(replace(trained, settings=replace(trained.settings, start="music/Für Elise")))


def test_what_could_not_be_read_is_not_written(trained):
    broken = ({name: values * np.float32(np.nan) for name, values in trained.parameters[0].items()},)
    with pytest.raises(ModelError, match="went astray"):
        write_file(replace(trained, parameters=broken + trained.parameters[1:]))


def test_a_label_says_title_and_changes_with_the_content(trained, tmp_path):
    other = replace(trained, record=Record())
    models = {"a": trained, "b": trained, "c": other}
    labels = [read_label(save(each, tmp_path / name, "Rags")) for name, each in models.items()]
    assert {label.title for label in labels} == {"Rags"}
    assert labels[0] == labels[1] != labels[2]


@pytest.mark.parametrize("name", ["m", "m.encore", "opus 1.5"])
def test_a_model_is_saved_under_its_name_and_found_by_it(trained, tmp_path, name):
    where = save(trained, tmp_path / "new" / name)
    assert where.suffix == ".encore"
    assert [each.name for each in where.parent.iterdir()] == [where.name]
    for path in (where, tmp_path / "new" / name):
        assert load(path).digest == trained.digest


def test_a_file_may_have_any_name(trained, tmp_path):
    (tmp_path / "copy.bin").write_bytes(write_file(trained))
    assert load(tmp_path / "copy.bin").digest == trained.digest


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="nothing-here"):
        load(tmp_path / "nothing-here")


def test_a_model_of_two_files_is_of_an_earlier_version(tmp_path):
    (tmp_path / "old.json").write_text("{}")
    with pytest.raises(FormatError, match="Train it again"):
        load(tmp_path / "old")
