import csv

from core.config import BASE, NOTHING, TrainingSettings
from core.models.base import BASE_MODEL, base_fits, base_model, with_possible_start


def test_the_base_model_is_small_and_whole():
    assert BASE_MODEL.stat().st_size < 8_000_000
    assert base_model().record.bits_per_note < 5


def test_it_fits_the_settings_that_people_meet_first():
    assert base_fits(TrainingSettings())
    assert with_possible_start(TrainingSettings()).start == BASE


def test_another_size_or_family_begins_from_nothing():
    assert with_possible_start(TrainingSettings(units=128)).start == NOTHING
    assert with_possible_start(TrainingSettings(family="classic")).start == NOTHING


def test_everything_it_learned_from_may_be_used_freely():
    with BASE_MODEL.with_name("pieces.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) > 1000
    assert all(row["licence"].startswith(("Public Domain", "CC0", "CC BY ")) for row in rows)
