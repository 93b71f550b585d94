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


def chained(*counts, ids=128):
    """Return p of the formula for (times that the token followed, times that any did) from short contexts to long."""
    p = 1 / ids
    for own, every in counts:
        p = (own + p) / (every + 1)
    return pytest.approx(p)


@pytest.mark.parametrize(
    ("alike", "lengths"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (7, 3), (8, 4), (9, 4), (12, 4)]
)
def test_contexts_are_of_one_two_four_and_eight_notes(alike, lengths):
    """After twelve notes comes 70; after others, of which the last ones are alike, it is expected again."""
    first = list(range(20, 32))
    second = [*range(40, 52 - alike), *first[12 - alike :]]
    predictor = Predictor(COLUMNS)
    for pitch in (*first, 70, *second):
        predictor.update((6, 0, pitch, 6, 10))
    near = 2 if alike else 0  # the pitch before and the gap, without and with the place in the bar
    assert predictor.probability(PITCH, (6, 0, 70, 6, 10)) == chained((1, 25), *[(1, 1)] * (near + lengths))


def test_a_note_is_expected_after_the_same_gap_and_most_at_the_same_place_in_the_bar():
    predictor = Predictor(COLUMNS)
    for event in ((6, 0, 60, 6, 10), (6, 12, 62, 6, 10), (6, 0, 60, 6, 10)):
        predictor.update(event)
    assert predictor.probability(PITCH, (6, 12, 62, 6, 10)) == chained((1, 3), *[(1, 1)] * 3)
    assert predictor.probability(PITCH, (6, 24, 62, 6, 10)) == chained((1, 3), *[(1, 1)] * 2)
    assert predictor.probability(PITCH, (5, 12, 62, 6, 10)) == chained((1, 3))


def test_a_gap_is_expected_after_the_gap_before_and_most_at_the_same_place_in_the_bar():
    predictor = Predictor(COLUMNS)
    for event in ((6, 0, 60, 6, 10), (3, 12, 62, 6, 10), (6, 0, 61, 6, 10)):
        predictor.update(event)
    ids = COLUMNS[GAP].outputs
    assert predictor.probability(GAP, (3, 0, 0, 0, 0)) == chained((1, 3), (1, 1), (1, 1), ids=ids)
    predictor.update((6, 24, 63, 6, 10))
    assert predictor.probability(GAP, (3, 0, 0, 0, 0)) == chained((1, 4), (1, 2), ids=ids)


def test_a_context_is_made_of_gaps_pitches_and_lengths_and_not_of_loudness():
    def after(*event):
        predictor = Predictor(COLUMNS)
        for each in ((6, 0, 60, 6, 10), (6, 12, 62, 6, 10), event):
            predictor.update(each)
        return predictor.probability(PITCH, (6, 36, 62, 6, 10))

    same = after(6, 24, 60, 6, 10)
    assert after(6, 24, 60, 6, 3) == same
    assert after(6, 24, 60, 7, 10) < same
    assert after(5, 24, 60, 6, 10) < same


def test_the_two_last_generations_count_together(monkeypatch):
    monkeypatch.setattr("core.ppm.predictor._GENERATION", 3)
    predictor = Predictor(COLUMNS)
    for pitch in (60, 60, 61, 60, 62):
        predictor.update((6, 0, pitch, 6, 10))
    assert predictor.probability(PITCH, (9, 0, 60, 6, 10)) == chained((3, 5))


def test_where_nothing_is_predicted_nothing_is_paid():
    events = with_boundaries(np.array([[6, 0, 60, 6, 10]] * 3), COLUMNS)[:, None]
    found = sequence_probabilities(COLUMNS, events)
    assert found.shape == (len(DRAWN), 4, 1)
    assert (found[1:, -1] == 1).all()  # only the gap can say that a piece ends
    assert 0 < found[0, -1] < 1
    assert found[:, 0, 0] == pytest.approx([1 / COLUMNS[column].outputs for column in DRAWN])
