"""Attack and load, in short; `python -m benchmarks.soak` does it at length."""

import random

import pytest

from benchmarks import damage, soak
from core.models.file import write_file

OUTCOMES = ("read", "refused", "composes")


def test_damaged_files_are_read_or_refused():
    found = damage.damage(100, 20)
    assert {name for each in found.values() for name in each} <= {*OUTCOMES, "longest", "memory"}
    assert [sum(each.get(name, 0) for name in OUTCOMES) for each in found.values()] == [100, 100, 20, 20]
    assert found["forged model"]["composes"] > 0
    assert found["midi"]["read"] > 50 and found["zip"]["refused"] > 5


def test_what_is_neither_read_nor_refused_is_a_fault():
    def read(data):
        raise KeyError

    assert damage.outcomes(b"data" * 100, 3, damage.changed, read)["fault: KeyError"] == 3


@pytest.mark.parametrize("family", ["joint"], indirect=True)
def test_a_forged_model_is_another_with_a_checksum_that_is_right(model):
    data, rng = write_file(model), random.Random(2)
    files = [damage.forged(data, rng) for _ in range(10)]
    assert data not in files
    assert not any("belong together" in reason_of(file) for file in files)


def reason_of(file):
    try:
        damage.read_file(file)
    except damage.ModelError as error:
        return str(error)
    return ""


def test_long_pieces_are_as_long_as_sound_is_made_of_at_most():
    one, other = soak.long_piece(0), soak.long_piece(1)
    assert 12 * 60 < one.seconds < 15 * 60
    assert (other.notes["pitch"] - one.notes["pitch"]).tolist() == [1] * len(one.notes)


def test_memory_is_held_where_it_can_be_and_else_it_is_said(monkeypatch, capsys):
    monkeypatch.setattr(soak.Path, "mkdir", lambda path: (_ for _ in ()).throw(PermissionError("not allowed")))
    with soak.limited(soak.psutil.Process(), 1) as limit:
        assert limit is None
    assert "cannot be limited" in capsys.readouterr().out
