import numpy as np
import pytest

from core.composing.loops import LoopGuard, longest_stretch
from core.encoding import JointEncoding
from core.encoding.joint import GAP, PITCH
from core.encoding.time_grid import span_ids

BAR, LIMIT = 96, 4
QUARTER = int(span_ids(24))


@pytest.fixture
def guard():
    return LoopGuard(JointEncoding.columns, JointEncoding.gap_ticks, BAR, LIMIT, 2)


def event(pitch, gap=QUARTER):
    return [gap, 0, pitch, 6, 10]


def play(guard, first, other):
    """Play two rows of pitches in quarters, a lane each; return whether each loops at the end."""
    for one, two in zip(first, other, strict=True):
        guard.update(np.array([event(one), event(two)]))
    return [False, False] if guard.looping is None else guard.looping.tolist()


LOOP = [60, 62, 64, 67]
WANDERING = [50 + n * 7 % 31 + n // 31 for n in range(200)]


def test_a_cell_that_comes_round_for_more_than_the_limit_is_a_loop(guard):
    assert play(guard, LOOP * LIMIT, WANDERING[: 4 * LIMIT]) == [False, False]
    assert play(guard, LOOP * 2, WANDERING[40:48]) == [True, False]


def test_a_pitch_too_often_in_a_row_is_one_too_whatever_the_gaps(guard):
    looping = []
    for number, other in zip(range(4 * LIMIT + 3), WANDERING, strict=False):
        guard.update(np.array([event(60, QUARTER + number * number % 7), event(other)]))
        looping.append(guard.looping is not None and guard.looping.tolist() == [True, False])
    assert looping == [False] * (4 * LIMIT + 1) + [True] * 2


def test_lanes_that_are_selected_go_on_as_they_were(guard):
    play(guard, LOOP * LIMIT, WANDERING[: 4 * LIMIT])
    swapped = guard.select(np.array([1, 0]))
    assert play(swapped, WANDERING[40:48], LOOP * 2) == [False, True]
    assert play(guard, LOOP * 2, WANDERING[40:48]) == [True, False]


def test_a_loop_that_is_left_is_no_loop(guard):
    play(guard, LOOP * (LIMIT + 2), WANDERING[: 4 * (LIMIT + 2)])
    assert play(guard, WANDERING[100:120], WANDERING[40:60]) == [False, False]


def test_what_would_keep_the_loop_going_loses_and_all_else_stays(guard):
    play(guard, LOOP * (LIMIT + 3), WANDERING[: 4 * (LIMIT + 3)])
    logits = np.zeros((2, JointEncoding.columns[GAP].outputs), dtype=np.float32)
    gaps = guard.discourage(logits, GAP, np.zeros((2, 5), dtype=np.int64))
    assert gaps[0, QUARTER] < 0
    assert (np.delete(gaps[0], QUARTER) == 0).all()
    assert (gaps[1] == 0).all()
    logits = np.zeros((2, JointEncoding.columns[PITCH].outputs), dtype=np.float32)
    next_pitch = guard.discourage(logits, PITCH, np.array([event(0), event(0)]))
    assert next_pitch[0].argmin() == LOOP[0]
    other_gap = guard.discourage(logits, PITCH, np.array([event(0, QUARTER + 1)] * 2))
    assert (other_gap[0] == 0).all()


def test_the_longer_a_loop_lasts_the_more_it_loses(guard):
    lost = []
    for _ in range(3):
        play(guard, LOOP * (LIMIT + 2), WANDERING[: 4 * (LIMIT + 2)])
        logits = np.zeros((2, JointEncoding.columns[GAP].outputs))
        lost.append(guard.discourage(logits, GAP, np.zeros((2, 5), dtype=np.int64))[0].min())
    assert lost[0] > lost[1] > lost[2]


def test_nothing_changes_where_nothing_loops(guard):
    play(guard, LOOP, WANDERING[:4])
    logits = np.ones((2, JointEncoding.columns[GAP].outputs))
    assert guard.discourage(logits, GAP, np.zeros((2, 5), dtype=np.int64)) is logits


def test_only_a_lane_that_loops_is_warm_and_for_two_bars_after(guard):
    raw, sharpened = np.zeros((2, 3)), np.ones((2, 3))
    play(guard, LOOP * (LIMIT + 2), WANDERING[: 4 * (LIMIT + 2)])
    assert guard.warm(raw, sharpened).tolist() == [[0.0] * 3, [1.0] * 3]
    play(guard, WANDERING[100:130], WANDERING[30:60])
    assert guard.warm(raw, sharpened).tolist() == [[1.0] * 3, [1.0] * 3]


def test_one_pitch_again_and_again_is_led_elsewhere_whatever_its_rhythm(guard):
    gaps = [QUARTER + n % 3 for n in range(40)]
    for gap, other in zip(gaps, WANDERING, strict=False):
        guard.update(np.array([event(60, gap), event(other)]))
    logits = np.zeros((2, JointEncoding.columns[PITCH].outputs))
    bent = guard.discourage(logits, PITCH, np.array([event(0)] * 2))[0]
    assert bent.argmin() == 60
    assert bent[60] == pytest.approx(-2 * 8 * (39 / 4 - LIMIT))  # nats for each bar of four notes over the limit


def test_a_form_may_repeat_as_long_as_the_music_learned_does():
    assert longest_stretch([]) == 4
    assert longest_stretch([(0, 1, 2, 3, 0, 1, 2, 3)]) == 4  # it comes for the second time only
    assert longest_stretch([(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)]) == 10
