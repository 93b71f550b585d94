import numpy as np
import pytest

from core.encoding import JointEncoding
from core.encoding.columns import with_boundaries
from core.encoding.joint import DURATION, GAP, PITCH, VELOCITY
from core.ppm.predictor import Predictor, sequence_probabilities

DRAWN = (GAP, PITCH, DURATION, VELOCITY)
COLUMNS = JointEncoding.columns


@pytest.fixture
def events(tunes):
    return JointEncoding().encode(tunes[0]).tolist()


@pytest.fixture
def predictor(events):
    found = Predictor(COLUMNS)
    for event in events[:30]:
        found.update(event)
    return found


def test_what_may_come_sums_to_one(predictor, events):
    for column in DRAWN:
        chances = predictor.probabilities(column, events[30])
        assert chances.sum() == pytest.approx(1)
        assert (chances > 0).all()


def test_the_probability_of_one_is_that_among_all(predictor, events):
    event = events[30]
    for column in DRAWN:
        among_all = predictor.probabilities(column, event)[event[column]]
        assert predictor.probability(column, event) == pytest.approx(among_all)


def test_without_a_past_everything_is_equally_likely(events):
    chances = Predictor(COLUMNS).probabilities(PITCH, events[0])
    assert chances == pytest.approx(np.full(128, 1 / 128))


@pytest.mark.parametrize("column", DRAWN)
def test_neither_a_column_nor_what_follows_it_has_a_say_in_it(predictor, events, column):
    for event in events[5:30]:  # heard before, so that every context is known
        other = [*event[:column], *((token + 1) % 12 for token in event[column:])]
        assert (predictor.probabilities(column, event) == predictor.probabilities(column, other)).all()


def test_the_longest_passage_that_comes_back_counts_most():
    predictor = Predictor(COLUMNS)
    theme = [(6, 0, pitch, 6, 10) for pitch in (60, 62, 65, 61, 62, 64, 63, 62, 64)]
    for event in (*theme, *theme, *theme[:2]):
        predictor.update(event)
    assert predictor.probabilities(PITCH, theme[2]).argmax() == 65  # after 60 62, though 64 follows 62 more often


def test_a_past_without_end_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("core.ppm.predictor._GENERATION", 20)
    predictor = Predictor(COLUMNS)
    heard = []
    for pitch in range(50):
        predictor.update((6, 0, pitch, 6, 10))
        chances = predictor.probabilities(PITCH, (6, 0, 0, 0, 0))
        heard.append(int((chances > chances.min()).sum()))
    assert heard[:40] == list(range(1, 41))
    assert heard[40:] == list(range(21, 31))  # the oldest twenty are gone


def test_a_boundary_clears_the_past(tunes):
    sheets = [with_boundaries(JointEncoding().inputs(tune), COLUMNS) for tune in tunes[:2]]
    both = np.concatenate([sheets[0][:-1], sheets[1]])[:, None, : len(COLUMNS)]
    alone = sheets[1][:, None, : len(COLUMNS)]
    together = sequence_probabilities(COLUMNS, both)[:, len(sheets[0]) - 1 :]
    assert (together == sequence_probabilities(COLUMNS, alone)).all()
