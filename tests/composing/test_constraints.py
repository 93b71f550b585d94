from dataclasses import replace

import numpy as np
import pytest

from core.composing.constraints import EVEN_GAP, ClassicConstraints, JointConstraints, constraints_for
from core.composing.plan import Plan
from core.composing.primer import read_primer
from core.corpus.style import Style
from core.encoding import ClassicEncoding, JointEncoding, classic
from core.encoding.active_notes import ENDED, HELD, STRUCK
from core.encoding.joint import DURATION, GAP, PITCH, POSITION, VELOCITY
from core.encoding.time_grid import FREE_POSITION, SPANS, span_ids
from core.notes import Piece, as_notes

JOINT = JointEncoding()
END = JOINT.columns[GAP].boundary
STYLE = Style(lowest=40, highest=80, largest_chord=3, longest_gap=2.0)
PLAN = Plan(STYLE, rhythm=True, start=0, stop=4 * 96, qpm=120.0)


def piece(*rows):
    return Piece(as_notes([(onset, duration, pitch, 80, 0) for onset, duration, pitch in rows]))


def joint(plan=PLAN, primer=None, lanes=1):
    return constraints_for(JOINT, plan, read_primer(JOINT, primer), lanes)


def event(gap=0, pitch=0, duration=24):
    return [int(span_ids(gap)), 0, pitch, int(span_ids(duration)), 10]


def gaps(constraints, lane=0):
    """Return the gaps in ticks that may be drawn, and whether the end may."""
    allowed = constraints.allowed(GAP, np.zeros((len(constraints.onset), 5), dtype=int))[lane]
    return SPANS[allowed[:END]].tolist(), bool(allowed[END])


def pitches(constraints, gap, lane=0):
    allowed = constraints.allowed(PITCH, np.array([event(gap)] * len(constraints.onset)))[lane]
    return np.flatnonzero(allowed).tolist()


def test_pitches_stay_in_the_range_of_the_style():
    assert pitches(joint(), 24) == pitches(joint(), 0) == list(range(40, 81))


def test_the_style_may_have_the_whole_keyboard():
    assert pitches(joint(replace(PLAN, style=Style())), 24) == list(range(128))


@pytest.mark.parametrize(("levels", "steps"), [((), list(range(16))), ((0, 0, 20, *[0] * 7, 84, *[0] * 5), [2, 10])])
def test_notes_are_as_loud_as_in_the_style(levels, steps):
    constraints = joint(replace(PLAN, style=replace(STYLE, levels=levels)))
    assert np.flatnonzero(constraints.forbidden[VELOCITY] == 0).tolist() == steps


@pytest.mark.parametrize(("parallels", "free"), [(0.01, False), (0.02, True)])
def test_voices_keep_from_parallels_where_the_style_does(parallels, free):
    chord = piece(*((0, 1, pitch) for pitch in (48, 55, 64, 72)))
    constraints = joint(replace(PLAN, style=replace(STYLE, largest_chord=4, parallels=parallels)), chord)
    constraints.advance(np.array([event(96, 50)]))
    assert (57 in pitches(constraints, 0)) == free
    assert (57 in pitches(constraints.select(np.zeros(2, dtype=int)), 0, lane=1)) == free


def test_within_a_chord_pitches_rise_and_after_it_all_are_free():
    constraints = joint()
    constraints.advance(np.array([event(0, 60)]))
    assert pitches(constraints, 0) == list(range(61, 81))
    assert pitches(constraints, 1) == list(range(40, 81))


def test_a_chord_has_no_more_notes_than_in_the_style():
    constraints = joint()
    for pitch in (50, 54):
        constraints.advance(np.array([event(0, pitch)]))
        assert 0 in gaps(constraints)[0]
    constraints.advance(np.array([event(0, 57)]))
    assert 0 not in gaps(constraints)[0]
    constraints.advance(np.array([event(24, 50)]))
    assert 0 in gaps(constraints)[0]


def test_above_the_highest_pitch_a_chord_does_not_go_on():
    constraints = joint()
    constraints.advance(np.array([event(0, 79)]))
    assert 0 in gaps(constraints)[0]
    constraints.advance(np.array([event(24, 80)]))
    assert 0 not in gaps(constraints)[0]


@pytest.mark.parametrize(("longest", "stop", "expected"), [(2.0, 384, 48), (1.0, 384, 24), (2.0, 30, 29), (0.5, 1, 1)])
def test_no_gap_is_longer_than_in_the_style_or_than_the_take(longest, stop, expected):
    constraints = joint(replace(PLAN, style=replace(STYLE, longest_gap=longest), stop=stop))
    assert gaps(constraints)[0] == list(range(expected + 1))


def test_without_rhythm_there_is_one_gap_besides_that_of_chords():
    constraints = joint(replace(PLAN, rhythm=False))
    assert gaps(constraints) == ([0, EVEN_GAP], False)
    assert EVEN_GAP == 12


def test_the_end_may_come_in_the_last_bar():
    constraints = joint()
    for onset in (0, 96, 192, 287):
        constraints.onset = np.array([onset])
        assert not gaps(constraints)[1]
    constraints.onset = np.array([288])
    assert gaps(constraints)[1]


def test_no_note_is_without_length_and_every_loudness_may_come():
    forbidden = joint(lanes=2).forbidden
    assert forbidden[DURATION].tolist() == [-np.inf, *[0.0] * (len(SPANS) - 1)]
    assert forbidden[VELOCITY].tolist() == [0.0] * 16


def test_every_lane_is_held_to_its_own_past():
    constraints = joint(lanes=2)
    constraints.advance(np.array([event(0, 60), event(12, 80)]))
    assert constraints.onset.tolist() == [0, 12]
    assert pitches(constraints, 0, lane=0) == list(range(61, 81))
    assert pitches(constraints, 0, lane=1) == []
    assert (0 in gaps(constraints, 0)[0], 0 in gaps(constraints, 1)[0]) == (True, False)


def test_after_a_primer_its_last_chord_is_gone_on_with():
    constraints = joint(primer=piece((0, 1, 50), (1, 1, 60), (1, 1, 64)))
    assert constraints.onset.tolist() == [24]
    assert pitches(constraints, 0) == list(range(65, 81))
    constraints.advance(np.array([event(0, 70)]))
    assert 0 not in gaps(constraints)[0]


def test_the_place_in_the_bar_follows_from_the_gap():
    constraints = joint(replace(PLAN, start=96, style=replace(STYLE, numerator=3)), lanes=2)
    constraints.onset = np.array([96, 100])
    events = np.array([event(24), event(72 - 4)])
    assert set(constraints.derived) == {POSITION}
    assert constraints.derived[POSITION](events).tolist() == [12, 0]


def test_without_a_grid_there_is_no_place_in_the_bar():
    constraints = joint(replace(PLAN, style=replace(STYLE, grid=False)), lanes=2)
    assert constraints.derived[POSITION](np.array([event(24), event(1)])).tolist() == [FREE_POSITION] * 2


def test_what_sounds_after_a_primer_is_known_to_every_lane():
    constraints = joint(primer=piece((0, 4, 48), (1, 1, 60), (2, 1, 64)), lanes=2)
    later, together = constraints.context(np.array([event(24), event(0)]))[:, :128]
    assert {pitch: later[pitch] for pitch in np.flatnonzero(later)} == {48: HELD, 64: ENDED}
    assert {pitch: together[pitch] for pitch in np.flatnonzero(together)} == {48: HELD, 60: ENDED, 64: STRUCK}
    constraints.advance(np.array([event(24, 70, 48), event(24, 71, 48)]))
    first, second = constraints.context(np.array([event(24), event(24)]))
    assert (first[70], first[71], second[70], second[71]) == (HELD, 0, 0, HELD)


CHORDS = piece((0, 1, 60), (0.5, 1, 62), (1.5, 1, 62), (4.5, 1, 64), (4.5, 1, 67))
CLASSIC = ClassicEncoding.learn([CHORDS])  # gaps of 0, 12, 24 and 72 ticks


def tokens(plan=PLAN, primer=None, onset=0):
    """Return the gaps in ticks that may be drawn, and whether the end may."""
    constraints = constraints_for(CLASSIC, plan, read_primer(CLASSIC, primer), 2)
    constraints.onset = constraints.onset + onset
    return allowed_gaps(constraints)


def allowed_gaps(constraints):
    column = CLASSIC.columns[classic.GAP]
    first, second = constraints.allowed(classic.GAP, np.zeros((2, 2), dtype=int))
    assert (first == second).all()
    assert not first[column.unknown]
    return sorted(CLASSIC.gap_ticks[: column.unknown][first[: column.unknown]].tolist()), bool(first[column.boundary])


def test_a_classic_take_may_begin_at_once_and_every_later_onset_is_later():
    assert tokens() == ([0, 12, 24, 72], False)
    constraints = constraints_for(CLASSIC, PLAN, read_primer(CLASSIC, None), 2)
    constraints.advance(np.array([[CLASSIC.gaps.index(0), 0], [CLASSIC.gaps.index(24), 0]]))
    assert constraints.onset.tolist() == [0, 24]
    assert allowed_gaps(constraints) == ([12, 24, 72], False)
    assert tokens(primer=CHORDS) == ([12, 24, 72], False)


def test_a_classic_gap_is_no_longer_than_the_take_if_there_is_such():
    assert tokens(replace(PLAN, stop=73))[0] == [0, 12, 24, 72]
    assert tokens(replace(PLAN, stop=72))[0] == [0, 12, 24]
    slow = ClassicEncoding.learn([piece((2, 1, 60), (4, 1, 60))])
    allowed = constraints_for(slow, replace(PLAN, stop=12), read_primer(slow, None), 1).allowed(
        classic.GAP, np.zeros((1, 2), dtype=int)
    )
    assert allowed.tolist() == [[True, False, False]]


def test_classic_without_rhythm_has_the_gap_nearest_to_an_eighth():
    assert tokens(replace(PLAN, rhythm=False), CHORDS) == ([12], False)
    slow = ClassicEncoding.learn([piece((2, 1, 60), (3, 1, 60))])
    allowed = constraints_for(slow, replace(PLAN, rhythm=False), read_primer(slow, None), 1).allowed(
        classic.GAP, np.zeros((1, 2), dtype=int)
    )
    assert slow.gap_ticks[np.flatnonzero(allowed)].tolist() == [24]


def test_a_classic_take_may_end_in_its_last_bar():
    assert [tokens(onset=onset)[1] for onset in (0, 287, 288, 300)] == [False, False, True, True]


def test_a_chord_of_the_vocabulary_is_drawn_and_no_unknown_one():
    constraints = constraints_for(CLASSIC, PLAN, read_primer(CLASSIC, None), 1)
    assert constraints.allowed(classic.CHORD, np.zeros((1, 2), dtype=int)).tolist() == [[True] * 3 + [False]]
    assert (constraints.derived, constraints.context) == ({}, None)


def test_each_family_has_its_constraints_and_no_other_has_any():
    assert isinstance(joint(), JointConstraints)
    assert isinstance(constraints_for(CLASSIC, PLAN, read_primer(CLASSIC, None), 1), ClassicConstraints)

    class Other:
        family = "other"

    with pytest.raises(TypeError, match="other"):
        constraints_for(Other(), PLAN, read_primer(JOINT, None), 1)
