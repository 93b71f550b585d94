import numpy as np

from core.corpus.loudness import at_levels, levels_of
from core.notes import Piece, as_notes


def piece(*velocities):
    return Piece(as_notes([(at * 1.0, 1.0, 60, velocity, 0) for at, velocity in enumerate(velocities)]))


def test_a_level_is_the_usual_velocity_of_its_step():
    levels = levels_of([piece(80, 80, 87), piece(30)])
    assert [(step, level) for step, level in enumerate(levels) if level] == [(3, 30), (10, 80)]


def test_velocities_move_to_the_level_of_their_step_or_the_nearest_one():
    levels = levels_of([piece(80, 30)])
    assert at_levels(np.array([84, 28, 120, 4], np.uint8), levels).tolist() == [80, 30, 80, 30]


def test_without_levels_velocities_stay():
    assert at_levels(np.array([84, 3]), ()).tolist() == [84, 3]
