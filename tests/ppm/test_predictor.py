import numpy as np
import pytest

from core.encoding import JointEncoding
from core.encoding.joint import DURATION, GAP, PITCH, VELOCITY
from core.ppm.contexts import WAYS
from core.ppm.predictor import Predictor, both_ways

DRAWN = (GAP, PITCH, DURATION, VELOCITY)
COLUMNS = JointEncoding.columns


@pytest.fixture
def events(tunes):
    return JointEncoding().encode(tunes[0]).tolist()


@pytest.fixture(params=WAYS, ids=["pitches", "intervals"])
def predictor(request, events):
    return heard(events[:30], Predictor(COLUMNS, request.param))


def heard(events, predictor=None):
    predictor = predictor or Predictor(COLUMNS)
    for event in events:
        predictor.update(event)
    return predictor


def note(pitch, gap=6, position=0, duration=6, velocity=10):
    return (gap, position, pitch, duration, velocity)


def expected(predictor, event, column=PITCH):
    """The probability of the token of an event."""
    return predictor.predict(column, event)[0][event[column]]


def chained(*counts, ids=128):
    """Return p of the formula for (times that the token followed, times that any did, escape) from short to long."""
    p = 1 / ids
    for own, every, escape in counts:
        p = (own + escape * p) / (every + escape)
    return pytest.approx(p)


def test_what_may_come_sums_to_one(predictor, events):
    for column in DRAWN:
        chances, _ = predictor.predict(column, events[30])
        assert chances.shape == (COLUMNS[column].outputs,)
        assert chances.sum() == pytest.approx(1)
        assert (chances > 0).all()


@pytest.mark.parametrize("predictor", both_ways(COLUMNS))
def test_without_a_past_everything_is_equally_likely(predictor):
    chances, order = predictor.predict(PITCH, note(60))
    assert chances == pytest.approx(np.full(128, 1 / 128))
    assert order == 0


@pytest.mark.parametrize("column", DRAWN)
def test_neither_a_column_nor_what_follows_it_has_a_say_in_it(predictor, events, column):
    for event in events[5:30]:  # heard before, so that every context is known
        other = [*event[:column], *((token + 1) % 12 for token in event[column:])]
        assert (predictor.predict(column, event)[0] == predictor.predict(column, other)[0]).all()


def test_the_longest_passage_that_comes_back_counts_most():
    theme = [note(pitch) for pitch in (60, 62, 65, 61, 62, 64, 63, 62, 64)]
    predictor = heard((*theme, *theme, *theme[:2]))
    assert predictor.predict(PITCH, theme[2])[0].argmax() == 65  # after 60 62, though 64 follows 62 more often


def test_by_intervals_a_theme_is_known_in_another_key():
    theme = (60, 64, 62, 67, 65)
    there = [*map(note, theme), *(note(pitch + 5) for pitch in theme[:4])]
    by_pitches, by_intervals = (heard(there, each) for each in both_ways(COLUMNS))
    assert by_intervals.predict(PITCH, note(0))[0].argmax() == theme[4] + 5
    assert by_intervals.predict(PITCH, note(0))[1] == 2  # three intervals come back: two motifs, not four
    assert by_pitches.predict(PITCH, note(0))[1] == 0


def test_by_intervals_what_is_beyond_the_last_pitch_is_left_out():
    predictor = heard(map(note, (60, 70, 60, 70, 60, 120)), Predictor(COLUMNS, by_intervals=True))
    chances, _ = predictor.predict(PITCH, note(0))
    assert 0.3 < chances.sum() < 0.9
    assert chances.argmax() == 110


def test_a_past_without_end_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("core.ppm.contexts.GENERATION", 20)
    predictor = Predictor(COLUMNS)
    known = []
    for pitch in range(50):
        predictor.update(note(pitch))
        chances, _ = predictor.predict(PITCH, note(0))
        known.append(int((chances > chances.min()).sum()))
    assert known[:40] == list(range(1, 41))
    assert known[40:] == list(range(21, 31))  # the oldest twenty are gone


def test_the_two_last_generations_count_together(monkeypatch):
    monkeypatch.setattr("core.ppm.contexts.GENERATION", 3)
    predictor = heard(map(note, (60, 60, 61, 60, 62)))
    assert expected(predictor, note(60, gap=9)) == chained((3, 5, 3))


@pytest.mark.parametrize(
    ("alike", "order"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (15, 4), (16, 5), (20, 5)]
)
def test_contexts_are_of_one_two_four_eight_and_sixteen_notes(alike, order):
    """After twenty notes comes 90; after others, of which the last ones are alike, it is expected again."""
    first = list(range(20, 40))
    second = [*range(50, 70 - alike), *first[20 - alike :]]
    predictor = heard(map(note, (*first, 90, *second)))
    near = [(1, 1, 1)] * (2 if alike else 0)  # the pitch before and the gap, without and with the place in the bar
    motifs = [(1, 1, escape) for escape in (1, 0.5, 0.3, 0.2, 0.1)[:order]]
    different = len({*first, 90, *second})
    assert expected(predictor, note(90)) == chained((1, 41, different), *near, *motifs)
    assert predictor.predict(PITCH, note(90))[1] == order


def test_a_note_is_expected_after_the_same_gap_and_most_at_the_same_place_in_the_bar():
    predictor = heard([note(60), note(62, position=12), note(60)])
    anywhere, here = (1, 3, 2), (1, 1, 1)
    assert expected(predictor, note(62, position=12)) == chained(anywhere, *[here] * 3)
    assert expected(predictor, note(62, position=24)) == chained(anywhere, *[here] * 2)
    assert expected(predictor, note(62, gap=5, position=12)) == chained(anywhere)


def test_a_gap_is_expected_after_the_gap_before_and_most_at_the_same_place_in_the_bar():
    predictor, ids = heard([note(60), note(62, gap=3, position=12), note(61)]), COLUMNS[GAP].outputs
    assert expected(predictor, note(0, gap=3), GAP) == chained((1, 3, 2), (1, 1, 1), (1, 1, 1), ids=ids)
    predictor.update(note(63, position=24))
    assert expected(predictor, note(0, gap=3), GAP) == chained((1, 4, 2), (1, 2, 2), ids=ids)


def test_a_context_is_made_of_gaps_pitches_and_lengths_and_not_of_loudness():
    def after(event):
        return expected(heard([note(60), note(62, position=12), event]), note(62, position=36))

    same = after(note(60, position=24))
    assert after(note(60, position=24, velocity=3)) == same
    assert after(note(60, position=24, duration=7)) < same
    assert after(note(60, gap=5, position=24)) < same


def test_one_that_goes_on_by_itself_has_the_same_past(predictor, events):
    one, other = predictor.fork(), predictor.fork()
    for event in events[30:40]:
        one.update(event)
    for predictor, heard_so_far in ((one, 40), (other, 30)):
        whole = heard(events[:heard_so_far], Predictor(COLUMNS, predictor._by_intervals))
        for column in DRAWN:
            found, order = predictor.predict(column, events[heard_so_far])
            assert found == pytest.approx(whole.predict(column, events[heard_so_far])[0])
            assert order == whole.predict(column, events[heard_so_far])[1]
