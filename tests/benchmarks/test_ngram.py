import numpy as np
import pytest

from benchmarks.ngram import FIRST, SIZES, Ngram, tokens


def test_what_may_follow_sums_to_one(waltz, tunes):
    learned = tokens([waltz, *tunes], 4)
    model, heard = Ngram(4, learned), learned[: 4 + 3 * 5]
    for place, field in ((-3, 0), (-2, 1), (-1, 2)):
        reached = np.zeros(4)
        for token in range(FIRST[field], FIRST[field] + SIZES[field]):
            changed = heard[: len(heard) + place + 1].copy()
            changed[-1] = token
            reached += 2 ** -(model.bits(changed)[:, field] - model.bits(changed[:-1])[:, field])
        assert reached == pytest.approx(1)


def test_longer_contexts_know_their_own_music_better(waltz, tunes):
    learned = tokens([waltz, *tunes], 6)
    costs = Ngram(6, learned).bits(learned).sum(axis=1)
    assert (np.diff(costs) < 0).all()
