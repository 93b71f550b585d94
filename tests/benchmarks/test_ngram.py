import numpy as np
import pytest

from benchmarks.ngram import FIRST, PAD, SIZES, Ngram, tokens


def test_probabilities_of_what_may_follow_sum_to_one(waltz, tunes):
    learned = tokens([waltz, *tunes], 4)
    model, beginning = Ngram(4, learned), learned[: 4 + 3 * 5]
    for end, column in ((-3, 0), (-2, 1), (-1, 2)):
        reached = np.zeros(4)
        for token in range(FIRST[column], FIRST[column] + SIZES[column]):
            changed = beginning[: len(beginning) + end + 1].copy()
            changed[-1] = token
            reached += 2 ** -(model.bits(changed)[:, column] - model.bits(changed[:-1])[:, column])
        assert reached == pytest.approx(1)


def test_longer_contexts_know_their_own_music_better(waltz, tunes):
    learned = tokens([waltz, *tunes], 6)
    costs = Ngram(6, learned).bits(learned).sum(axis=1)
    assert (np.diff(costs) < 0).all()


def test_tokens_of_every_key_stand_behind_pads(waltz):
    plain, all_keys = tokens([waltz], 3), tokens([waltz], 3, 2)
    assert plain[:3].tolist() == [PAD] * 3
    assert (plain[3:] != PAD).all()
    assert len(all_keys) == 5 * len(plain)
    assert all_keys[2 * len(plain) : 3 * len(plain)].tolist() == plain.tolist()


def test_a_piece_is_three_tokens_a_note_and_its_end(waltz):
    assert len(tokens([waltz], 0)) == 3 * len(waltz.notes) + 1


def test_unigram_is_the_formula(waltz):
    """24 notes of three pitches, 8 each; two tokens stand once (the first gap, the end), none twice: d = 3 / 4."""
    learned = tokens([waltz], 1)
    probability = (8 - 0.75 + 0.75 * 3 / SIZES[1]) / 24
    assert Ngram(1, learned).bits(learned)[0, 1] == pytest.approx(-24 * np.log2(probability))
