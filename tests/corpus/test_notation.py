import pytest
from music21 import chord, meter, note, stream, tie

from core.corpus.notation import from_score
from core.notes import Metre, Tempo, Track


def score(*parts):
    found = stream.Score()
    for part in parts:
        found.insert(0, part)
    return found


def part(*elements, name=None):
    found = stream.Part()
    found.partName = name
    for element in elements:
        found.append(element)
    return found


def measures(pickup, padding, signature="4/4", bars=2):
    """A first measure that is left incomplete by `padding`, then whole ones."""
    length = meter.TimeSignature(signature).barDuration.quarterLength
    first = stream.Measure(number=0)
    first.append(meter.TimeSignature(signature))
    if pickup:
        first.append(note.Note(60, quarterLength=pickup))
    first.paddingLeft = padding
    found = stream.Part()
    found.append(first)
    for number in range(1, bars + 1):
        measure = stream.Measure(number=number)
        measure.append(note.Note(62, quarterLength=length))
        found.append(measure)
    return found


def read(*parts):
    return from_score(score(*parts), "Song", 90.0, 19)


def rows(piece):
    return [(float(each["onset"]), float(each["duration"]), int(each["pitch"])) for each in piece.notes]


def test_each_part_is_a_track_of_the_one_instrument():
    piece = read(part(note.Note(72), name="Soprano"), part(note.Note(48), note.Note(50)))
    assert piece.tracks == (Track("Soprano", 19), Track("Part 2", 19))
    assert piece.notes["track"].tolist() == [1, 0, 1]
    assert (piece.title, piece.tempos, set(piece.notes["velocity"])) == ("Song", (Tempo(0.0, 90.0),), {80})


def test_without_a_word_the_instrument_is_the_piano():
    assert from_score(score(part(note.Note(60))), "Song", 90.0).program == 0


def test_all_notes_of_a_chord_begin_together_and_rests_are_left_out():
    piece = read(part(chord.Chord([60, 64, 67], quarterLength=2), note.Rest(quarterLength=1), note.Note(62)))
    assert rows(piece) == [(0, 2, 60), (0, 2, 64), (0, 2, 67), (3, 1, 62)]


def test_tied_notes_are_one_and_ornaments_without_length_none():
    first, second = note.Note(60, quarterLength=3), note.Note(60, quarterLength=2)
    first.tie, second.tie = tie.Tie("start"), tie.Tie("stop")
    piece = read(part(first, second, note.Note(61).getGrace(), note.Note(64, quarterLength=0.25)))
    assert rows(piece) == [(0, 5, 60), (5, 0.25, 64)]


def test_without_a_time_signature_the_metre_is_common_time():
    assert read(part(note.Note(60))).metres == (Metre(0.0, 4, 4),)


def test_metres_change_where_the_first_part_says_so():
    changing = part(meter.TimeSignature("3/4"), note.Note(60, quarterLength=6))
    changing.insert(6, meter.TimeSignature("6/8"))
    assert read(changing, part(meter.TimeSignature("2/4"), note.Note(50))).metres == (Metre(0, 3, 4), Metre(6, 6, 8))


@pytest.mark.parametrize(
    ("signature", "pickup", "metre"),
    [
        ("4/4", 1.0, Metre(0, 1, 4)),
        ("4/4", 2.0, Metre(0, 2, 4)),
        ("4/4", 1.5, Metre(0, 3, 8)),
        ("3/8", 0.25, Metre(0, 1, 16)),
        ("2/2", 1.0, Metre(0, 1, 4)),
        ("2/1", 4.0, Metre(0, 1, 1)),
        ("4/4", 1 / 16, Metre(0, 1, 64)),
    ],
)
def test_a_pickup_is_a_bar_of_its_own(signature, pickup, metre):
    whole = meter.TimeSignature(signature)
    part = measures(pickup, whole.barDuration.quarterLength - pickup, signature)
    assert read(part).metres == (metre, Metre(pickup, whole.numerator, whole.denominator))


def test_after_a_pickup_later_metres_stand_where_they_stood():
    part = measures(1.0, 3.0, bars=4)
    part.measure(3).insert(0, meter.TimeSignature("4/4"))
    part.measure(4).insert(0, meter.TimeSignature("2/4"))
    assert read(part).metres == (Metre(0, 1, 4), Metre(1, 4, 4), Metre(9, 4, 4), Metre(13, 2, 4))


def test_a_metre_that_is_given_again_after_the_pickup_stands_there_once():
    part = measures(1.0, 3.0)
    part.measure(1).insert(0, meter.TimeSignature("4/4"))
    assert read(part).metres == (Metre(0, 1, 4), Metre(1, 4, 4))


@pytest.mark.parametrize(("pickup", "padding"), [(4.0, 0.0), (1 / 3, 4 - 1 / 3), (4.0, 4.0), (4.0, 5.0)])
def test_a_first_measure_that_is_whole_or_makes_no_bar_is_no_pickup(pickup, padding):
    assert read(measures(pickup, padding)).metres == (Metre(0, 4, 4),)
