import numpy as np
import pytest

from core.encoding import JointEncoding
from core.encoding.columns import bounded
from core.encoding.joint import DURATION, GAP, PITCH, VELOCITY
from core.recall import Recall, recalled

DRAWN = (GAP, PITCH, DURATION, VELOCITY)
COLUMNS = JointEncoding.columns


@pytest.fixture
def events(tunes):
    return JointEncoding().encode(tunes[0]).tolist()


@pytest.fixture
def recall(events):
    found = Recall(COLUMNS)
    for event in events[:30]:
        found.hear(event)
    return found


def test_what_may_come_sums_to_one(recall, events):
    for place in DRAWN:
        chances = recall.chances(place, events[30])
        assert chances.sum() == pytest.approx(1)
        assert (chances > 0).all()


def test_the_chance_of_one_is_that_among_all(recall, events):
    for place in DRAWN:
        assert recall.chance(place, events[30]) == pytest.approx(recall.chances(place, events[30])[events[30][place]])


def test_without_a_past_everything_is_equally_likely(events):
    chances = Recall(COLUMNS).chances(PITCH, events[0])
    assert chances == pytest.approx(np.full(128, 1 / 128))


def test_what_follows_a_column_has_no_say_in_it(recall, events):
    other = [*events[30][: PITCH + 1], 5, 5]
    assert (recall.chances(PITCH, events[30]) == recall.chances(PITCH, other)).all()


def test_the_longest_passage_that_comes_back_counts_most():
    recall = Recall(COLUMNS)
    theme = [(6, 0, pitch, 6, 10) for pitch in (60, 64, 62, 60, 64, 65, 67, 60, 64, 62)]
    for event in (*theme, *theme[:6]):
        recall.hear(event)
    assert recall.chances(PITCH, theme[6]).argmax() == 67  # after 64 65, though 60 and 64 are the commonest


def test_a_past_without_end_does_not_fill_the_memory(recall, events, monkeypatch):
    monkeypatch.setattr("core.recall._MOST_NOTES", 31)
    recall.hear(events[30])
    many = recall.chances(PITCH, events[31])
    recall.hear(events[31])
    one = recall.chances(PITCH, events[32])
    assert (many > many.min()).sum() > 1
    assert (one > one.min()).sum() == 1


def test_a_boundary_clears_the_past(tunes):
    sheets = [bounded(JointEncoding().sheet(tune), COLUMNS) for tune in tunes[:2]]
    both = np.concatenate([sheets[0][:-1], sheets[1]])[:, None, : len(COLUMNS)]
    alone = sheets[1][:, None, : len(COLUMNS)]
    together = recalled(COLUMNS, both)[:, len(sheets[0]) - 1 :]
    assert (together == recalled(COLUMNS, alone)).all()
