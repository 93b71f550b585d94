import math

import numpy as np
import pytest

from core.encoding import ClassicEncoding, classic
from core.notes import Piece, as_notes, transpose


def piece(*rows):
    return Piece(as_notes([(onset, 1.0, pitch, 33, 3) for onset, pitch in rows]))


SONG = piece((1, 60), (1.5, 64), (1.5, 62), (2.5, 60), (3, 60))
ENCODING = ClassicEncoding.learn([SONG])


def rows(notes):
    return [(float(each["onset"]), round(float(each["duration"]), 6), int(each["pitch"])) for each in notes]


def test_the_most_frequent_tokens_come_first():
    assert ENCODING.gaps == (24, 12)
    assert ENCODING.chords == ((60,), (62, 64))
    assert (ENCODING.tokens(classic.GAP), ENCODING.tokens(classic.CHORD)) == (("1", "1/2"), ("C4", "D4.E4"))
    assert ENCODING.encode(SONG).tolist() == [[0, 0], [1, 1], [0, 0], [1, 0]]


def test_events_are_whole_numbers_also_where_there_are_none():
    assert ENCODING.encode(SONG).dtype == np.int32
    assert ENCODING.inputs(SONG).dtype == np.int16
    assert ENCODING.encode(piece()).shape == (0, 2)


def test_what_is_not_in_the_vocabulary_is_unknown():
    assert ENCODING.encode(piece((0.25, 60), (1.25, 61))).tolist() == [[2, 0], [0, 2]]


def test_a_pitch_that_is_struck_twice_is_in_a_chord_once():
    assert ENCODING.encode(piece((1, 64), (1, 62), (1, 64))).tolist() == [[0, 1]]


def test_notes_last_until_the_next_begins_but_no_longer_than_four_quarters_and_the_last_one_a_quarter():
    events = np.array([[0, 0], [1, 1], [2, 0], [0, 0], [0, 0]])
    encoding = ClassicEncoding([24, 12, 120], [(60,), (62, 64)], (0.1, 0.1))
    assert rows(encoding.decode(events)) == [
        (1, 0.5, 60),
        (1.5, 4, 62),
        (1.5, 4, 64),
        (6.5, 1, 60),
        (7.5, 1, 60),
        (8.5, 1, 60),
    ]


def test_notes_are_of_one_loudness_and_one_track():
    notes = ENCODING.decode(ENCODING.encode(SONG))
    assert (set(notes["velocity"]), set(notes["track"])) == ({80}, {0})


def test_an_unknown_chord_is_a_rest_and_an_unknown_gap_is_none():
    assert rows(ENCODING.decode(np.array([[0, 0], [0, 2], [0, 0], [2, 1]]), onset=48)) == [
        (3, 1, 60),
        (5, round(1 / 24, 6), 60),
        (5, 1, 62),
        (5, 1, 64),
    ]


def test_a_gap_longer_than_sixty_four_quarters_counts_as_that():
    assert ClassicEncoding.learn([piece((0, 60), (100, 60))]).gaps == (0, 1536)


def test_what_is_unknown_costs_its_spelling():
    known, gap, chord = SONG, piece((0.25, 60), (1.25, 60)), piece((1, 50), (2, 50), (2, 51))
    assert ENCODING.spelling_bits(known) == 0
    assert ENCODING.spelling_bits(gap) == pytest.approx(math.log2(1536))
    assert ENCODING.spelling_bits(chord) == pytest.approx(math.log2(16 * 128) + math.log2(16 * 128 * 127 / 2))


def test_the_unknown_is_as_likely_as_what_was_met_once():
    assert ClassicEncoding.learn([piece(*enumerate([60, 60, 60, 62, 64]))]).unseen[1] == pytest.approx(2 / 6)
    assert ClassicEncoding.learn([piece(*enumerate([60, 60, 62, 62]))]).unseen[1] == pytest.approx(1 / 5)
    assert ClassicEncoding.learn([piece(*enumerate([60, 61, 62, 63]))]).unseen[1] == 0.5
    assert ClassicEncoding.learn([piece((0, 60))]).unseen == ClassicEncoding.learn([]).unseen == (0.5, 0.5)


def test_of_very_many_chords_the_rarest_are_unknown(monkeypatch):
    monkeypatch.setattr(classic, "_LARGEST_VOCAB", 2)
    encoding = ClassicEncoding.learn([piece(*enumerate([60] * 5 + [61] * 4 + [62] * 3 + [63] * 2))])
    assert encoding.chords == ((60,), (61,))
    assert encoding.unseen[1] == pytest.approx(5 / 15)


def test_the_vocabulary_holds_four_thousand_chords():
    many = [(at, 40 + at % 64) for at in range(4100)] + [(at, 104 + at // 64 % 24) for at in range(4100)]
    chords = ClassicEncoding.learn([piece(*many, *((at, 20 + at // 1536) for at in range(4100)))]).chords
    assert len(chords) == 4096


def test_in_another_key_the_vocabulary_is_asked_anew():
    both = ClassicEncoding.learn([SONG, transpose(SONG, 2)])
    moved = both.transposed(both.inputs(SONG), SONG, 2)
    assert (moved == both.inputs(transpose(SONG, 2))).all()
    assert (ENCODING.transposed(ENCODING.inputs(SONG), SONG, 5)[:, 1] == 2).all()


def test_it_comes_back_from_its_words():
    again = ClassicEncoding.from_json(ENCODING.to_json())
    assert (again.gaps, again.chords, again.unseen) == (ENCODING.gaps, ENCODING.chords, ENCODING.unseen)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("gaps", []),
        ("gaps", [12, 12]),
        ("gaps", [-1]),
        ("gaps", [1537]),
        ("gaps", [True]),
        ("gaps", [12.0]),
        ("chords", []),
        ("chords", [[]]),
        ("chords", [[128]]),
        ("chords", [[-1]]),
        ("chords", [[64, 60]]),
        ("chords", [[60, 60]]),
        ("chords", [[60], [60]]),
        ("chords", ["C4"]),
        ("unseen", [0.1]),
        ("unseen", [0.1, 0.0]),
        ("unseen", [0.1, 0.6]),
        ("unseen", [0.1, float("nan")]),
        ("unseen", [0.1, 0.1, 0.1]),
    ],
)
def test_words_that_are_no_vocabulary_are_refused(part, value):
    good = {"gaps": [0, 1536], "chords": [[0, 127], [60]], "unseen": [0.1, 0.5]}
    assert ClassicEncoding.from_json(good).gaps == (0, 1536)
    with pytest.raises(ValueError, match="vocabular"):
        ClassicEncoding.from_json(good | {part: value})


def test_words_with_more_tokens_than_a_vocabulary_holds_are_refused(monkeypatch):
    monkeypatch.setattr(classic, "_LARGEST_VOCAB", 2)
    with pytest.raises(ValueError, match="more than 2"):
        ClassicEncoding.from_json({"gaps": [0, 1, 2], "chords": [[60]], "unseen": [0.1, 0.1]})


def test_no_events_are_no_notes():
    assert len(ENCODING.decode(np.zeros((0, 2), dtype=int))) == 0
