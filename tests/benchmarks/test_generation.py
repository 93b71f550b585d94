from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import generation
from benchmarks.generation import CorpusProfile, passages, takes, ways
from core.composing.take import ComposingError
from core.config import BASE, NOTHING, ComposingSettings
from core.notes import Metre, Piece, as_notes
from tests.benchmarks.conftest import line
from tests.conftest import tune


def test_passages_are_thirty_two_whole_bars_four_of_a_piece_at_most():
    found = passages([line([*range(127), *range(1, 127), 1, 2])], 50)
    assert [piece.notes["pitch"].tolist() for piece in found] == [[*range(127), 1], [*range(2, 127), 1, 2]]
    assert len(passages([line([60] * 252)], 50)) == 1
    assert len(passages([line([60] * 128 * 6)], 50)) == 4


def test_short_piece_is_one_passage():
    assert [len(piece.notes) for piece in passages([line([60] * 5)], 50)] == [5]


def test_passages_follow_the_metres():
    pickup = line([*range(1, 127), *range(1, 70)], (Metre(0.0, 1, 4), Metre(1.0, 3, 4)))
    assert [piece.notes["pitch"].tolist() for piece in passages([pickup], 50)] == [
        list(range(2, 98)),
        [*range(98, 127), *range(1, 68)],
    ]


def test_passages_without_notes_are_left_out_and_the_rest_evenly_chosen():
    gap = Piece(as_notes([(bar * 8.0, 1.0, 40 + bar, 80, 0) for bar in range(65) if not 16 <= bar < 32]))
    assert [piece.notes["pitch"][0] for piece in passages([gap], 50)] == [40, 72, 88]
    assert [piece.notes["pitch"][0] for piece in passages([gap], 2)] == [40, 88]


@pytest.fixture
def composed(monkeypatch):
    """Takes that say their seed; that of seed 14 cannot be made. Lists the batches."""
    batches = []

    def compose(model, settings):
        seeds = list(range(settings.seed, settings.seed + settings.variations))
        batches.append(seeds)
        if 14 in seeds:
            raise ComposingError("nothing")
        return [SimpleNamespace(piece=line([seed])) for seed in seeds]

    monkeypatch.setattr(generation, "compose", compose)
    return batches


def test_takes_have_seeds_in_a_row_and_one_that_fails_is_empty(composed):
    found = takes(None, ComposingSettings(seed=3), 23)
    assert [piece.notes["pitch"].tolist() for piece in found] == [[seed] if seed != 14 else [] for seed in range(3, 26)]


def test_only_the_batch_that_failed_is_made_one_by_one(composed):
    takes(None, ComposingSettings(), 23)
    one_by_one = [[seed] for seed in range(10, 20)]
    assert composed == [list(range(10)), list(range(10, 20)), *one_by_one, [20, 21, 22]]


def test_corpus_is_most_like_itself():
    tunes = [tune(first, bars=16) for first in (55, 60, 62, 65)]
    profile = CorpusProfile(tunes)
    own = profile.measure(tunes)
    other = profile.measure([line(np.random.default_rng(0).integers(30, 90, 64).tolist())])
    assert own["copy max"] == len(tunes[0].notes)
    assert own["known 8"] == 1.0
    assert (own["empty"], own["stuck"], own["pieces"]) == (0.0, 0.0, 4)
    for name in ("overlap", "OA", "known 4"):
        assert own[name] > other[name]
    assert own["KLD"] < other["KLD"]


def test_shared_motifs_are_those_of_other_pieces():
    strange = line(np.random.default_rng(0).integers(30, 90, 64).tolist())
    found = CorpusProfile([tune(60, bars=16), tune(62, bars=16), strange]).shared_motifs()
    assert found["known 4"] == pytest.approx(2 / 3, abs=1e-3)


@pytest.mark.parametrize(("pitches", "stuck"), [([60] * 15 + [62, 60], False), ([60] * 17, True)])
def test_takes_are_stuck_where_a_pitch_is_struck_too_often(pitches, stuck):
    profile = CorpusProfile([line([60] * 40), line(range(40, 80))])
    assert profile.measure([line(pitches)])["stuck"] == float(stuck)


@pytest.mark.parametrize(("bars", "stuck"), [(2, False), (3, True)])
def test_takes_are_stuck_where_a_bar_is_repeated_more_often_than_in_the_corpus(bars, stuck):
    profile = CorpusProfile([line([67, 69, 71, 72] * 2), line(range(40, 80))])
    assert profile.measure([line([60, 62, 64, 65] * bars)])["stuck"] == float(stuck)


def test_takes_without_notes_count_as_empty(tunes):
    profile = CorpusProfile(tunes)
    nothing = Piece(as_notes([]))
    assert profile.measure([nothing]) == {"pieces": 1, "empty": 1.0}
    assert profile.measure([tunes[0], nothing])["empty"] == 0.5


def test_ways_change_one_thing_each():
    found = ways(20)
    usual = found["temperature 1.0"]
    assert usual == (BASE, ComposingSettings(bars=20))
    assert found["from nothing"] == (NOTHING, usual[1])
    assert len(set(found.values())) == len(found)
