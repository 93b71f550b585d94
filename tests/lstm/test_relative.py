from dataclasses import replace

import numpy as np
import pytest

from core.config import TrainingSettings
from core.encoding import JointEncoding
from core.encoding.context import CONTEXT, transposed
from core.lstm.parameters import NEAR, architectures, initial
from core.lstm.relative import Relative, active_of

NOWHERE = np.array([128])


@pytest.fixture
def relative(tiny):
    return Relative(*tiny, "pitch")


@pytest.fixture
def tiny():
    (architecture,) = architectures(JointEncoding(), TrainingSettings(units=8, head_units=8, channels=3))
    return architecture, initial(architecture, np.random.default_rng(0))


def context(**codes):
    found = np.zeros((1, CONTEXT), np.int16)
    for name, code in codes.items():
        found[0, int(name[1:])] = code
    found[0, 128] = 200
    return found


def scores_of(relative, head, context, last):
    return relative.scores(head, active_of(context[:, :128]), context[:, 128:], last)


HEAD = np.random.default_rng(1).normal(size=(1, 8)).astype(np.float32)


def test_in_another_key_all_is_as_it_was(relative):
    here = context(p60=1, p64=2, p67=3)
    scores = scores_of(relative, HEAD, here, np.array([67]))
    there = scores_of(relative, HEAD, transposed(here, 5), np.array([72]))
    assert np.allclose(scores[:, 30:100], there[:, 35:105], atol=1e-5)


def test_beyond_an_octave_a_note_counts_by_its_pitch_class(relative):
    scores = scores_of(relative, HEAD, context(p60=1), NOWHERE)[0]
    far = scores[60 + NEAR + 1 : 60 + NEAR + 25]
    assert np.allclose(far[:12], far[12:], atol=1e-6)
    assert not np.allclose(scores[49:60], scores[61:72], atol=1e-3)


def test_kinds_of_notes_are_told_apart(relative):
    kinds = [scores_of(relative, HEAD, context(p60=code), NOWHERE) for code in (1, 2, 3)]
    kinds.append(scores_of(relative, HEAD, context(), np.array([60])))
    assert all(not np.allclose(one, other) for at, one in enumerate(kinds) for other in kinds[:at])


def test_lanes_are_judged_apart(relative):
    rows = np.concatenate([context(p60=1), context(), context(p62=2, p70=3)])
    heads, last = np.repeat(HEAD, 3, axis=0), np.array([128, 64, 70])
    both = scores_of(relative, heads, rows, last)
    alone = [scores_of(relative, HEAD, rows[[lane]], last[[lane]])[0] for lane in range(3)]
    assert np.allclose(both, alone, atol=1e-5)


def test_without_memories_pitches_are_judged_by_the_notes_alone(tiny):
    from core.lstm.intervals import class_scores

    architecture, codes = replace(tiny[0], memories=0, context=128), np.zeros((2, 128), np.int32)
    codes[1, 60] = 1
    kernels = np.ones((2, architecture.kinds * 12), np.float32)
    scores = class_scores(architecture, kernels, codes, np.array([128, 128])).numpy()
    assert scores.tolist() == [[0.0] * 128, [1.0] * 128]
