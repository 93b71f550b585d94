import numpy as np
import pytest

from benchmarks.similarity import (
    histograms,
    known,
    longest_copy,
    longest_pitch_run,
    longest_repetition,
    motifs,
    overlaps,
)
from core.notes import Metre, Piece, as_notes, clip, transpose
from tests.benchmarks.conftest import line


def test_a_copy_in_another_key_is_a_copy(tunes):
    copy = transpose(tunes[0], 3)
    assert longest_copy(copy, tunes) == len(copy.notes)
    assert longest_copy(clip(copy, 8.0, 16.0), tunes) == len(clip(copy, 8.0, 16.0).notes)
    assert known(copy, [motifs(tunes[0], 8)], 8) == 1.0


def test_what_is_new_is_not_a_copy():
    walk = line(np.random.default_rng(0).integers(40, 80, 50).tolist())
    assert longest_copy(walk, [line([60, 61] * 20)]) <= 3
    assert known(walk, [motifs(line([60, 61] * 20), 4)], 4) == 0.0
    assert longest_copy(line([60]), [walk]) == 0


def test_a_copy_ends_where_a_piece_of_the_corpus_ends():
    assert longest_copy(line([60, 62, 64, 66, 68]), [line([60, 62, 64]), line([60, 62, 64])]) == 3


@pytest.mark.parametrize("other", [{"duration": 0.5}, {"onset": 1.5}, {"pitch": 63}])
def test_motifs_tell_durations_gaps_and_intervals_apart(other):
    piece = line([60, 62, 64, 65])
    notes = piece.notes.copy()
    for name, value in other.items():
        notes[name][1] = value
    changed = Piece(as_notes(notes))
    assert known(changed, [motifs(piece, 4)], 4) == 0.0
    assert known(changed, [motifs(changed, 4)], 4) == 1.0


def test_half_of_the_motifs_are_known():
    assert known(line([60, 62, 64, 65, 60]), [motifs(line([60, 62, 64, 65]), 4)], 4) == 0.5


def test_too_short_music_has_no_motifs():
    assert known(line([60, 62, 64]), [motifs(line([60, 62, 64, 65]), 4)], 4) is None


def test_the_longest_run_of_one_pitch_is_counted():
    assert longest_pitch_run(line([60, 62, 62, 62, 60])) == 3
    assert longest_pitch_run(line([62, 62])) == 2
    assert longest_pitch_run(line([])) == 0


def test_equal_bars_in_a_row_are_counted():
    bar = [60, 62, 64, 65]
    assert longest_repetition(line(bar * 3 + [67, 67, 67, 67])) == 3
    assert longest_repetition(line([*bar, 67, 67, 67, 67, *bar])) == 1
    assert longest_repetition(line([])) == 0


@pytest.mark.parametrize("field", ["duration", "pitch", "onset"])
def test_bars_differ_by_onset_pitch_and_duration(field):
    piece = line([60, 62, 64, 65] * 2)
    notes = piece.notes.copy()
    notes[field][5] += 0.25 if field != "pitch" else 1
    assert longest_repetition(Piece(as_notes(notes))) == 1


def test_an_empty_bar_parts_equal_bars():
    piece = line([60, 62, 64, 65])
    rows = [(note["onset"] + start, 1.0, note["pitch"], 80, 0) for start in (0.0, 8.0) for note in piece.notes]
    assert longest_repetition(Piece(as_notes(rows))) == 1


def test_bars_follow_the_metres_of_the_piece():
    waltz, march = [60, 62, 64], [60, 62, 64, 65]
    assert longest_repetition(line(waltz * 4, (Metre(0.0, 3, 4),))) == 4
    pickup = (Metre(0.0, 1, 4), Metre(1.0, 4, 4))
    assert longest_repetition(line([67, *march * 3], pickup)) == 3
    changed = (Metre(0.0, 3, 4), Metre(6.0, 4, 4))
    assert longest_repetition(line(waltz * 2 + march * 3, changed)) == 3


def test_music_is_most_like_itself(tunes, waltz):
    own, other = histograms(tunes), histograms([waltz])
    assert list(overlaps(own, own).values()) == pytest.approx([1.0] * 5)
    assert all(0 <= area < 1 for area in overlaps(own, other).values())


def test_histograms_count_what_they_are_named_for():
    rows = [(0.0, 2.0, 60, 80, 0), (0.0, 1.0, 64, 80, 0), (1.0, 1.0, 72, 80, 0)]
    found = histograms([Piece(as_notes(rows))])
    assert {name: {int(bin): float(each[bin]) for bin in np.flatnonzero(each)} for name, each in found.items()} == {
        "pitch class": {0: pytest.approx(2 / 3), 4: pytest.approx(1 / 3)},
        "interval": {128 + 4: 0.5, 128 + 8: 0.5},
        "gap": {24: 1.0},
        "duration": {24: pytest.approx(2 / 3), 48: pytest.approx(1 / 3)},
        "polyphony": {2: 1.0},
    }


def test_nothing_overlaps_with_nothing(tunes):
    empty = histograms([Piece(as_notes([]))])
    assert set(overlaps(empty, histograms(tunes)).values()) == {0.0}
