import numpy as np

from core.composing.voice_leading import VoiceLeading
from core.corpus.voices import parallel_moves
from core.notes import Piece, as_notes


def struck(*notes, lanes=1):
    voices = VoiceLeading(lanes)
    for onset, pitch, duration in notes:
        voices.strike(*(np.full(lanes, each) for each in (onset, pitch, duration)))
    return voices


CHORD = [(0, pitch, 24) for pitch in (48, 55, 64, 72)]


def forbidden(voices, onset):
    return np.flatnonzero(~voices.allowed(np.array([onset]))[0]).tolist()


def test_nothing_is_forbidden_before_a_voice_has_moved():
    assert forbidden(struck(), 0) == forbidden(struck(*CHORD), 24) == []


def test_a_fifth_and_an_octave_above_a_voice_that_moved_are_forbidden_to_their_own_voices():
    assert forbidden(struck(*CHORD, (24, 50, 24)), 24) == [57]
    assert forbidden(struck(*CHORD, (24, 50, 24), (24, 59, 24), (24, 65, 24)), 24) == [57, 74]


def test_a_voice_that_stays_forbids_nothing():
    assert forbidden(struck(*CHORD, (24, 48, 24)), 24) == []


def test_voices_that_are_held_count():
    held = [(0, 48, 48), (0, 55, 24), (0, 64, 24), (0, 67, 24)]
    assert forbidden(struck(*held, (24, 53, 24), (24, 62, 24)), 24) == [65]
    assert forbidden(struck(*held[:1], (0, 55, 24), (0, 62, 24), (0, 67, 24), (24, 57, 24)), 24) == [64]


def test_three_voices_are_free():
    assert forbidden(struck(*CHORD[:3], (24, 50, 24)), 24) == []


def test_chance_that_keeps_to_it_writes_no_parallels():
    rng, voices, rows = np.random.default_rng(0), VoiceLeading(1), []
    for step in range(200):
        last = 30
        for _ in range(4):
            allowed = voices.allowed(np.array([24 * step]))[0]
            pitch = rng.choice([p for p in range(last + 1, last + 12) if allowed[p]])
            voices.strike(np.array([24 * step]), np.array([pitch]), np.array([24]))
            rows.append((step * 1.0, 1.0, int(pitch), 80, 0))
            last = pitch
    pairs, moves = parallel_moves([Piece(as_notes(rows))])
    assert (pairs, moves) == (0, 199)


def test_lanes_are_kept_apart():
    voices = VoiceLeading(2)
    for _, pitch, _ in CHORD:
        voices.strike(np.zeros(2, int), np.full(2, pitch), np.full(2, 24))
    voices.strike(np.full(2, 24), np.array([50, 48]), np.full(2, 24))
    allowed = voices.select(np.array([1, 0])).allowed(np.full(2, 24))
    assert [np.flatnonzero(~row).tolist() for row in allowed] == [[], [57]]
