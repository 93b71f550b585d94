import numpy as np
import pytest
from hypothesis import given

from core.encoding import JointEncoding, joint
from core.encoding.context import CONTEXT, Context, context_of, transposed
from core.encoding.pitch_memory import MEMORIES, PitchMemory, pitch_class_shares
from core.encoding.time_grid import SPANS
from core.notes import transpose
from tests.conftest import tune
from tests.encoding.test_encoding import NOTES, piece_of


def shares(pitches, durations):
    return pitch_class_shares(np.array(pitches), np.array(durations))


def test_nothing_is_remembered_before_the_first_note():
    assert not shares([60, 64], [24, 24])[0].any()


def test_shares_add_up_to_the_whole():
    found = shares([60, 64, 67, 72] * 5, [12, 24, 96, 6] * 5)[1:]
    assert np.abs(found.astype(int).sum(axis=-1) - 255).max() <= 6


def test_a_note_counts_by_its_length_up_to_a_quarter():
    one, other = shares([60, 62, 60], [24, 6, 24])[2, -1, [0, 2]]
    assert one / other == pytest.approx((1.25 * (1 - 1 / 96)) / 0.5, rel=0.03)
    assert shares([60, 62, 60], [96, 96, 24])[2].tolist() == shares([60, 62, 60], [24, 24, 24])[2].tolist()


def test_one_memory_forgets_sooner_than_the_other():
    found = shares([60] * 20 + [62] * 20, [24] * 40)[-1]
    assert found[0, 0] < found[1, 0]


def test_lanes_are_selected_and_joined_with_what_they_have_heard():
    memory = PitchMemory(2)
    memory.strike(np.array([60, 61]), np.array([24, 24]))
    both = PitchMemory.join([memory.select(np.array([1])), memory])
    assert both.shares()[:, 0].argmax(axis=1).tolist() == [1, 0, 1]


@given(NOTES)
def test_the_context_is_the_same_note_by_note(rows):
    sheet = JointEncoding().inputs(piece_of(rows))
    onsets, durations = np.cumsum(SPANS[sheet[:, joint.GAP]]), SPANS[sheet[:, joint.DURATION]]
    context = Context(1)
    for row, onset, duration in zip(sheet, onsets, durations, strict=True):
        assert (context.values(np.array([onset]))[0] == row[5:]).all()
        context.strike(np.array([onset]), row[[joint.PITCH]], np.array([duration]))


def test_the_context_moves_with_the_key():
    def context(piece):
        return JointEncoding().inputs(piece)[:, 5:]

    piece = tune()
    assert (transposed(context(piece), 3) == context(transpose(piece, 3))).all()
    assert (transposed(context(piece), 3) != context(piece)).any()


def test_the_context_has_a_place_for_each_pitch_and_each_memory():
    found = context_of(np.array([0, 0]), np.array([60, 64]), np.array([24, 24]))
    assert found.shape == (2, CONTEXT) == (2, 128 + 12 * MEMORIES)
