from pathlib import Path

import numpy as np
import pytest

from benchmarks import distances, primers, report
from benchmarks import tables as telling
from benchmarks.similarity import (
    histograms,
    known,
    longest_copy,
    longest_hammering,
    longest_repetition,
    motifs,
    overlaps,
)
from core.notes import Piece, as_notes, clip, transpose


def line(pitches):
    return Piece(as_notes([(at * 1.0, 1.0, pitch, 80, 0) for at, pitch in enumerate(pitches)]))


def test_a_copy_in_another_key_is_a_copy(tunes):
    copy = transpose(tunes[0], 3)
    assert longest_copy(copy, tunes) == len(copy.notes)
    assert longest_copy(clip(copy, 8.0, 16.0), tunes) == len(clip(copy, 8.0, 16.0).notes)
    assert known(copy, [motifs(tunes[0], 8)], 8) == 1.0


def test_what_is_new_is_not_a_copy():
    walk = line(np.random.default_rng(0).integers(40, 80, 50).tolist())
    assert longest_copy(walk, [line([60, 61] * 20)]) <= 3
    assert known(walk, [motifs(line([60, 61] * 20), 4)], 4) == 0.0


def test_repeated_pitches_and_bars_are_counted():
    assert longest_hammering(line([60, 62, 62, 62, 60])) == 3
    assert longest_repetition(line([60, 62, 64, 65] * 3 + [67, 67, 67, 67])) == 3


def test_music_is_most_like_itself(tunes, waltz):
    own, other = histograms(tunes), histograms([waltz])
    assert list(overlaps(own, own).values()) == pytest.approx([1.0] * 5)
    assert all(0 <= area < 1 for area in overlaps(own, other).values())


def test_the_same_distances_agree_and_others_do_not():
    random = np.random.default_rng(0)
    one, same, far = random.normal(1, 0.1, 400), random.normal(1, 0.1, 400), random.normal(3, 0.1, 400)
    area, bits = distances.agreement(one, same)
    assert area > 0.9
    assert 0 <= bits < 0.05
    area, bits = distances.agreement(one, far)
    assert area < 0.01
    assert bits > 5
    assert distances.agreement(np.zeros(9), np.zeros(9)) == pytest.approx((1, 0), abs=1e-6)


def test_music_of_one_kind_is_nearer_than_other_music_and_than_one_piece_many_times():
    random = np.random.default_rng(0)
    kind, fresh = ([histograms([line(random.choice([60, 62, 64, 67, 69], 40))]) for _ in range(30)] for _ in range(2))
    other = [histograms([line(random.choice([61, 63, 66, 68, 70], 40))]) for _ in range(30)]
    style = distances.Style(kind)
    near, strange, dull = (style.compare(each)["pitch class"] for each in (fresh, other, kind[:1] * 30))
    assert near[0] > dull[0] > strange[0]
    assert near[1] < dull[1] < strange[1]


def test_distances_are_those_of_all_pairs():
    rows = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
    assert distances.within(rows).tolist() == pytest.approx([5, 1, 18**0.5])
    assert distances.between(rows[:1], rows).tolist() == [[0, 5, 1]]


def test_what_follows_a_passage_is_what_really_follows():
    long, short = line(range(40, 80)), line(range(40, 60))
    ((heard, rest),) = primers.parts([long, short])
    assert heard.notes["pitch"].tolist() == list(range(40, 72))
    assert rest.notes["pitch"].tolist() == list(range(72, 80))


@pytest.mark.parametrize("right", [True, False])
def test_going_on_is_compared_with_what_follows(model, tunes, monkeypatch, right):
    piece = line(range(30, 90))
    ((heard, rest),) = primers.parts([piece])
    monkeypatch.setattr(primers, "gone_on", lambda *_: [rest if right else clip(heard, 0.0, 5.0)])
    found = primers.describe(model, tunes, [piece], takes=1)
    assert (found["like the rest"] == pytest.approx(1, abs=0.02)) is right
    assert found["empty"] == 0


def test_short_pieces_have_nothing_to_go_on_from(model, tunes):
    assert primers.describe(model, tunes, [line(range(30, 40))], takes=1) == {}


def test_the_results_are_those_that_are_kept(monkeypatch, tmp_path):
    written = Path(report.HERE / "RESULTS.md").read_text(encoding="utf-8")
    monkeypatch.setattr(report, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(telling, "PICTURES", tmp_path)
    report.write()
    assert (tmp_path / "RESULTS.md").read_text(encoding="utf-8") == written
