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


@pytest.mark.parametrize("place", DRAWN)
def test_neither_a_column_nor_what_follows_it_has_a_say_in_it(recall, events, place):
    for event in events[5:30]:  # heard before, so that every context is known
        other = [*event[:place], *((token + 1) % 12 for token in event[place:])]
        assert (recall.chances(place, event) == recall.chances(place, other)).all()


def test_the_longest_passage_that_comes_back_counts_most():
    recall = Recall(COLUMNS)
    theme = [(6, 0, pitch, 6, 10) for pitch in (60, 62, 65, 61, 62, 64, 63, 62, 64)]
    for event in (*theme, *theme, *theme[:2]):
        recall.hear(event)
    assert recall.chances(PITCH, theme[2]).argmax() == 65  # after 60 62, though 64 follows 62 more often


def test_a_past_without_end_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("core.recall._GENERATION", 20)
    recall = Recall(COLUMNS)
    heard = []
    for pitch in range(50):
        recall.hear((6, 0, pitch, 6, 10))
        chances = recall.chances(PITCH, (6, 0, 0, 0, 0))
        heard.append(int((chances > chances.min()).sum()))
    assert heard[:40] == list(range(1, 41))
    assert heard[40:] == list(range(21, 31))  # the oldest twenty are gone


def test_a_boundary_clears_the_past(tunes):
    sheets = [bounded(JointEncoding().sheet(tune), COLUMNS) for tune in tunes[:2]]
    both = np.concatenate([sheets[0][:-1], sheets[1]])[:, None, : len(COLUMNS)]
    alone = sheets[1][:, None, : len(COLUMNS)]
    together = recalled(COLUMNS, both)[:, len(sheets[0]) - 1 :]
    assert (together == recalled(COLUMNS, alone)).all()
