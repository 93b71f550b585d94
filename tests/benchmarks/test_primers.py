from dataclasses import replace

import pytest

from benchmarks.primers import continuations, means, measure_continuation, measure_joint, primers_of
from core.comparison.histograms import histograms
from core.corpus.keys import outside_share
from core.notes import Metre, Piece, Tempo, as_notes, transpose
from tests.benchmarks.conftest import line


def test_rest_is_what_follows_the_primer():
    long, short = line(range(20, 127)), line(range(40, 60))
    ((primer, rest),) = primers_of([long, short])
    assert primer.notes["pitch"].tolist() == list(range(20, 52))
    assert rest.notes["pitch"].tolist() == list(range(52, 116))
    assert rest.notes["onset"][0] == 0.0


def test_primer_begins_with_the_first_whole_bar():
    piece = line(range(20, 120), (Metre(0.0, 1, 4), Metre(1.0, 3, 4)))
    (primer, rest), *_ = primers_of([piece])
    assert primer.notes["pitch"].tolist() == list(range(21, 45))
    assert rest.notes["pitch"].tolist() == list(range(45, 93))


def test_a_long_piece_has_later_primers_too():
    starts = [primer.notes["pitch"][0] for primer, _ in primers_of([line(range(40))])]
    assert starts == [0]
    bars = [bar for bar in range(40) for _ in range(4)]  # the pitch is the bar, from 0
    assert [primer.notes["pitch"][0] for primer, _ in primers_of([line(bars)])] == [0, 8, 16]
    found = list(primers_of([line([bar % 128 for bar in range(200) for _ in range(4)])]))
    assert [primer.notes["pitch"][0] for primer, _ in found] == [0, 8, 16, 24]
    assert all(len(rest.notes) == 64 for _, rest in found)


@pytest.mark.parametrize("use_ppm", [True, False])
def test_continuations_hold_only_new_music(model, tunes, use_ppm):
    found = continuations(model, tunes[0], 3, use_ppm)
    assert len(found) == 3
    assert all(piece.notes["onset"].min() >= 0 and piece.end <= 68 for piece in found if len(piece.notes))


@pytest.mark.parametrize("family", ["joint"])
def test_ppm_changes_the_continuations(model, tunes):
    with_ppm, without = (continuations(model, tunes[0], 1, use_ppm)[0] for use_ppm in (True, False))
    assert with_ppm.notes["pitch"].tolist() != without.notes["pitch"].tolist()


def test_continuation_is_compared_with_what_follows(tunes, waltz):
    corpus = histograms(tunes)
    right, wrong = (measure_continuation(new, tunes[1], corpus) for new in (tunes[1], waltz))
    assert right["overlap with the rest"] == pytest.approx(1.0)
    assert wrong["overlap with the rest"] < right["overlap with the corpus"] < 1.0
    assert right["empty"] == 0.0
    assert wrong["longest repetition"] == 8.0


def test_empty_continuation_overlaps_with_nothing(tunes):
    found = measure_continuation(Piece(as_notes([])), tunes[0], histograms(tunes))
    assert list(found.values()) == [0.0, 0.0, 0.0, 1.0]


def test_what_is_kept_of_a_primer(tunes):
    primer = tunes[0]
    assert measure_joint(primer, primer, primer) == {
        "tempo kept": 1.0,
        "loudness": 0.0,
        "key kept": 1.0,
        "key kept, real": 1.0,
        "outside": outside_share([primer]),
        "outside, real": outside_share([primer]),
    }
    other = replace(transpose(primer, 1), tempos=(Tempo(0.0, 90.0),))
    found = measure_joint(other, primer, primer)
    assert (found["tempo kept"], found["key kept"], found["key kept, real"]) == (0.0, 0.0, 1.0)
    empty = measure_joint(Piece(as_notes([])), primer, primer)
    assert list(empty) == list(found)
    assert not any(empty.values())


def test_means_are_those_of_each_measure():
    assert means([{"a": 1.0, "b": 0.0}, {"a": 2.0, "b": 1.0}]) == {"a": 1.5, "b": 0.5}
    assert means([]) == {}
