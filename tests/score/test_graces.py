from core.notes import as_notes
from core.score.graces import are_graces


def graces(*rows):
    return are_graces(as_notes([(*row, 60, 80, 0) for row in rows])).tolist()


def test_a_note_struck_just_before_the_next_is_a_grace_note():
    assert graces((0.0, 0.95), (0.945, 0.055), (1.0, 1.0)) == [False, True, False]


def test_several_may_follow_one_another():
    assert graces((0.89, 0.05), (0.945, 0.05), (1.0, 1.0)) == [True, True, False]


def test_a_64th_has_its_own_time():
    assert graces((0.0, 0.0625), (0.0625, 0.0625), (0.125, 1.0)) == [False, False, False]


def test_a_broken_chord_is_none():
    assert graces((0.0, 1.0), (0.05, 1.0)) == [False, False]


def test_the_last_note_is_none():
    assert graces(
        (0.0, 0.05),
    ) == [False]
