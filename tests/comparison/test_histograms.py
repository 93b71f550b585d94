import numpy as np
import pytest

from core.comparison.histograms import histograms, overlaps
from core.notes import Piece, as_notes


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
