from dataclasses import replace

import numpy as np
import pytest

from core.composing.ending import Ending, Ways
from core.composing.plan import plan_take
from core.composing.primer import read_primer
from core.composing.take import compose
from core.config import ComposingSettings
from core.corpus.endings import bass_at_end
from core.corpus.keys import tonic_of
from core.corpus.style import style_of
from core.encoding import JointEncoding
from core.notes import Piece, as_notes
from tests.conftest import tune

PIECE = tune(first=60, bars=7)  # in C major, over a held fifth
BAR = 96
UNLIKELY = -40.0


@pytest.fixture
def encoding():
    return JointEncoding.learn([PIECE])


def ending_of(encoding, tonic_endings=1.0, last_notes=(), grid=True, by_chance=True, **settings):
    style = style_of([PIECE])
    style = replace(style, tonic_endings=tonic_endings, last_notes=last_notes, grid=grid, longest_note=32.0)
    plan = plan_take(style, ComposingSettings(bars=8, **settings), read_primer(encoding, None))
    return Ending(encoding, plan, as_notes([]), 0, by_chance)


def way(encoding, *notes):
    """Return the events and the onsets of one way that goes on after the piece: notes in quarters after its 7 bars."""
    after = [(28.0 + onset, duration, pitch, 80, 0) for onset, duration, pitch in notes]
    events = encoding.encode(Piece(as_notes([*PIECE.notes.tolist(), *after])))[-len(after) :]
    return events.astype(np.int64), np.array([round(24 * onset) for onset, *_ in after])


def choose(encoding, ways, ends, seed=0, **settings):
    """Let an ending be chosen among ways of equally many events; return its new events and where it ends, in bars."""
    events, onsets = zip(*ways, strict=True)
    found = Ways(np.stack(events, axis=1), np.stack(onsets, axis=1), np.array(ends, dtype=float).T)
    head = encoding.encode(PIECE).astype(np.int64)
    whole, stop = ending_of(encoding, **settings).choose(head, found, np.random.default_rng(seed))
    assert whole[: len(head)].tolist() == head.tolist()
    return whole[len(head) :].tolist(), stop / BAR


def test_a_lane_is_closed_from_two_bars_before_the_end(encoding):
    assert ending_of(encoding).turn == 6 * BAR
    assert ending_of(encoding).latest == 9 * BAR


def test_it_ends_where_the_model_finds_that_likeliest(encoding):
    one = way(encoding, (0.0, 1.0, 60), (1.0, 1.0, 60), (2.0, 2.0, 60))
    for step in range(3):
        ends = [[UNLIKELY if at != step else 0.0 for at in range(3)]]
        events, stop = choose(encoding, [one], ends)
        assert (len(events), stop) == (step + 1, 8)


def test_the_tonic_is_in_the_bass_as_often_as_in_the_style(encoding):
    ways = [way(encoding, (0.0, 4.0, 62)), way(encoding, (0.0, 4.0, 48))]
    likelier = [[0.0], [-1.0]]
    assert choose(encoding, ways, likelier)[0] == ways[1][0].tolist()
    without = [choose(encoding, ways, likelier, seed, tonic_endings=0.0)[0] for seed in range(30)]
    assert 12 < without.count(ways[0][0].tolist()) < 30


def test_a_key_that_is_asked_for_has_its_own_tonic(encoding):
    ways = [way(encoding, (0.0, 4.0, 60)), way(encoding, (0.0, 4.0, 57))]
    assert choose(encoding, ways, [[0.0], [-3.0]], key="A minor")[0] == ways[1][0].tolist()


def test_where_no_way_closes_the_one_drawn_first_is_taken(encoding):
    ways = [way(encoding, (0.0, 4.0, 62))]
    assert choose(encoding, ways, [[-5.0]])[0] == ways[0][0].tolist()


def test_an_end_a_bar_early_or_late_is_less_likely_and_none_is_further_away(encoding):
    one = way(encoding, (0.0, 1.0, 60), (4.0, 1.0, 60), (8.0, 1.0, 60))
    stops = [choose(encoding, [one], [[0.0, 0.0, 0.0]], seed, tonic_endings=0.0)[1] for seed in range(60)]
    assert set(stops) == {8, 9}
    assert stops.count(8) > 2 * stops.count(9)


def test_it_ends_on_the_bar_line_after_its_last_note(encoding):
    short, long = way(encoding, (3.0, 0.5, 60)), way(encoding, (3.0, 3.0, 60))
    assert choose(encoding, [short], [[0.0]])[1] == 8
    assert choose(encoding, [long], [[0.0]])[1] == 9


def durations(encoding, events):
    return encoding.decode(np.array(events))["duration"].tolist()


def last_length(encoding, lengths, seed=0, **settings):
    """Return how long the last note is, of those 0.5 quarters long, where pieces end with notes of some lengths."""
    one = way(encoding, (0.0, 1.0, 64), (1.0, 0.5, 60))
    events, _ = choose(encoding, [one], [[UNLIKELY, 0.0]], seed, last_notes=lengths, **settings)
    return durations(encoding, events)[-1]


def test_the_last_note_is_held_as_long_as_that_of_a_piece_and_no_shorter_than_it_was_drawn(encoding):
    assert {last_length(encoding, (0.25, 1.0, 2.0), seed) for seed in range(30)} == {0.5, 1.0, 2.0}


def test_without_chance_it_is_that_of_the_piece_in_the_middle(encoding):
    assert last_length(encoding, (1.0, 2.5, 2.0, 3.0), by_chance=False) == 2.0


def test_it_is_held_no_longer_than_to_the_bar_line_but_by_the_clock_as_long_as_it_rings(encoding):
    one = way(encoding, (0.0, 1.0, 60), (2.0, 1.0, 60))
    ends = [[UNLIKELY, 0.0]]
    events, stop = choose(encoding, [one], ends, last_notes=(16.0,))
    assert (durations(encoding, events), stop) == ([1.0, 2.0], 8)
    events, stop = choose(encoding, [one], ends, last_notes=(16.0,), grid=False, play_seconds=16)
    assert (durations(encoding, events), stop) == ([1.0, 16.0], (28 + 2 + 16) / 4)


def test_takes_end_on_bar_lines_and_another_seed_may_end_otherwise(model):
    settings = ComposingSettings(bars=8, seed=3, variations=4)
    closed, cut = compose(model, settings), compose(model, replace(settings, ending=False))
    assert [take.piece.notes.tolist() for take in closed] != [take.piece.notes.tolist() for take in cut]
    for take in closed:
        assert 6 * 4 < take.piece.notes["onset"].max() < 9 * 4
        assert take.piece.end <= 9 * 4


def test_more_takes_end_on_the_tonic_in_a_style_that_always_does(model):
    ends = {}
    for share in (0.0, 1.0):
        style = replace(model.style, tonic_endings=share)
        takes = compose(replace(model, style=style), ComposingSettings(bars=8, variations=8))
        ends[share] = sum(bass_at_end(take.piece.notes) % 12 == tonic_of(take.piece.notes) for take in takes)
    assert ends[1.0] > ends[0.0]


def test_the_tonic_is_that_of_the_key_that_fits_best():
    assert tonic_of(PIECE.notes) in (0, 7)
    assert bass_at_end(as_notes([(0.0, 4.0, 36, 80, 0), (1.0, 1.0, 60, 80, 0), (2.0, 1.0, 64, 80, 0)])) == 36
    assert bass_at_end(as_notes([(0.0, 2.0, 36, 80, 0), (2.0, 1.0, 64, 80, 0)])) == 64
