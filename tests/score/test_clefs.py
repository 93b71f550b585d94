import pytest

from core.score.clefs import choose_clefs


@pytest.mark.parametrize(
    ("program", "pitches", "clef"),
    [
        (40, (67, 74), "treble"),
        (42, (43, 50), "bass"),
        (41, (55, 62), "alto"),
        (24, (45, 64), "treble8vb"),
        (33, (28, 40), "bass8vb"),
        (43, (28, 40), "bass8vb"),
        (52, (55, 64), "treble8vb"),
        (52, (67, 76), "treble"),
    ],
)
def test_instruments_have_the_clef_that_they_read(program, pitches, clef):
    assert choose_clefs([pitches] * 3, program) == [clef] * 3


def test_the_clef_changes_where_music_stays_far_away():
    assert choose_clefs([(48,) * 4] * 3 + [(79,) * 4] * 3, 0) == ["bass"] * 3 + ["treble"] * 3


def test_one_note_far_away_changes_no_clef():
    assert choose_clefs([(48,) * 4, (48, 48, 48, 70), (48,) * 4], 0) == ["bass"] * 3


def test_ledger_lines_count_places_on_the_staff_do_not():
    assert choose_clefs([(64, 64, 64, 36)], 0) == ["bass"]


def test_the_left_hand_reads_bass_if_it_can():
    middle = [(60, 62)] * 4
    assert choose_clefs(middle, 0, "bass") == ["bass"] * 4
    assert choose_clefs(middle, 0, "treble") == ["treble"] * 4
    assert choose_clefs([(76, 79)] * 4, 0, "bass") == ["treble"] * 4


def test_a_silent_staff_has_its_own_clef():
    assert choose_clefs([(), ()], 0, "treble") == ["treble"] * 2
