from itertools import pairwise

import numpy as np
import pytest

from core.encoding import JointEncoding
from core.encoding.columns import with_boundaries
from core.encoding.joint import DURATION, GAP, PITCH, VELOCITY
from core.ppm.predictor import both_ways
from core.ppm.sequence import sequence_predictions

DRAWN = (GAP, PITCH, DURATION, VELOCITY)
COLUMNS = JointEncoding.columns


def sheet(piece):
    return with_boundaries(JointEncoding().encode(piece), COLUMNS)


def one_by_one(events):
    """What the predictors say of each event of a piece, one after the other."""
    predictors = both_ways(COLUMNS)
    for before, after in pairwise(events.tolist()):
        if before[0] != COLUMNS[0].boundary:
            for predictor in predictors:
                predictor.update(before)
        drawn = [column for column in DRAWN if after[column] < COLUMNS[column].outputs]
        yield [[(each.predict(column, after), after[column]) for column in drawn] for each in predictors]


@pytest.mark.parametrize("generation", [5_000, 23])
def test_it_is_what_the_predictors_say_one_event_after_the_other(tunes, waltz, monkeypatch, generation):
    monkeypatch.setattr("core.ppm.contexts.GENERATION", generation)
    for piece in (tunes[0], waltz):
        events = sheet(piece)
        found = sequence_predictions(COLUMNS, events[:, None])
        for step, ways in enumerate(one_by_one(events)):
            for way, columns in enumerate(ways):
                for row, ((probabilities, order), token) in enumerate(columns):
                    assert found.probabilities[way, row, step, 0] == pytest.approx(probabilities[token])
                    assert found.orders[way, row, step, 0] == order


def test_a_boundary_clears_the_past_and_lanes_know_nothing_of_each_other(tunes):
    first, second = sheet(tunes[0]), sheet(tunes[1])
    both = np.concatenate([first[:-1], second])
    alone = np.concatenate([second, np.repeat(second[-1:], len(both) - len(second), axis=0)])
    found = sequence_predictions(COLUMNS, np.stack([both, alone], axis=1))
    for each in found:
        assert (each[:, :, len(first) - 1 :, 0] == each[:, :, : len(second) - 1, 1]).all()


def test_where_nothing_is_predicted_nothing_is_paid():
    events = with_boundaries(np.array([[6, 0, 60, 6, 10]] * 3), COLUMNS)[:, None]
    found = sequence_predictions(COLUMNS, np.concatenate([events, events[-1:], events[-1:]])).probabilities
    assert found.shape == (2, len(DRAWN), 6, 1)
    assert (found[:, 1:, 3] == 1).all()  # only the gap can say that a piece ends
    assert (found[:, 0, 3] < 1).all()
    assert (found[:, :, 4:] == 1).all()
    assert found[0, :, 0, 0] == pytest.approx([1 / COLUMNS[column].outputs for column in DRAWN])


def test_a_lane_without_a_piece_is_left_alone():
    empty = with_boundaries(np.zeros((0, 5), dtype=int), COLUMNS)[:, None]
    assert (sequence_predictions(COLUMNS, empty).probabilities == 1).all()
