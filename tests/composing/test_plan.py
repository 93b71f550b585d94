from dataclasses import replace

import pytest

from core.bars import passage
from core.composing.plan import Plan, plan_take
from core.composing.primer import read_primer
from core.config import ComposingSettings
from core.corpus.style import Style
from core.encoding import JointEncoding
from core.notes import CLOCK_QPM, FREE_QPM, Metre, Piece, as_notes

NONE = read_primer(JointEncoding(), None)
STYLE = Style(qpm=100.0, numerator=3, denominator=8, lowest=50, highest=70)


def primer_of(*rows, **more):
    return read_primer(JointEncoding(), Piece(as_notes([(*row, 80, 0) for row in rows]), **more))


def test_a_take_has_the_bars_asked_for():
    plan = plan_take(STYLE, ComposingSettings(bars=10), NONE)
    assert (plan.start, plan.stop, plan.bar) == (0, 10 * 36, 36)


def test_without_a_grid_it_has_the_seconds_asked_for():
    plan = plan_take(replace(STYLE, grid=False), ComposingSettings(play_seconds=30), NONE)
    assert plan.stop == 30 * 100 / 60 * 24


@pytest.mark.parametrize(
    ("qpm", "scale", "expected"),
    [(500.0, 4.0, 1000), (100.0, 2.5, 250), (10.0, 0.25, 4), (249.0, 4.0, 996), (90.0, 0.25, 22.5), (4.0, 1.0, 4)],
)
def test_the_speed_stays_between_those_that_are_read(qpm, scale, expected):
    assert plan_take(replace(STYLE, qpm=qpm), ComposingSettings(tempo_scale=scale), NONE).qpm == expected


@pytest.mark.parametrize(("scale", "expected"), [(4.0, 480), (0.25, 30), (1.0, 120)])
def test_free_music_is_counted_by_the_clock_and_written_between_the_same_speeds(scale, expected):
    style = replace(STYLE, qpm=CLOCK_QPM, grid=False)
    plan = plan_take(style, ComposingSettings(play_seconds=60, tempo_scale=scale), NONE)
    assert plan.qpm * FREE_QPM / CLOCK_QPM == pytest.approx(expected)
    assert plan.stop == pytest.approx(60 * plan.qpm / 60 * 24, abs=1)


def played(seconds, every=0.137):
    return Piece(as_notes([(2 * every * note, 0.2, 60 + note % 7, 80, 0) for note in range(int(seconds / every))]))


def test_after_a_performed_primer_a_take_is_free_and_as_long_as_its_bars_would_be():
    plan = plan_take(STYLE, ComposingSettings(bars=10), read_primer(JointEncoding(), played(4)))
    assert not plan.style.grid
    assert (plan.stop - plan.start) / 24 * 60 / plan.qpm == pytest.approx(10 * 1.5 * 60 / 100, abs=0.02)


def test_after_a_written_primer_a_take_in_a_free_style_has_its_bars():
    style = replace(STYLE, qpm=CLOCK_QPM, grid=False)
    plan = plan_take(style, ComposingSettings(play_seconds=20), primer_of((0, 1, 60), (1, 1, 62)))
    assert plan.style.grid
    assert plan.qpm == 120
    assert plan.stop - plan.start == 40 * 24


def test_the_earliest_end_is_a_bar_before_the_last_one():
    assert plan_take(STYLE, ComposingSettings(bars=10), NONE).earliest_end == 9 * 36
    assert plan_take(STYLE, ComposingSettings(bars=1), NONE).earliest_end == 1


def test_no_gap_leads_past_the_end():
    assert plan_take(STYLE, ComposingSettings(bars=10), NONE).longest_gap == 359
    assert Plan(STYLE, rhythm=True, start=5, stop=5, qpm=100.0).longest_gap == 1


def test_a_bar_shorter_than_a_tick_counts_as_one():
    assert Plan(replace(STYLE, numerator=1, denominator=256), rhythm=True, start=0, stop=9, qpm=100.0).bar == 1


@pytest.mark.parametrize("rhythm", [True, False])
def test_rhythm_is_as_it_was_chosen(rhythm):
    assert plan_take(STYLE, ComposingSettings(rhythm=rhythm), NONE).rhythm is rhythm


def test_without_a_primer_the_style_stays_as_it_is():
    assert plan_take(STYLE, ComposingSettings(), NONE).style is STYLE


def test_after_a_primer_the_take_goes_on_from_its_bar_line_in_its_metre(waltz):
    plan = plan_take(STYLE, ComposingSettings(bars=2), read_primer(JointEncoding(), passage(waltz, 1, 2)))
    assert (plan.start, plan.stop) == (2 * 72, 4 * 72)
    assert (plan.style.numerator, plan.style.denominator) == (3, 4)


def test_a_primer_gives_the_metre_in_force_at_its_last_onset():
    primer = primer_of((0, 1, 60), (8, 1, 60), metres=(Metre(0.0, 4, 4), Metre(8.0, 5, 8), Metre(20.0, 2, 4)))
    plan = plan_take(STYLE, ComposingSettings(bars=1), primer)
    assert (plan.style.numerator, plan.style.denominator) == (5, 8)
    assert (plan.start, plan.stop) == (10.5 * 24, 13 * 24)


@pytest.mark.parametrize(
    ("pitches", "expected"), [((45, 75), (45, 75)), ((55, 60), (50, 70)), ((45, 60), (45, 70)), ((60, 75), (50, 75))]
)
def test_a_primer_widens_the_range_and_never_narrows_it(pitches, expected):
    plan = plan_take(STYLE, ComposingSettings(), primer_of(*((at, 1, pitch) for at, pitch in enumerate(pitches))))
    assert (plan.style.lowest, plan.style.highest) == expected


def test_a_primer_brings_its_speed_and_its_loudness():
    primer = primer_of((0, 1, 60), (1, 1, 62))
    plan = plan_take(replace(STYLE, levels=(0, 12, *[0] * 14)), ComposingSettings(tempo_scale=0.5), primer)
    assert plan.qpm == 60
    assert [(step, level) for step, level in enumerate(plan.style.levels) if level] == [(10, 80)]
