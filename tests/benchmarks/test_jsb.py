from dataclasses import replace
from functools import partial
from itertools import count

import numpy as np
import pytest

from benchmarks import jsb
from benchmarks.jsb import ENCODING, END, SETTINGS, FrameSet, costs, feed_of, fit, train
from core.encoding.active_notes import HELD, STRUCK
from core.lstm.parameters import architectures, initial

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
    """A learner whose costs follow a script, and the time that its steps take; its weights are the steps it took."""

    def __init__(self, costs):
        self.costs, self.now, self.rates = costs, 0.0, []

    def step(self, events, rate):
        self.now += 2.0
        self.rates.append(rate)

    def validate(self, inputs, counts, length):
        return np.full(1, self.costs[len(self.rates)])

    def weights(self):
        return (len(self.rates),)


def test_the_weights_are_those_of_the_moment_when_held_out_music_costs_least():
    learner = Scripted({3: 5.0, 6: 3.0, 9: 4.0, 10: 6.0})
    best = train(learner, iter(range(99)), FrameSet([[[60]]], 2), seconds=20.0, clock=lambda: learner.now)
    assert best == 6
    assert len(learner.rates) == 10
    assert learner.rates[0] < learner.rates[1] > learner.rates[-1] > 0


def test_the_last_moment_is_measured_too():
    learner = Scripted({2: 5.0})
    assert train(learner, iter(range(9)), FrameSet([[[60]]], 2), 4.0, lambda: learner.now) == 2


def test_held_out_chorales_are_not_learned(learners):
    chorales = [[[pitch]] * 8 for pitch in range(40, 60)]
    fit(chorales, 0.02, learners, 0)
    learned = set(np.unique([window[:, :, 0] for window in learners.windows])) - {END, END + 1}
    assert len(learned) <= 18


def test_notes_that_lie_below_those_before_them_in_a_frame_take_no_share():
    (architecture,) = architectures(ENCODING, SETTINGS)
    silent = {name: np.zeros_like(each) for name, each in initial(architecture, np.random.default_rng(0)).items()}
    found = costs(silent, [CHORALE, [[], [127]]])
    # from low to high: any of 128 pitches or the end, then those above the note
    chorale, other = [129, 68, 64, 129, 68, 129, 66, 63, 59], [129, 129, 1]
    assert np.sort(np.exp(found)) == pytest.approx(sorted(chorale + other))


def test_a_real_network_learns_frames(monkeypatch):
    from core.lstm.learner import Learners

    monkeypatch.setattr(jsb, "SETTINGS", replace(SETTINGS, units=12, embedding=4, head_units=8, batch=2, length=16))
    monkeypatch.setattr(jsb, "train", partial(train, clock=count(0, 0.1).__next__))
    chorales = [[[60, 64, 67], [62, 65, 69]] * 8] * 10
    uniform = 4 * np.log(END + 1)
    weights = fit(chorales, 10.0, Learners(), 0)
    assert 0.0 < costs(weights, chorales[:1]).sum() / 16 < uniform / 2
