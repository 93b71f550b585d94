import pytest

from benchmarks.learning import means, measure, measure_model, ngrams, settings_of
from core.config import BASE, NOTHING
from core.models.base import BASE_MODEL, base_model
from core.training.batches import Split
from core.training.evaluation import evaluate


@pytest.fixture
def parts(corpus):
    return Split(corpus.select([0, 1, 2]), corpus.select([3]))


def test_ways_differ_by_start_time_and_family():
    ways = settings_of("jsb", 0, 60.0)
    assert {name: (each.start, each.seconds, each.family, each.seed) for name, each in ways.items()} == {
        "start 20": (BASE, 20.0, "joint", 0),
        "start 60": (BASE, 60.0, "joint", 0),
        "nothing": (NOTHING, 60.0, "joint", 0),
        "classic": (NOTHING, 60.0, "classic", 0),
    }
    assert list(settings_of("solo", 1, 60.0)) == ["start 20", "start 60"]
    assert {each.seed for each in settings_of("solo", 1, 60.0).values()} == {1}


def test_ngram_is_never_worse_than_the_unigram(parts):
    found = ngrams(parts)
    assert found["ngram"]["bits_per_note"] < found["unigram"]["bits_per_note"]
    for row in found.values():
        assert row["bits_per_note"] == pytest.approx(row["gap"] + row["pitch"] + row["duration"])
    assert found["ngram"]["order"] > 1


def test_model_is_measured_on_what_is_held_out(model, parts, family):
    found, expected = measure_model(model, parts), evaluate(model, parts.held_out.pieces)
    assert found["bits_per_note"] == expected.bits_per_note
    if family == "classic":
        assert "ppm_only" not in found
        assert found["network_only gap and pitch"] == found["network_only"] == found["bits_per_note"]
    else:
        both = expected.network_only["gap"] + expected.network_only["pitch"]
        assert found["network_only gap and pitch"] == pytest.approx(both)
        assert found["network_only"] == pytest.approx(both + expected.network_only["duration"])
        assert found["ppm_only"] < found["network_only"]


def test_means_are_over_the_seeds_that_have_a_number():
    runs = [{"nothing": {"gap": 1.0, "pitch": 2.0}, "classic": {"gap": 5.0}}, {"nothing": {"gap": 2.0}}]
    assert means(runs) == {"nothing": {"gap": 1.5, "pitch": 2.0}, "classic": {"gap": 5.0}}


def test_the_base_as_it_is_stands_beside_what_was_learned(parts):
    found = measure("tunes", parts, 1, 60.0, BASE_MODEL, ["start 0"])
    assert found == {"start 0": measure_model(base_model(), parts)}
