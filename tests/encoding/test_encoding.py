import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.encoding import ENCODINGS, ClassicEncoding, JointEncoding, joint
from core.encoding.active_notes import ENDED, HELD, STRUCK
from core.encoding.columns import with_boundaries
from core.encoding.time_grid import FREE_POSITION, SPANS, TICKS_PER_QUARTER, bar_positions, gap_ids, span_ids
from core.notes import Metre, Piece, as_notes, transpose

NOTES = st.lists(
    st.tuples(st.integers(0, 380), st.integers(1, 47), st.integers(0, 127), st.integers(1, 127)),
    min_size=1,
    max_size=60,
)


def piece_of(rows):
    return Piece(as_notes([(onset / 24, ticks / 24, pitch, velocity, 0) for onset, ticks, pitch, velocity in rows]))


@given(NOTES)
def test_decode_inverts_encode_up_to_loudness(rows):
    unique = {(onset, pitch): row for row in rows for onset, pitch in [(row[0], row[2])]}
    piece, encoding = piece_of(unique.values()), JointEncoding()
    heard = encoding.decode(encoding.encode(piece))
    assert heard["pitch"].tolist() == piece.notes["pitch"].tolist()
    assert np.allclose(heard["duration"], piece.notes["duration"])
    assert np.abs(heard["onset"] - piece.notes["onset"]).max() <= 7 / TICKS_PER_QUARTER
    assert np.abs(heard["velocity"].astype(int) - piece.notes["velocity"]).max() <= 4


def test_all_ids_lie_inside_their_columns(tunes, family):
    encoding = ENCODINGS[family].learn(tunes)
    for place, column in enumerate(encoding.columns):
        assert encoding.encode(tunes[0])[:, place].max() < column.boundary


def test_rounding_a_long_gap_does_not_shift_what_follows():
    onsets = np.array([0, 101, 125, 149, 173])
    assert np.cumsum(SPANS[gap_ids(onsets)])[-1] == 173


def test_every_short_span_can_be_said():
    assert SPANS[span_ids(np.arange(49))].tolist() == list(range(49))


@given(st.integers(0, 5000))
def test_no_span_is_nearer_than_the_one_chosen(ticks):
    assert abs(SPANS[span_ids(ticks)] - ticks) == np.abs(SPANS - ticks).min()


def test_positions_start_again_at_each_bar():
    assert bar_positions([0, 24, 72, 96], 72).tolist() == [0, 12, 0, 12]


def test_positions_follow_a_change_of_metre(waltz):
    changed = Piece(waltz.notes, metres=(Metre(0.0, 3, 4), Metre(9.0, 2, 4)))
    places = JointEncoding().encode(changed)[:, joint.POSITION]
    assert places[8:13].tolist() == [24, 0, 12, 0, 12]


def test_music_without_a_beat_has_no_place_in_the_bar():
    onsets = np.sort(np.random.default_rng(1).uniform(0, 60, 300))
    piece = Piece(as_notes([(onset, 0.2, 60, 80, 0) for onset in onsets]))
    assert set(JointEncoding().encode(piece)[:, joint.POSITION]) == {FREE_POSITION}


def test_classic_keeps_the_octaves_of_a_chord():
    piece = Piece(as_notes([(0, 1, 48, 80, 0), (0, 1, 64, 80, 0), (1, 1, 60, 80, 0)]))
    encoding = ClassicEncoding.learn([piece])
    assert set(encoding.tokens(1)) == {"C3.E4", "C4"}
    assert encoding.decode(encoding.encode(piece))["pitch"].tolist() == [48, 64, 60]


def test_classic_notes_last_until_the_next(tunes):
    encoding = ClassicEncoding.learn(tunes)
    notes = encoding.decode(encoding.encode(tunes[0]))
    assert notes["duration"][0] == 0.5


def test_classic_spells_only_what_it_has_not_seen(tunes, waltz):
    encoding = ClassicEncoding.learn(tunes)
    assert encoding.spelling_bits(tunes[0]) == 0
    assert encoding.spelling_bits(waltz) > 0
    assert JointEncoding().spelling_bits(waltz) == 0


def test_unseen_share_is_that_of_what_was_seen_once():
    piece = Piece(as_notes([(onset, 1, pitch, 80, 0) for onset, pitch in enumerate([60, 60, 60, 62])]))
    assert ClassicEncoding.learn([piece]).unseen[1] == pytest.approx(1 / 5)


def test_encoding_survives_its_words(tunes, family):
    encoding = ENCODINGS[family].learn(tunes)
    again = ENCODINGS[family].from_json(encoding.to_json())
    assert (again.encode(tunes[1]) == encoding.encode(tunes[1])).all()


def test_boundaries_stand_at_both_ends(tunes, family):
    encoding = ENCODINGS[family].learn(tunes)
    events = with_boundaries(encoding.inputs(tunes[0]), encoding.columns)
    edge = [column.boundary for column in encoding.columns] + [0] * encoding.context
    assert events[0].tolist() == events[-1].tolist() == edge


def test_a_transposed_sheet_is_the_sheet_of_the_transposed_piece(tunes, family):
    encoding = ENCODINGS[family].learn([transpose(tunes[0], semitones) for semitones in (0, 3)])
    moved = encoding.transposed(encoding.inputs(tunes[0]), tunes[0], 3)
    assert (moved == encoding.inputs(transpose(tunes[0], 3))).all()


def test_what_sounds_is_held_ended_or_struck():
    rows = [(0, 2, 60, 80, 0), (0, 1, 64, 80, 0), (1, 1, 62, 80, 0), (1, 1, 67, 80, 0), (3, 1, 72, 80, 0)]
    codes = JointEncoding().inputs(Piece(as_notes(rows)))[:, 5 : 5 + 128]
    assert not codes[0].any()
    assert {pitch: codes[1, pitch] for pitch in np.flatnonzero(codes[1])} == {60: STRUCK}
    assert {pitch: codes[3, pitch] for pitch in np.flatnonzero(codes[3])} == {60: HELD, 62: STRUCK, 64: ENDED}
    assert {pitch: codes[4, pitch] for pitch in np.flatnonzero(codes[4])} == {60: ENDED, 62: ENDED, 67: ENDED}
