import numpy as np

from core.encoding import ClassicEncoding, JointEncoding
from core.encoding.columns import Column, boundary_row, with_boundaries

COLUMNS = (Column("gap", 10, ends=True), Column("pitch", 20))


def test_the_highest_id_is_the_boundary_and_the_one_below_it_may_be_the_unknown():
    assert (COLUMNS[0].boundary, COLUMNS[0].unknown) == (9, 8)


def test_only_the_column_that_ends_a_piece_may_predict_its_boundary():
    assert (COLUMNS[0].outputs, COLUMNS[1].outputs) == (10, 19)


def test_unless_said_a_column_is_drawn_ends_nothing_and_knows_everything():
    assert (COLUMNS[1].drawn, COLUMNS[1].ends, COLUMNS[1].unseen) == (True, False, 0)


def test_a_boundary_is_silent():
    assert boundary_row(COLUMNS).tolist() == [[9, 19]]
    assert boundary_row(COLUMNS, 3).tolist() == [[9, 19, 0, 0, 0]]
    assert with_boundaries(np.array([[1, 2, 7]], dtype=np.int16), COLUMNS).tolist() == [
        [9, 19, 0],
        [1, 2, 7],
        [9, 19, 0],
    ]
    assert with_boundaries(np.array([[1, 2]], dtype=np.int16), COLUMNS).dtype == np.int16


def test_what_the_networks_of_the_families_read_and_draw():
    joint, classic = JointEncoding, ClassicEncoding([0, 12], [(60,), (62,), (60, 64)], (0.1, 0.2))
    assert [(column.name, column.size, column.drawn, column.ends) for column in joint.columns] == [
        ("gap", 130, True, True),
        ("position", 98, False, False),
        ("pitch", 129, True, False),
        ("duration", 130, True, False),
        ("velocity", 17, True, False),
    ]
    assert classic.columns == (Column("gap", 4, ends=True, unseen=0.1), Column("chord", 5, unseen=0.2))
    assert (joint.networks, classic.networks) == (((0, 1, 2, 3, 4),), ((0,), (1,)))
    assert (joint.context, joint.context_codes, joint.context_columns) == (152, 3, (2, 3, 4))
    assert (classic.context, classic.context_codes, classic.context_columns) == (0, 0, ())
    assert (joint.family, joint.supports_ppm, classic.family, classic.supports_ppm) == ("joint", True, "classic", False)


def test_gaps_have_their_length_in_ticks_and_what_is_no_gap_has_none():
    assert ClassicEncoding([0, 12], [(60,)], (0.1, 0.2)).gap_ticks.tolist() == [0, 12, 0, 0]
    assert JointEncoding.gap_ticks[[0, 1, 47, 48, 49, -2, -1]].tolist() == [0, 1, 47, 48, 50, 1536, 0]
