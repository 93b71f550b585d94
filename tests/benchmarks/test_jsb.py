from dataclasses import replace
from functools import partial
from itertools import count

import numpy as np
import pytest

from benchmarks import jsb
from benchmarks.jsb import ENCODING, END, SETTINGS, FrameSet, feed_of, measure, train
from core.encoding.active_notes import HELD, STRUCK

CHORALE = [[64, 60], [60], [62, 65, 69]]


def test_frames_are_notes_from_low_to_high_and_an_end():
    inputs = ENCODING.inputs(CHORALE)
    assert inputs[:, 0].tolist() == [60, 64, END, 60, END, 62, 65, 69, END]
    assert inputs[:, 1].tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 2]
    assert ENCODING.inputs([[60]] * 5)[-1, 1] == 0


def test_active_notes_are_those_of_the_frame_before_and_of_this_one_so_far():
    codes = ENCODING.inputs(CHORALE)[:, 2 : 2 + 128]
    active = [{int(pitch): int(row[pitch]) for pitch in np.flatnonzero(row)} for row in codes]
    assert active == [
        {},
        {60: STRUCK},
        {60: STRUCK, 64: STRUCK},
        {60: HELD, 64: HELD},
        {60: STRUCK, 64: HELD},
        {60: HELD},
        {60: HELD, 62: STRUCK},
        {60: HELD, 62: STRUCK, 65: STRUCK},
        {60: HELD, 62: STRUCK, 65: STRUCK, 69: STRUCK},
    ]


def test_memories_hold_the_notes_so_far_and_not_the_ends_of_frames():
    first, *_, last = ENCODING.inputs(CHORALE)[:, 2 + 128 :].reshape(-1, 2, 12)
    assert not first.any()
    assert all(np.flatnonzero(memory).tolist() == [0, 2, 4, 5, 9] for memory in last)
    assert (last[:, 0] > last[:, 2]).all()


def test_every_token_counts_once_and_is_divided_by_frames(learners):
    learner = learners(ENCODING, SETTINGS, [], None)
    assert FrameSet([CHORALE, [[60]], [[], [61]]], rows=2).nats_per_frame(learner) == pytest.approx((9 + 2 + 3) / 6)


def test_windows_begin_chorales_with_a_boundary():
    window = next(feed_of([CHORALE], np.random.default_rng(0)))
    assert window.shape == (SETTINGS.length + 1, SETTINGS.batch, 2 + 128 + 24)
    starts = window[:, :, 0] == ENCODING.columns[0].boundary
    assert (window[1:][starts[:-1]][:, 0] == 60).all()


class Scripted:
    """A learner whose costs follow a script, and the time that its steps take."""

    def __init__(self, costs):
        self.costs, self.now, self.rates = costs, 0.0, []

    def step(self, events, rate):
        self.now += 2.0
        self.rates.append(rate)

    def validate(self, inputs, counts, length):
        held_out, measured = self.costs[len(self.rates)]
        return np.full(1, held_out if inputs.shape[1] == 2 else measured)


def test_result_is_that_of_the_moment_when_held_out_music_costs_least():
    learner = Scripted({3: (5.0, 50.0), 6: (3.0, 30.0), 9: (4.0, 10.0), 10: (6.0, 5.0)})
    held_out, measured = FrameSet([[[60]]], 2), FrameSet([[[60], [60]]], 1)
    found = train(learner, iter(range(99)), held_out, measured, seconds=20.0, clock=lambda: learner.now)
    assert found == 30.0 / 2
    assert len(learner.rates) == 10
    assert learner.rates[0] < learner.rates[1] > learner.rates[-1] > 0


def test_last_moment_is_measured_too():
    learner = Scripted({2: (5.0, 50.0)})
    found = train(learner, iter(range(9)), FrameSet([[[60]]], 2), FrameSet([[[60]]], 1), 4.0, lambda: learner.now)
    assert found == 50.0


def test_held_out_chorales_are_not_learned(learners):
    chorales = [[[pitch]] * 8 for pitch in range(40, 60)]
    nats = measure(chorales, chorales[:3], 0.02, learners)
    assert nats == pytest.approx(2.0)
    learned = set(np.unique([window[:, :, 0] for window in learners.windows])) - {END, END + 1}
    assert len(learned) <= 18


def test_a_real_network_learns_frames(monkeypatch):
    from core.lstm.learner import Learners

    monkeypatch.setattr(jsb, "SETTINGS", replace(SETTINGS, units=12, embedding=4, head_units=8, batch=2, length=16))
    monkeypatch.setattr(jsb, "train", partial(train, clock=count(0, 0.1).__next__))
    chorales = [[[60, 64, 67], [62, 65, 69]] * 8] * 10
    uniform = 4 * np.log(END + 1)
    assert 0.0 < measure(chorales, chorales[:1], 10.0, Learners()) < uniform / 2
