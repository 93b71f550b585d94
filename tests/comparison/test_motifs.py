"""Motifs: whatever the key, wherever it stands, and no more than is there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.comparison.motifs import SHORTEST_RUN, MotifIndex, Run, longest_repeat
from core.encoding import JointEncoding
from core.notes import CLOCK_QPM, FREE_QPM, Piece, Tempo, as_notes, at_constant_speed, transpose
from tests.conftest import work

rng = np.random.default_rng(3)


def melody(pitches, durations=None, begin=0.0):
    durations = durations or [0.5] * len(pitches)
    onsets = begin + np.cumsum([0.0, *durations[:-1]])
    rows = zip(onsets, durations, pitches, strict=False)
    return Piece(as_notes([(on, length, pitch, 80, 0) for on, length, pitch in rows]))


def random_piece(notes, seed):
    drawn = np.random.default_rng(seed)
    return melody(drawn.integers(40, 90, notes).tolist(), drawn.choice([0.25, 0.5, 1.0], notes).tolist())


PIECES = [random_piece(60, seed) for seed in range(4)]


def test_a_copy_in_another_key_is_found_with_its_place():
    notes = PIECES[2].notes[20:45].copy()
    notes["onset"] += 7.0
    copy = transpose(Piece(as_notes(notes)), 3)
    index = MotifIndex(PIECES)
    assert index.shared(copy, 16) == 1.0
    assert index.runs(copy) == [Run(0, 25, 2, 20)]


def test_a_run_inside_new_notes_begins_and_ends_where_it_does():
    own = random_piece(30, 9).notes["pitch"].tolist()
    pitches = own[:10] + [pitch + 2 for pitch in PIECES[0].notes["pitch"][5:17].tolist()] + own[10:20]
    durations = [0.75] * 10 + PIECES[0].notes["duration"][5:17].tolist() + [0.75] * 10
    assert MotifIndex(PIECES).runs(melody(pitches, durations)) == [Run(10, 12, 0, 5)]


@pytest.mark.parametrize("change", ["onset", "pitch", "duration"])
def test_one_note_that_differs_ends_a_run(change):
    notes = PIECES[1].notes.copy()
    notes[change][30] += 1
    if change == "onset":
        notes["onset"][31:] += 5  # the order stays
    changed = Piece(as_notes(notes))
    assert MotifIndex(PIECES).runs(changed) == [Run(0, 30, 1, 0), Run(31, 29, 1, 31)]
    assert MotifIndex(PIECES).shared(changed, 16) < 1


def test_short_runs_are_not_listed():
    some = melody(PIECES[0].notes["pitch"][: SHORTEST_RUN - 1].tolist())
    assert MotifIndex(PIECES).runs(some) == []


def test_no_run_goes_over_the_end_of_a_piece():
    both = melody([*PIECES[0].notes["pitch"][-10:].tolist(), *PIECES[1].notes["pitch"][:10].tolist()])
    even = [melody(piece.notes["pitch"].tolist()) for piece in PIECES]
    runs = MotifIndex(even).runs(both)
    assert {(run.begin, run.notes, run.piece) for run in runs} == {(0, 10, 0), (10, 10, 1)}


def test_shared_among_leaves_each_piece_itself_out():
    half = Piece(PIECES[3].notes[:30])
    alone, shared, part = MotifIndex([PIECES[0], PIECES[3], half]).shared_among(4)
    assert (alone, part) == (0.0, 1.0)
    assert shared == pytest.approx(27 / 57)


def test_a_motif_that_comes_back_within_one_piece_is_not_shared():
    twice = melody([60, 64, 67, 72] * 5)
    assert MotifIndex([twice, PIECES[0]]).shared_among(4) == [0.0, 0.0]


@pytest.mark.parametrize("pieces", [[], [Piece(as_notes([]))], [melody([60])]])
def test_there_may_be_nothing_to_compare_with(pieces):
    index = MotifIndex(pieces)
    assert index.shared(PIECES[0], 4) == 0.0
    assert index.shared_among(4) == [0.0] * len(pieces)
    assert index.runs(PIECES[0]) == []
    assert MotifIndex(PIECES).runs(Piece(as_notes([]))) == []


def plain_runs(take, pieces):
    """The same by trying all pairs of places."""

    def tokens(piece):
        rows = piece.notes
        ticks = np.round(rows["onset"] * 24).astype(int)
        lengths = np.round(rows["duration"] * 24).astype(int)
        steps = list(zip(np.diff(ticks), np.diff(rows["pitch"].astype(int)), lengths[1:], strict=True))
        return lengths.tolist(), [None, *steps]

    own, ways = tokens(take)
    longest = [0] * len(own)
    for heads, others in map(tokens, pieces):
        for begin in range(len(own)):
            for at in range(len(heads)):
                if own[begin] != heads[at]:
                    continue
                notes = 1
                while (
                    begin + notes < len(own) and at + notes < len(heads) and ways[begin + notes] == others[at + notes]
                ):
                    notes += 1
                longest[begin] = max(longest[begin], notes)
    found, end = [], 0
    for begin, notes in enumerate(longest):
        if notes >= SHORTEST_RUN and begin + notes > end:
            found.append((begin, notes))
            end = begin + notes
    return found


few = st.lists(st.tuples(st.integers(60, 61), st.sampled_from([0.5, 1.0])), min_size=1, max_size=40)


@given(few, st.lists(few, min_size=1, max_size=3))
def test_runs_are_those_that_trying_all_places_finds(take, pieces):
    take, *pieces = (melody(*map(list, zip(*rows, strict=True))) for rows in (take, *pieces))
    runs = MotifIndex(pieces).runs(take)
    assert [(run.begin, run.notes) for run in runs] == plain_runs(take, pieces)


def test_work_grows_with_the_notes():
    same = [melody([60] * 400) for _ in range(10)]
    once = work(lambda: MotifIndex(same[:5]).runs(melody([60] * 200)))
    twice = work(lambda: MotifIndex(same).runs(melody([60] * 200)))
    assert twice < 2.5 * once


def test_a_performance_that_was_encoded_and_written_again_is_found():
    rng = np.random.default_rng(5)
    onsets = np.cumsum(rng.uniform(0.02, 0.6, 200))
    rows = [(onset, rng.uniform(0.1, 3.0), int(rng.integers(40, 80)), 80, 0) for onset in onsets]
    for qpm in (60.0, 90.0, 120.0):
        piece = Piece(as_notes(rows), tempos=(Tempo(0.0, qpm),))
        encoding = JointEncoding()
        copy = Piece(encoding.decode(encoding.encode(piece)), tempos=(Tempo(0.0, CLOCK_QPM),))
        written = at_constant_speed(copy, FREE_QPM)
        assert MotifIndex([piece]).shared(written, 8) > 0.9


@pytest.mark.parametrize(
    ("pitches", "notes"),
    [([60, 62, 65, 61], 1), ([60, 62, 65, 61, 70, 62, 65], 2), ([60, 62, 65, 80, 63, 65, 68, 40], 3), ([60] * 5, 4)],
)
def test_the_longest_repeat_is_counted_in_any_key(pitches, notes):
    assert longest_repeat(Piece(as_notes([(at, 1.0, pitch, 80, 0) for at, pitch in enumerate(pitches)]))) == notes
