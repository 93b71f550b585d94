"""Density: fewer or more notes, chords as they are."""

from dataclasses import replace

import numpy as np
import pytest

from core.composing.density import Density
from core.composing.job import Job
from core.composing.plan import plan_take
from core.composing.primer import read_primer
from core.composing.take import compose
from core.config import ComposingSettings

TICKS = np.array([0, 1, 6, 24, 96, 0])
LOGITS = np.log(np.array([[0.5, 0.1, 0.2, 0.1, 0.08, 0.02]], np.float32))


NONE = np.full((2, 1), np.nan)


def test_as_learned_nothing_changes():
    assert Density(TICKS, 0.0, NONE).bend(LOGITS) is LOGITS


@pytest.mark.parametrize("density", [-1.0, 0.5, 1.0])
def test_chords_and_the_end_stay_as_likely_and_gaps_change_by_their_length(density):
    chances = np.exp(Density(TICKS, density, NONE).bend(LOGITS))[0]
    assert chances[[0, 5]] == pytest.approx([0.5, 0.02])
    assert chances.sum() == pytest.approx(1)
    ratio = chances[1:5] / np.exp(LOGITS[0, 1:5])
    assert (np.diff(ratio) < 0).all() == (density > 0)
    assert ratio / ratio[0] == pytest.approx(((1 + TICKS[1:5] / 6) / (1 + 1 / 6)) ** -density, rel=1e-4)


def test_where_only_a_chord_may_follow_nothing_is_bent():
    logits = np.where(TICKS > 0, -np.inf, LOGITS)
    assert Density(TICKS, 1.0, NONE).bend(logits).tolist() == logits.tolist()


@pytest.mark.parametrize("family", ["joint"], indirect=True)  # the other has learned one gap here
def test_takes_have_more_notes_the_denser_they_are_wished(model):
    settings = ComposingSettings(bars=8, seed=1, variations=6, ending=False)
    sparse, usual, dense = (
        sum(len(take.piece.notes) for take in compose(model, replace(settings, density=density)))
        for density in (-1.0, 0.0, 1.0)
    )
    assert 1.1 * sparse < usual < dense / 1.1


def led(gap, aim, times=80, lanes=1, chord=np.nan):
    """Play a gap again and again, then bend."""
    density = Density(TICKS, 0.0, np.repeat([[aim], [chord]], lanes, axis=1))
    for _ in range(times):
        density.update(np.full(lanes, gap))
    return density.bend(np.repeat(LOGITS, lanes, axis=0))[0] - LOGITS[0]


@pytest.mark.parametrize(("aim", "sign"), [(1 / 6, 0), (1 / 6.9, 0), (1 / 12, 1), (1 / 3, -1)])
def test_a_lane_that_is_too_dense_or_too_sparse_is_led_back_and_another_is_left_alone(aim, sign):
    bent = led(2, aim)
    assert bent[0] == bent[-1] == 0
    assert (np.sign(np.diff(bent[:-1])) == sign).all()


@pytest.mark.parametrize(("chord", "sign"), [(1.0, 0), (1.04, 0), (0.5, 1), (2.0, -1)])
def test_a_lane_with_too_many_notes_at_an_onset_is_led_to_other_onsets_and_one_with_too_few_to_chords(chord, sign):
    bent = led(2, np.nan, chord=chord)
    assert bent[0] == 0
    assert (np.sign(bent[1:5]) == sign).all() and np.ptp(bent[1:5]) == pytest.approx(0, abs=1e-6)


def test_what_is_led_by_both_is_led_by_their_sum():
    both = led(2, 1 / 12, chord=0.5)
    assert both == pytest.approx(led(2, 1 / 12) + led(2, np.nan, chord=0.5), abs=1e-6)


def test_the_further_a_lane_is_away_the_more_it_is_led():
    assert led(2, 1 / 24)[4] > led(2, 1 / 12)[4] > 0


def test_a_lane_is_not_led_before_it_has_some_notes_nor_without_an_aim():
    assert not led(2, 1 / 24, times=10).any()
    assert not led(2, np.nan).any()


def test_lanes_that_are_chosen_keep_what_they_had():
    density = Density(TICKS, 0.0, np.array([[1 / 6, 1 / 24], [np.nan, np.nan]]))
    for _ in range(80):
        density.update(np.array([2, 2]))
    bent = density.select(np.array([1, 0])).bend(np.repeat(LOGITS, 2, axis=0)) - LOGITS
    assert bent[0, 4] > 0 == bent[1, 4]


def test_a_wish_moves_what_a_lane_is_led_to():
    density = Density(TICKS, 1.0, np.array([[1 / 6], [np.nan]]))
    for _ in range(80):
        density.update(np.array([2]))
    assert density.bend(LOGITS)[0, 4] < Density(TICKS, 1.0, NONE).bend(LOGITS)[0, 4]


@pytest.mark.parametrize("family", ["joint"], indirect=True)
def test_takes_are_as_dense_as_a_piece_of_the_style(model):
    settings = ComposingSettings(bars=16, seed=1, variations=6, ending=False, returns=False)

    def notes(densities):
        (_, chord), *_ = model.style.densities
        style = replace(model.style, densities=tuple((each, chord) for each in densities), openings=())
        return np.mean([len(take.piece.notes) / 64 for take in compose(replace(model, style=style), settings)])

    free = notes(())
    assert notes([free / 2]) < 0.9 * free
    assert notes([free * 2]) > 1.1 * free


@pytest.mark.parametrize(("family", "events"), [("joint", 8.0), ("classic", 4.0)], indirect=["family"])
def test_what_is_counted_are_events_be_they_notes_or_chords(model, events):
    style = replace(model.style, densities=((8.0, 2.0),))
    beginning = read_primer(model.encoding, None)
    plan = plan_take(style, ComposingSettings(), beginning)
    job = Job(replace(model, style=style), ComposingSettings(), plan, beginning, use_guard=True)
    in_time, at_once = np.exp(job._density([0])._aims[:, 0])
    assert in_time == pytest.approx(events / 24)
    assert np.isnan(at_once) == model.encoding.by_chords
