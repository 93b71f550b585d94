import numpy as np
import pytest

from core.composing.key_memory import KeyMemory, freedom


def memory_of(outside_key, *pitches):
    """A memory of two lanes, one that had these pitches for a quarter each, one that had nothing but pitch 61."""
    memory = KeyMemory(outside_key, 2)
    for pitch in pitches:
        memory.update(np.array([pitch, 61]), np.ones(2))
    return memory


def pulls(memory, lane=0):
    return memory.pull(np.zeros((2, 128), np.float32))[lane]


def test_what_was_heard_gains_in_every_octave_and_the_rest_loses():
    found = pulls(memory_of(0.0, *[60, 64, 67] * 10))
    assert found[48] == found[60] == found[72] > 0 > found[61]
    assert found.dtype == np.float32


def test_before_the_first_note_nothing_is_pulled():
    assert not pulls(memory_of(0.0)).any()


def test_a_long_note_counts_for_more_than_a_short_one():
    memory = KeyMemory(0.0, 1)
    for pitch, quarters in ((60, 0.5), (62, 4.0), (60, 0.5)):
        memory.update(np.array([pitch]), np.array([quarters]))
    assert memory.pull(np.zeros((1, 12))).argmax() == 2


def test_lanes_have_what_they_have_heard():
    memory = memory_of(0.0, *[60] * 9)
    assert (pulls(memory).argmax() % 12, pulls(memory, lane=1).argmax() % 12) == (0, 1)
    swapped = memory.select(np.array([1, 1, 0])).pull(np.zeros((3, 128)))
    assert (swapped.argmax(axis=1) % 12).tolist() == [1, 1, 0]


def test_what_was_heard_less_of_late_is_due():
    evenly, apart = memory_of(0.0, *[60, 67] * 40), memory_of(0.0, *[60] * 40, *[67] * 40)
    assert pulls(evenly)[60] == pytest.approx(pulls(evenly)[67], abs=0.1)
    assert pulls(apart)[60] > pulls(apart)[67] + 0.5
    assert pulls(apart)[61] == pytest.approx(pulls(evenly)[61], abs=0.05)  # it hardly comes, so it is not due


def test_lanes_that_stay_are_led_back_to_what_was_heard_until_then():
    home, away = memory_of(0.0, *[60, 67] * 40), memory_of(0.0, *[60, 67] * 40)
    home.stay()
    for memory in (home, away):
        for _ in range(200):
            memory.update(np.array([66, 61]), np.ones(2))
    assert pulls(home)[60] > 1 > 0 > pulls(home)[66]
    assert pulls(away)[66] > pulls(home)[66] + 1


@pytest.mark.parametrize(("outside_key", "free"), [(0.01, 0.0), (0.02, 0.0), (0.0525, 0.5), (0.085, 1.0), (0.3, 1.0)])
def test_music_is_free_in_key_as_far_as_it_leaves_it(outside_key, free):
    assert freedom(outside_key) == pytest.approx(free)


@pytest.mark.parametrize(("outside_key", "share"), [(0.01, 1.0), (0.02, 1.0), (0.0525, 0.5), (0.085, 0.0), (0.3, 0.0)])
def test_music_that_often_leaves_its_key_is_not_pulled(outside_key, share):
    each, strict = (memory_of(outside, *[60] * 9) for outside in (outside_key, 0.0))
    each.stay()  # so that late is as what was heard, and nothing is due
    strict.stay()
    assert pulls(each)[60] == pytest.approx(share * pulls(strict)[60])
    assert pulls(strict)[60] > 0


def test_the_freer_music_is_the_less_is_pulled():
    strict, half, free = (pulls(memory_of(each, *[60] * 9)) for each in (0.02, 0.0525, 0.085))
    assert strict[60] > half[60] > 0 == free[60]
    strict, half, free = (pulls(memory_of(each, *[60] * 40, *[67] * 40)) for each in (0.02, 0.0525, 0.085))
    assert 0 < half[60] - half[67] < 0.4 * (strict[60] - strict[67])
    assert not free.any()


def test_also_free_music_returns_to_a_primer():
    memory = memory_of(0.3, *[60] * 40)
    memory.stay()
    for _ in range(40):
        memory.update(np.array([66, 61]), np.ones(2))
    assert pulls(memory)[60] > 0.1 > -0.1 > pulls(memory)[66]
