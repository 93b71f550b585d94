from dataclasses import replace

import numpy as np
import pytest

from core.notes import Track
from core.score.staves import parts_of
from tests.score.pieces import FLUTE, PIANO, piece_of

MELODY = [(float(onset), 1.0, 72 + onset % 5) for onset in range(8)]
BASS = [(float(onset), 1.0, 40 + onset % 5) for onset in range(8)]
CHORDS = [(float(onset), 1.0, pitch) for onset in range(8) for pitch in (43, 50, 67, 71)]


def staves(*tracks, program=PIANO):
    """Return the pitches on each staff of each part."""
    piece = piece_of(*tracks, program=program)
    return [[sorted(set(piece.notes["pitch"][staff].tolist())) for staff in part.staves] for part in parts_of(piece)]


def test_chords_at_a_piano_have_two_staves():
    assert staves(CHORDS) == [[[67, 71], [43, 50]]]


def test_two_tracks_of_a_piano_are_its_hands_wherever_they_lie():
    crossed = [(float(onset), 1.0, 55 if onset else 90) for onset in range(8)]
    assert staves([(float(onset), 1.0, 60) for onset in range(8)], crossed) == [[[60], [55, 90]]]
    assert staves(BASS, MELODY)[0][0][0] == 72


def test_a_single_line_needs_one_staff_even_at_a_piano():
    assert staves(MELODY) == [[[72, 73, 74, 75, 76]]]


def test_a_line_over_the_whole_keyboard_needs_two():
    wide = [(float(onset), 1.0, 30 + 6 * onset) for onset in range(12)]
    assert len(staves(wide)[0]) == 2


@pytest.mark.parametrize(
    ("program", "count"),
    [
        (0, 2),
        (7, 2),
        (8, 2),
        (9, 1),
        (16, 2),
        (21, 2),
        (22, 1),
        (23, 2),
        (24, 1),
        (46, 2),
        (47, 1),
        (48, 2),
        (54, 2),
        (55, 1),
    ],
)
def test_keyboards_harps_and_choirs_have_two_staves(program, count):
    assert len(staves(CHORDS, program=program)[0]) == count


def test_one_staff_is_enough_for_other_instruments():
    assert staves(CHORDS, program=24) == [[[43, 50, 67, 71]]]


def test_four_lines_of_a_keyboard_are_four_parts_with_the_names_of_their_tracks():
    lines = [[(onset, 1.0, pitch - shift) for onset, _, pitch in MELODY] for shift in (0, 7, 12, 24)]
    piece = piece_of(*lines, program=PIANO)
    assert [len(part.staves) for part in parts_of(piece)] == [1] * 4
    assert [part.name for part in parts_of(piece)] == ["track 0", "track 1", "track 2", "track 3"]


def test_three_tracks_with_chords_share_two_staves():
    assert len(staves(CHORDS, MELODY, BASS)) == 1


def test_what_follows_is_one_part_with_what_it_follows():
    later = [(onset + 8.0, length, pitch) for onset, length, pitch in CHORDS]
    assert staves(MELODY, BASS, later) == [[[67, 71, 72, 73, 74, 75, 76], [40, 41, 42, 43, 44, 50]]]
    flute = [(onset + 8.0, length, pitch) for onset, length, pitch in MELODY]
    assert staves(MELODY, flute, program=FLUTE) == [[[72, 73, 74, 75, 76]]]


def test_tracks_of_one_note_each_play_together():
    assert len(staves(*[[(0.0, 4.0, 60 + step)] for step in range(3)], program=FLUTE)) == 3


def test_instruments_stand_apart_in_the_order_of_their_tracks():
    piece = replace(piece_of(MELODY, BASS, []), tracks=(Track("", FLUTE), Track("left", PIANO), Track("", 40)))
    first, second = parts_of(piece)
    assert (first.name, first.program, second.name) == ("Flute", FLUTE, "Piano")


def test_every_note_has_one_staff():
    piece = piece_of(CHORDS, MELODY, BASS, program=PIANO)
    numbers = np.concatenate([staff for part in parts_of(piece) for staff in part.staves])
    assert sorted(numbers) == list(range(len(piece.notes)))
