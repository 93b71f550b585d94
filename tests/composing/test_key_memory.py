import numpy as np
import pytest

from core.composing.key_memory import KeyMemory


def pulls(outside_key, *pitches, lane=0):
    memory = KeyMemory(outside_key, 2)
    for pitch in pitches:
        memory.update(np.array([pitch, 61]))
    return memory.pull(np.zeros((2, 128), np.float32))[lane]


def test_what_was_heard_gains_in_every_octave_and_the_rest_loses():
    found = pulls(0.0, *[60, 64, 67] * 10)
    assert found[48] == found[60] == found[72] > 0 > found[61]
    assert found.dtype == np.float32


def test_before_the_first_note_nothing_is_pulled():
    assert not pulls(0.0).any()


def test_lanes_have_what_they_have_heard():
    one, other = pulls(0.0, *[60] * 9), pulls(0.0, *[60] * 9, lane=1)
    assert (one.argmax() % 12, other.argmax() % 12) == (0, 1)
    memory = KeyMemory(0.0, 2)
    memory.update(np.array([60, 61]))
    swapped = memory.select(np.array([1, 1, 0])).pull(np.zeros((3, 128)))
    assert (swapped.argmax(axis=1) % 12).tolist() == [1, 1, 0]


@pytest.mark.parametrize(("outside_key", "share"), [(0.01, 1.0), (0.02, 1.0), (0.0525, 0.5), (0.085, 0.0), (0.3, 0.0)])
def test_music_that_often_leaves_its_key_is_not_pulled(outside_key, share):
    assert pulls(outside_key, *[60] * 9)[60] == pytest.approx(share * pulls(0.0, *[60] * 9)[60])
