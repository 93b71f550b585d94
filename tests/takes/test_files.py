import json
from dataclasses import replace

import pytest

from core.composing.take import Take
from core.config import ComposingSettings
from core.notes import Metre, Piece, Tempo, Track, as_notes, content_hash
from core.takes.desk import Desk, KeptTake, Origin
from core.takes.files import TakeError, read_take, take_id, write_take
from tests.conftest import tune

PIECE = Piece(
    as_notes([(0.0, 1 / 3, 60, 90, 1), (1 / 7, 2.5, 127, 1, 0)]),
    tracks=(Track("left “hand”", 4), Track("Encore", 127)),
    tempos=(Tempo(0.0, 97.3), Tempo(2.0, 60.0)),
    metres=(Metre(0.0, 7, 8), Metre(3.5, 4, 4)),
    title="♯1",
    drums=as_notes([(0.5, 0.1, 38, 80, 0)]),
)
KEPT = KeptTake(
    3, Take(PIECE, 11, "m" * 24, grid=False, primer_end=1.5), Origin(ComposingSettings(seed=11), "f", "x"), "A"
)


def test_a_take_comes_back_as_it_was():
    take, origin = read_take(write_take(KEPT))
    assert content_hash(take.piece) == content_hash(PIECE)
    assert (take.seed, take.model, take.grid, take.primer_end) == (11, "m" * 24, False, 1.5)
    assert origin == KEPT.origin


def test_the_name_of_a_take_is_that_of_what_it_holds_and_not_of_its_place():
    name = take_id(write_take(KEPT))
    assert take_id(write_take(replace(KEPT, number=9, name="B", note="n", starred=True))) == name
    assert take_id(write_take(replace(KEPT, take=replace(KEPT.take, seed=12)))) != name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 99),
        ("notes", [[0, 1, 200, 80, 0]]),
        ("notes", [[0, 1, 60, 80, 7]]),
        ("notes", [[-1, 1, 60, 80, 0]]),
        ("notes", [[float("nan"), 1, 60, 80, 0]]),
        ("notes", [[0, 1, 60]]),
        ("notes", 5),
        ("tracks", [["x", 128]]),
        ("tempos", []),
        ("tempos", [[0, 0]]),
        ("metres", [[1.0, 4, 4]]),
        ("metres", [[0.0, 0, 4]]),
        ("seed", -1),
        ("seed", "one"),
        ("primer_end", float("inf")),
        ("settings", {"bars": -3}),
        ("settings", {"colour": "red"}),
    ],
)
def test_a_file_with_a_wrong_value_is_refused_in_words(field, value):
    data = json.loads(write_take(KEPT)) | {field: value}
    with pytest.raises(TakeError, match="This take"):
        read_take(json.dumps(data))


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[" * 100_000, '{"format": 1}'])
def test_what_is_no_take_is_refused_in_words(text):
    with pytest.raises(TakeError, match="This take"):
        read_take(text)


def test_every_take_of_a_desk_can_be_written():
    desk = Desk().add([Take(tune(), 1, "m")], Origin(ComposingSettings())).trim(1, 4.0, 12.0, "bars 2 to 3")
    assert len({take_id(write_take(kept)) for kept in desk.takes}) == 2
