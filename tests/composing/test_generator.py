from copy import copy
from dataclasses import replace

import numpy as np
import pytest

from core.composing import generator
from core.composing.constraints import constraints_for
from core.composing.generator import Generator
from core.composing.plan import plan_take
from core.composing.primer import read_primer
from core.config import ComposingSettings
from core.encoding import joint
from core.encoding.columns import with_boundaries
from core.lstm.inference import nll
from core.notes import Piece


@pytest.fixture
def family():
    return "joint"


class Steady:
    """Constraints of their own: time moves on by one tick every so many events, and the end may not come."""

    def __init__(self, encoding, *every):
        self.onset, self.every, self.count = np.zeros(len(every), dtype=int), np.array(every), 0
        self.forbidden = {}
        self.derived = {joint.POSITION: lambda events: np.zeros(len(events), dtype=int)}
        self.context = lambda events: np.zeros((len(events), encoding.context), dtype=np.uint8)
        self.columns = encoding.columns

    def allowed(self, column, events):
        allowed = np.ones((len(self.onset), self.columns[column].outputs), dtype=bool)
        allowed[:, -1] = column != joint.GAP
        return allowed

    def advance(self, events):
        self.count += 1
        self.onset = self.onset + (self.count % self.every == 0)

    def select(self, lanes):
        chosen = copy(self)
        chosen.onset, chosen.every = self.onset[lanes], self.every[lanes]
        return chosen

    def without_end(self):
        return self


def drawn(model, *every, stop=2, heard=None):
    settings = ComposingSettings(variations=len(every))
    source = Generator(model, settings, Steady(model.encoding, *every), None, None, None)
    return [len(events) for events in lanes(source, stop, lambda onset: heard is not None and heard.append(onset))]


def lanes(source, stop, *more):
    """Return the events of each lane."""
    return [events for _, events, _ in sorted(source.draw(stop, *more), key=lambda ended: ended[0])]


@pytest.mark.parametrize(("outside_key", "power"), [(0.0, 1.0), (0.0525, 0.85), (0.085, 0.4)])
def test_the_more_freely_music_leaves_its_key_the_less_strictly_its_pitches_are_drawn(
    model, outside_key, power, monkeypatch
):
    kept = []
    monkeypatch.setattr(generator, "keep_nucleus", lambda weights, top_p: kept.append(top_p) or weights)
    free = replace(model, style=replace(model.style, outside_key=outside_key))
    source = Generator(free, ComposingSettings(top_p=0.5), Steady(model.encoding, 1), None, None, None)
    lanes(source, 2)
    gap, pitch, duration, velocity = kept[:4]
    assert pitch == pytest.approx(0.5**power)
    assert gap == duration == velocity == pytest.approx(0.5**0.4)


def test_progress_is_that_of_the_lane_furthest_behind(model, monkeypatch):
    monkeypatch.setattr(generator, "_EVENTS_BETWEEN_REPORTS", 10)
    heard = []
    drawn(model, 10, 5, stop=4, heard=heard)
    assert heard == [0, 1, 2, 3]
    heard.clear()
    drawn(model, 1, stop=25, heard=heard)
    assert heard == [1, 11, 21]


class Closing:
    """An ending that is chosen from two ways, from the tick 1 on, and adds their first event."""

    candidates, turn, latest = 2, 1, 3

    def choose(self, events, ways, rng):
        assert (ways.onsets[-1] >= self.latest).all()
        return np.concatenate([events, ways.events[:1, 0]]), self.latest


def closing(model, should_stop=lambda: False):
    """Return what is given lane by lane, with how far both lanes were then."""
    constraints = Steady(model.encoding, 10, 5)
    source = Generator(model, ComposingSettings(variations=2), constraints, None, None, None, Closing())
    drawn = source.draw(9, lambda onset: None, should_stop)
    return [(lane, len(events), until, constraints.onset.tolist()) for lane, events, until in drawn]


def test_a_lane_that_comes_near_its_end_is_closed_at_once(model):
    assert closing(model) == [(1, 6, 3, [0, 1]), (0, 11, 3, [1, 2])]


def test_a_lane_that_is_stopped_while_it_is_closed_ends_where_it_came_near(model):
    asked = iter([False] * 6 + [True] * 99)
    assert closing(model, lambda: next(asked))[0] == (1, 5, 1, [0, 1])


class Listening(Generator):
    """Keeps what the network gave each id that was drawn, in nats."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.nats = []

    def _draw(self, logits, column, event):
        ids = super()._draw(logits, column, event)
        self.nats.append(np.log(np.exp(logits).sum()) - logits[0, ids[0]])
        return ids


def test_the_network_is_asked_in_drawing_as_it_is_in_measuring(model):
    settings = ComposingSettings(bars=8, seed=3)
    beginning = read_primer(model.encoding, None)
    plan = plan_take(model.style, settings, beginning)
    source = Listening(model, settings, constraints_for(model.encoding, plan, beginning, 1), None, None, None)
    source.read(beginning.events)
    (events,) = lanes(source, plan.stop)
    again = model.encoding.inputs(Piece(model.encoding.decode(events)))
    assert (again[:, : len(model.encoding.columns)] == events).all()
    inputs = with_boundaries(again, model.encoding.columns)[:-1, None]
    measured = nll(model.architectures[0], model.parameters[0], inputs)[:, :, 0].T
    assert np.reshape(source.nats, (-1, 4))[: len(events)] == pytest.approx(measured, rel=1e-4)


def test_each_lane_has_a_seed_of_its_own(model):
    settings = ComposingSettings(variations=2, seed=5)
    source = Generator(model, settings, Steady(model.encoding, 1, 1), None, None, None)
    first, second = lanes(source, 20)
    assert first.tolist() != second.tolist()
    other = Generator(model, replace(settings, seed=6, variations=1), Steady(model.encoding, 1), None, None, None)
    assert lanes(other, 20)[0].tolist() == second.tolist()


def test_lanes_that_are_over_before_they_begin_have_no_events(model):
    source = Generator(model, ComposingSettings(), Steady(model.encoding, 1), None, None, None)
    (events,) = lanes(source, 1)
    assert events.shape == (0, 5)


def test_a_lane_is_handed_over_as_soon_as_it_ends(model):
    source = Generator(model, ComposingSettings(variations=2), Steady(model.encoding, 10, 2), None, None, None)
    ended = [(lane, len(events), until) for lane, events, until in source.draw(3)]
    assert ended == [(1, 5, 3), (0, 29, 3)]


def test_what_is_stopped_is_complete_up_to_where_it_stood(model):
    source = Generator(model, ComposingSettings(variations=2), Steady(model.encoding, 10, 2), None, None, None)
    steps = iter([False] * 12 + [True])
    ended = {lane: (len(events), until) for lane, events, until in source.draw(4, should_stop=lambda: next(steps))}
    assert ended == {1: (7, 4), 0: (12, 1)}
