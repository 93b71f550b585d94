from core.corpus.voices import parallel_moves
from core.notes import Piece, as_notes


def chords(*pitches, length=1.0):
    return Piece(as_notes([(at * length, length, p, 80, 0) for at, chord in enumerate(pitches) for p in chord]))


def test_fifths_and_octaves_that_move_together_are_counted():
    assert parallel_moves([chords((48, 55, 64, 72), (50, 57, 65, 74))]) == (2, 1)


def test_voices_that_stay_or_part_are_not():
    assert parallel_moves([chords((48, 55, 64, 72), (48, 55, 65, 72))]) == (0, 1)
    assert parallel_moves([chords((48, 55, 64, 72), (47, 55, 62, 74))]) == (0, 1)


def test_thirds_may_be_parallel():
    assert parallel_moves([chords((48, 57, 64, 68), (49, 59, 62, 66))]) == (0, 1)


def test_a_note_that_is_held_keeps_its_voice():
    rows = [(0, 2, 48, 80, 0), (0, 1, 55, 80, 0), (0, 1, 64, 80, 0), (0, 1, 72, 80, 0)]
    rows += [(1, 1, 53, 80, 0), (1, 1, 62, 80, 0), (1, 1, 69, 80, 0)]
    assert parallel_moves([Piece(as_notes(rows))]) == (0, 1)


def test_only_moves_of_four_voices_count():
    assert parallel_moves([chords((48, 55, 64), (50, 57, 65)), chords((48, 55, 64, 72))]) == (0, 0)
