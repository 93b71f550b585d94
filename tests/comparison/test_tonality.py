import pytest

from core.comparison.tonality import fifths_between, key_distance, last_note, outside_key
from core.corpus.keys import ends_on_tonic, key_number
from core.notes import Piece, as_notes
from tests.benchmarks.conftest import line

C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]
A_MINOR = [57, 59, 60, 62, 64, 65, 68, 69, 64, 60, 57]


def test_keys_are_found():
    assert key_number(line(C_MAJOR).notes) == 0
    assert key_number(line([pitch + 2 for pitch in C_MAJOR]).notes) == 2
    assert key_number(line(A_MINOR).notes) == 12 + 9


def test_notes_outside_the_scale_are_counted():
    assert outside_key(line(C_MAJOR)) == outside_key(line(A_MINOR)) == 0
    assert outside_key(line([*C_MAJOR, 61])) == pytest.approx(1 / 12)


def test_relatives_are_one_and_neighbours_a_fifth_apart():
    assert [fifths_between(0, other) for other in (0, 12 + 9, 7, 5, 6, 12 + 4)] == [0, 0, 1, 1, 6, 1]


def test_a_piece_that_leaves_its_key_is_farther_from_it():
    home = C_MAJOR[:8] * 8
    assert key_distance(line(home)) == 0
    assert key_distance(line([*home, *(pitch + 7 for pitch in C_MAJOR[:8] * 2)])) == pytest.approx(1 / 5)
    assert key_distance(line(C_MAJOR[:5])) is None


def test_the_bass_at_the_end_counts_though_it_began_before():
    end = [(11, 2, 67, 80, 0), (11.0, 2, 48, 80, 0), (12, 1, 64, 80, 0)]
    assert ends_on_tonic(as_notes([*line(C_MAJOR).notes.tolist(), *end]))
    assert not ends_on_tonic(line([*C_MAJOR, 62]).notes)


def test_the_last_note_lasts_to_the_end():
    assert last_note(Piece(as_notes([(0, 8, 60, 80, 0), (3, 2, 64, 80, 0)]))) == 5
