"""Sketches: a few bars that come back as they were drawn."""

import json
from dataclasses import replace

import pytest

from core.composing.sketch import draw_sketch, sketched
from core.models.metadata import read_metadata, write_metadata
from core.models.model import Record
from core.notes import CLOCK_QPM


@pytest.mark.parametrize("free", [False, True])
def test_a_sketch_is_a_few_bars_and_the_same_each_time(model, free):
    if free:
        model = replace(model, style=replace(model.style, grid=False, qpm=CLOCK_QPM))
    sketch = draw_sketch(model, 0.25, 15.004)
    assert sketch == draw_sketch(model, 0.25, 15.004)
    piece = sketched(sketch)
    assert len(piece.notes) > 4
    assert 1 < piece.seconds <= 12
    assert piece.program == model.style.program
    assert (sketch.done, sketch.seconds) == (0.25, 15.0)


def test_sketches_are_kept_with_the_model(model):
    drawn = tuple(draw_sketch(model, done, 60 * done) for done in (0.0, 0.5, 1.0))
    kept = replace(model, record=Record(sketches=drawn))
    found = read_metadata(json.loads(json.dumps(write_metadata(kept)))).record.sketches
    assert [(each.done, each.seconds, each.qpm, each.program) for each in found] == [
        (each.done, each.seconds, each.qpm, each.program) for each in drawn
    ]
    for one, other in zip(found, drawn, strict=True):
        assert [row[2:] for row in one.rows] == [row[2:] for row in other.rows]
        assert [row[:2] for row in one.rows] == [pytest.approx(row[:2], rel=1e-4) for row in other.rows]


def test_silence_is_a_sketch_too(model):
    silent = draw_sketch(replace(model, style=replace(model.style, lowest=0, highest=0)), 0.0, 0.0)
    assert sketched(replace(silent, rows=())).seconds == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"done": 2.0},
        {"qpm": 0},
        {"program": 128},
        {"notes": "0 1 60"},
        {"notes": "0 1 200 80"},
        {"notes": "0 1 60 0"},
        {"notes": "9999 1 60 80"},
        {"notes": "0 1 60 80," * 9000},
        {"notes": "nan 1 60 80"},
    ],
)
def test_odd_sketches_in_a_file_are_refused(model, wrong):
    data = write_metadata(replace(model, record=Record(sketches=(draw_sketch(model, 0.0, 0.0),))))
    data["record"]["sketches"][0] |= wrong
    with pytest.raises(ValueError, match="sketches"):
        read_metadata(json.loads(json.dumps(data)))
