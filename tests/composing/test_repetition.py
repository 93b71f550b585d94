import numpy as np
import pytest

from core.composing.repetition import RepeatingLane, Repetition
from core.encoding.joint import GAP, PITCH, JointEncoding
from core.encoding.time_grid import SPANS, span_ids

BAR = 96
END = JointEncoding.columns[GAP].boundary


def event(gap, pitch):
    return [int(span_ids(gap)), 0, pitch, 24, 10]


def lane(form, onset, kept=0.75):
    return RepeatingLane(form, BAR, onset, kept, np.random.default_rng(3))


def played(form, new, bars=4):
    """Play `new` (gap, pitch) again and again, and what the form has back; return (onset, pitch)."""
    one, onset, found, at = lane(form, 0), 0, [], 0
    while onset < bars * BAR:
        gap, pitch = (0 if onset == 0 and not found else new[at % len(new)][0]), new[at % len(new)][1]
        gap = max(gap, one.wait)
        again = one.due(int(span_ids(gap)))
        if again is None:
            at += 1
        now = event(gap, pitch) if again is None else again
        one.update(now)
        onset += int(SPANS[now[GAP]])
        found.append((onset, int(now[PITCH])))
    return found


def bar_of(found, bar):
    return [(onset % BAR, pitch) for onset, pitch in found if onset // BAR == bar]


NEW = [(24, pitch) for pitch in range(60, 90)]


def test_a_new_form_plays_nothing_again():
    assert [pitch for _, pitch in played((0, 1, 2, 3), NEW)] == list(range(60, 77))


@pytest.mark.parametrize("form", [(0, 0, 2, 2), (0, 1, 0, 1), (0, 0, 1, 2), (0, 1, 1, 3), (0, 1, 2, 1)])
@pytest.mark.parametrize(
    "new", [NEW, [(36, pitch) for pitch in range(60, 90)], [(0, 60), (30, 62), (42, 64), (24, 65)]]
)
def test_a_bar_comes_back_note_by_note(form, new):
    found = played(form, new)
    for bar, source in enumerate(form):
        if source != bar:
            assert bar_of(found, bar) == bar_of(found, source)
    assert [onset for onset, _ in found] == sorted(onset for onset, _ in found)


def test_a_lane_that_wants_to_end_plays_what_is_due_first():
    one = lane((0, 0), 0)
    one.update(event(0, 60))
    one.update(event(24, 64))
    for gap, pitch in ((BAR - 24, 60), (24, 64)):
        again = one.due(END)
        assert again == event(gap, pitch)
        one.update(again)
    assert one.due(END) is None


def test_silence_does_not_come_back():
    one = lane((0, 0, 1, 2), 0)
    one.update(event(BAR - 1, 60))
    assert one.due(int(span_ids(BAR))) is None
    assert one.wait == 0


def test_after_a_passage_a_note_may_come_at_once():
    one = lane((0, 0), -48)
    assert one.wait == 0
    one.update(event(12, 60))
    assert one.wait == 0


def test_where_no_gap_leads_the_run_is_given_up():
    one = lane((0, 0), 0)
    one.update(event(0, 60))
    one.update(event(1, 62))
    assert BAR - 1 not in SPANS
    assert one.due(END) is None
    assert one.wait == 0


def test_each_lane_has_its_form():
    lanes = Repetition([lane((0, 0), 0), lane((0, 1), 0)])
    for pitch in (60, 64):
        lanes.update(np.stack([event(0, pitch), event(0, pitch + 1)]))
    gap = int(span_ids(BAR))
    ids = lanes.replace(GAP, np.array([gap, gap]))
    assert ids.tolist() == [gap, gap]
    assert lanes.replace(PITCH, np.array([70, 71])).tolist() == [60, 71]


def test_a_bar_that_came_back_is_not_added_to():
    lanes = Repetition([lane((0, 0), 0), lane((0, 1), 0)])
    everything = np.ones((2, END + 1), dtype=bool)
    assert lanes.narrow(everything).all()
    for pitch in (60, 64):
        lanes.update(np.stack([event(0, pitch), event(0, pitch + 1)]))
    for gap in (BAR, 0):
        lanes.replace(GAP, np.array([span_ids(gap)] * 2))
        lanes.update(np.stack([event(gap, 60), event(gap, 61)]))
    first, second = lanes.narrow(everything)
    assert SPANS[first[:END]].min() == BAR
    assert first[END] and second.all()
    short = everything & (np.arange(END + 1) < BAR // 4)
    assert (lanes.narrow(short) == short).all()


def test_a_bar_of_one_note_does_not_come_back_and_one_of_two_does():
    for more, back in (([], None), ([event(12, 67)], (96 - 12, 65))):
        one = lane((0, 1, 1), 0)
        for each in (event(0, 60), event(24, 62), event(24, 64), event(48, 65), *more):
            one.update(each)
        again = one.due(END)
        assert (None if again is None else (int(SPANS[again[GAP]]), int(again[PITCH]))) == back


def test_a_run_longer_than_its_distance_repeats_what_it_has_repeated():
    one = lane((0, 0, 1, 2), 0)
    for each in (event(0, 60), event(24, 64)):
        one.update(each)
    found = []
    while (again := one.due(END)) is not None:
        one.update(again)
        found.append((int(SPANS[again[GAP]]), int(again[PITCH])))
    assert found == [(72, 60), (24, 64)] * 3


def test_a_lane_waits_until_the_repeated_bars_are_over():
    one = lane((0, 0, 2), 0)
    for each in (event(0, 60), event(24, 64)):
        one.update(each)
    for wait in (96, 72):
        one.update(one.due(int(span_ids(BAR))))
        assert one.wait == wait
    assert one.due(int(span_ids(BAR))) is None


def test_a_run_begins_only_where_the_new_note_would_reach_it():
    one = lane((0, 0), 0)
    for each in (event(0, 60), event(24, 64)):
        one.update(each)
    assert one.due(int(span_ids(71))) is None
    assert one.due(int(span_ids(72))) == event(72, 60)


def test_a_varied_bar_keeps_its_notes_by_chance_and_lets_new_ones_in():
    one, pitches = lane((0, ~0), 0, kept=0.5), range(60, 84)
    for number, pitch in enumerate(pitches):
        one.update(event(4 if number else 0, pitch))
    assert one.wait == 0
    again = []
    for new in range(100, 120):
        due = one.due(int(span_ids(4)))
        assert one.wait == 0
        again.append(event(4, new) if due is None else due)
        one.update(again[-1])
    kept = {int(each[PITCH]) for each in again} & set(pitches)
    assert 0.2 * len(pitches) < len(kept) < 0.8 * len(pitches)
    assert any(each[PITCH] >= 100 for each in again)


@pytest.mark.parametrize(("kept", "expected"), [(1.0, [60, 64]), (0.0, [])])
def test_the_share_that_a_varied_bar_keeps_is_the_one_given(kept, expected):
    one = lane((0, ~0), 0, kept=kept)
    one.update(event(0, 60))
    one.update(event(24, 64))
    found = []
    while (due := one.due(END)) is not None:
        one.update(due)
        found.append(int(due[PITCH]))
    assert found == expected


def test_a_kept_note_never_falls_back_in_a_chord():
    one = lane((0, ~0), 0, kept=1.0)
    one.update(event(0, 60))
    one.update(event(0, 64))
    one.update(event(BAR, 62))  # new, at the bar line, before what is due there
    assert one.due(int(span_ids(24)))[PITCH] == 64
    assert lane((0,), 0).due(END) is None


def test_half_of_the_ways_on_repeat_what_the_lane_would():
    one = lane((0, 0), 0)
    one.update(event(0, 60))
    one.update(event(24, 64))
    ways = Repetition([one]).branch(0, 4)
    ids = ways.replace(GAP, np.array([END] * 4))
    assert ids.tolist() == [int(span_ids(BAR - 24))] * 2 + [END] * 2
    assert one.due(END)[PITCH] == 60  # the lane itself has not moved
