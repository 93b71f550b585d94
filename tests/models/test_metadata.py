import json
from dataclasses import replace

import pytest

from core.corpus.style import style_of
from core.encoding import ENCODINGS
from core.models.metadata import read_metadata, write_metadata
from core.models.model import Record
from core.notes import Metre, Piece, Tempo, Track, as_notes


def through_json(model):
    return json.loads(json.dumps(write_metadata(model)))


def piece(qpm, metre, *rows):
    return Piece(as_notes(rows), (Track("", 127),), (Tempo(0.0, qpm),), (Metre(0.0, *metre),))


@pytest.mark.parametrize(
    "odd",
    [
        piece(4.0, (1, 64), (0, 0.01, 0, 1, 0)),
        piece(1000.0, (255, 64), (0, 1, 127, 127, 0), (5000, 1, 127, 127, 0)),
        piece(123.456, (64, 4), *((0, 1, pitch, 80, 0) for pitch in range(128))),
        piece(60.0, (4, 4), *((onset * 1.37, 9, 60, 80, 0) for onset in range(3000))),
        piece(
            60.0,
            (1, 1),
            *((onset * 4.0, 1, 60 + onset % 2 * 7 + third, 80, 0) for onset in range(700) for third in (0, 4)),
        ),
    ],
)
def test_what_is_learned_from_odd_music_survives(model, odd):
    encoding = ENCODINGS[model.encoding.family].learn([odd])
    learned = replace(model, encoding=encoding, style=style_of([odd] * 120))
    found = read_metadata(through_json(learned))
    assert found.style == learned.style
    assert json.dumps(found.encoding.to_json()) == json.dumps(encoding.to_json())


def test_a_whole_number_stays_whole(model):
    found = read_metadata(through_json(replace(model, settings=replace(model.settings, seconds=60))))
    assert type(found.settings.seconds) is int


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("settings", {"units": 2000}),
        ("settings", {"units": 12.0}),
        ("settings", {"units": None}),
        ("settings", {"seconds": True}),
        ("settings", {"family": ["joint"]}),
        ("settings", {"start": "../other"}),
        ("style", {"qpm": 0}),
        ("style", {"qpm": float("inf")}),
        ("style", {"denominator": 3}),
        ("style", {"numerator": 65, "denominator": 4}),
        ("style", {"numerator": 0}),
        ("style", {"program": 128}),
        ("style", {"grid": 1}),
        ("style", {"lowest": 61, "highest": 60}),
        ("style", {"highest": 128}),
        ("style", {"largest_chord": 0}),
        ("style", {"last_notes": [-1.0]}),
        ("style", {"last_notes": [1.0] * 101}),
        ("style", {"densities": [[0.0, 1.0]]}),
        ("style", {"densities": [[4.0, 0.9]]}),
        ("style", {"densities": [[4.0]]}),
        ("style", {"densities": [[4.0, 1.0]] * 101}),
        ("style", {"longest_gap": 0}),
        ("style", {"forms": ["0"] * 101}),
        ("style", {"forms": [" ".join(["0"] * 501)]}),
        ("style", {"forms": ["0 2"]}),
        ("style", {"forms": ["-1"]}),
        ("style", {"forms": [[0, 0]]}),
        ("record", {"learned": "Joplin"}),
        ("record", {"learned": "F" * 64}),
        ("record", {"notes": -1}),
        ("record", {"stopped": 0}),
        ("record", {"curve": [[1.0, 2.0]]}),
        ("record", {"curve": [[1.0, None, 2.0]]}),
        ("record", {"curve": [[float("nan"), 2.0, 2.0]]}),
        ("record", {"bits_per_note": "4"}),
    ],
)
def test_what_no_training_makes_is_refused(model, part, wrong):
    data = through_json(model)
    assert read_metadata(data).record == Record()
    with pytest.raises(ValueError, match=r"\w"):
        read_metadata(data | {part: data[part] | wrong})


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("settings", None),
        ("settings", {}),
        ("style", []),
        ("style", "style"),
        ("record", {"learned": ""}),
        ("vocabulary", None),
        ("vocabulary", {"gaps": 3}),
        ("vocabulary", []),
    ],
)
def test_a_part_of_another_kind_is_refused(model, part, wrong):
    if part != "vocabulary" or model.encoding.family == "classic":
        with pytest.raises(ValueError, match=r"missing|must tell"):
            read_metadata(through_json(model) | {part: wrong})


def test_a_point_of_the_curve_has_three_numbers(model):
    data = through_json(model)
    with pytest.raises(ValueError, match="curve: a point is not of three numbers"):
        read_metadata(data | {"record": data["record"] | {"curve": [[1.0, 2.0]]}})


def test_another_family_than_that_of_the_settings_is_refused(model):
    data = through_json(model)
    other = {"joint": "classic", "classic": "joint"}[data["family"]]
    with pytest.raises(ValueError, match="family"):
        read_metadata(data | {"family": other})


def test_the_words_of_a_refusal_repeat_nothing_of_the_file(model):
    data = through_json(model)
    with pytest.raises(ValueError, match="start") as refused:
        read_metadata(data | {"settings": data["settings"] | {"start": "Click here"}})
    assert "Click" not in str(refused.value)
