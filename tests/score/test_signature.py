from fractions import Fraction

import pytest

from core.notes import Metre
from core.score.barring import Bar
from core.score.signature import signatures_of
from core.score.spelling import Spelling, read_key

COMMON = Metre(0.0, 4, 4)


def scale(sharp="", flat=""):
    return [Spelling(letter, (letter in sharp) - (letter in flat), 4) for letter in "CDEFGAB"]


def signatures(*bars, key):
    """Return the signatures of bars with the given notes."""
    onsets = [4.0 * number for number, notes in enumerate(bars) for _ in notes]
    lines = [Bar(number, Fraction(4 * number), Fraction(4), COMMON) for number in range(len(bars))]
    return signatures_of(onsets, [note for notes in bars for note in notes], lines, read_key(key))


@pytest.mark.parametrize(("notes", "sharps"), [(scale(), 0), (scale(sharp="FC"), 2), (scale(flat="BEAD"), -4)])
@pytest.mark.parametrize("key", ["C major", "G major", "E♭ major"])
def test_a_signature_that_leaves_no_accidentals_is_taken_whatever_the_key(notes, sharps, key):
    assert signatures(notes, key=key) == [sharps]


def test_the_key_decides_where_others_are_hardly_better():
    assert signatures([*scale() * 20, *scale(sharp="F") * 21], key="C major") == [0]
    assert signatures([*scale() * 5, *scale(sharp="F") * 20], key="C major") == [1]


def test_the_nearest_of_equal_signatures_is_taken():
    pentatonic = [Spelling(letter, 0, 4) for letter in "CDEGA"]
    assert signatures(pentatonic, key="F major") == [-1]
    assert signatures(pentatonic, key="A major") == [1]


def test_a_passage_in_another_key_changes_it_if_it_is_long():
    home, away = scale() * 2, scale(sharp="FCG") * 2
    assert signatures(*[home] * 4, *[away] * 8, key="C major") == [0] * 4 + [3] * 8
    assert signatures(*[home] * 4, *[away] * 3, *[home] * 4, key="C major") == [0] * 11
