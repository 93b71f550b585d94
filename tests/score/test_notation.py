from dataclasses import replace
from fractions import Fraction

import pytest
from music21 import clef, note, stream

from core.notes import Piece, Tempo, as_notes
from core.score import notation
from core.score.notation import name_of, notate
from tests.score.pieces import FLUTE, PIANO, lengths, line, piece_of, struck

HANDS = [(float(onset), 1.0, pitch) for onset in range(8) for pitch in (43, 50, 67, 71)]
SCALE = [(onset / 2, 0.5, pitch) for onset, pitch in enumerate((62, 64, 66, 67, 69, 71, 73, 74))]


def score_of(*tracks, **options):
    return notate(piece_of(*tracks, **options)).score


def first(score, kind):
    return list(score.parts[0][kind])


def test_a_piano_has_two_staves_with_one_voice_each():
    score = score_of(HANDS, program=PIANO)
    assert [type(part[clef.Clef].first()) for part in score.parts] == [clef.TrebleClef, clef.BassClef]
    assert not list(score.recurse().getElementsByClass(stream.Voice))


def test_a_brace_holds_the_staves_of_a_piano_together():
    score = score_of(HANDS, program=PIANO)
    (group,) = score.getElementsByClass("StaffGroup")
    assert (group.symbol, list(group.getSpannedElements()), group.offset) == ("brace", list(score.parts), 0)
    assert not score_of(HANDS).getElementsByClass("StaffGroup")


def test_instruments_have_their_own_clefs():
    assert isinstance(first(score_of([(0.0, 4.0, 57)], program=41), clef.Clef)[0], clef.AltoClef)


def test_the_clef_changes_in_the_bar_where_the_music_goes():
    clefs = first(score_of([(bar * 4.0, 4.0, 40 if bar < 4 else 84) for bar in range(8)], program=42), clef.Clef)
    assert [(type(each), each.measureNumber) for each in clefs] == [(clef.BassClef, 1), (clef.TrebleClef, 5)]


def test_the_signature_changes_in_the_bar_where_the_key_does():
    scales = [(bar * 4.0 + on, 0.5, pitch + bar // 8) for bar in range(16) for on, _, pitch in SCALE]
    signs = first(score_of(scales), "KeySignature")
    assert [(sign.sharps, sign.measureNumber) for sign in signs] == [(2, 1), (-3, 9)]


def test_key_metre_tempo_and_title_stand_at_the_beginning():
    piece = replace(piece_of(SCALE, metres=((0.0, 3, 4),), title="Air"), tempos=(Tempo(0.0, 72.0),))
    score = notate(piece).score
    measure = score.parts[0].measure(1)
    assert (measure.keySignature.sharps, measure.timeSignature.ratioString) == (2, "3/4")
    assert [(mark.number, mark.offset) for mark in measure.getElementsByClass("MetronomeMark")] == [(72, 0)]
    assert score.metadata.title == "Air"


def test_a_later_tempo_stands_in_its_bar():
    piece = replace(piece_of(line(0.0, until=32.0)), tempos=(Tempo(0.0, 72.0), Tempo(18.0, 90.0)))
    marks = notate(piece).score.recurse().getElementsByClass("MetronomeMark")
    assert [(mark.number, mark.measureNumber, mark.offset) for mark in marks] == [(72, 1, 0), (90, 5, 2)]


def test_a_change_of_metre_is_written_where_it_is():
    score = score_of(line(0.0, 4.0, until=10.0), metres=((0.0, 4, 4), (4.0, 6, 8)))
    signs = first(score, "TimeSignature")
    assert [(sign.ratioString, sign.measureNumber) for sign in signs] == [("4/4", 1), ("6/8", 2)]
    assert lengths(score.parts[0]) == [4, 3, 3]


def test_a_pick_up_is_measure_0():
    score = score_of(line(0.0, 1.0, until=5.0), metres=((0.0, 1, 4), (1.0, 4, 4)))
    assert [measure.number for measure in first(score, stream.Measure)] == [0, 1]
    assert score.parts[0].measure(0).paddingLeft == 3
    assert first(score, "TimeSignature")[0].ratioString == "4/4"


def test_a_note_over_a_bar_line_is_tied():
    notes = first(score_of([(0.0, 6.0, 60)]), note.Note)
    assert [(each.quarterLength, each.tie.type) for each in notes] == [(4, "start"), (2, "stop")]


def test_a_note_over_three_bars_is_tied_twice():
    assert [each.tie.type for each in first(score_of([(0.0, 12.0, 60)]), note.Note)] == ["start", "continue", "stop"]


def test_a_triplet_is_marked_from_its_first_to_its_last_note():
    notes = first(score_of(line(0.0, 1 / 3, 2 / 3, 1.0, until=4.0)), note.Note)
    tuplets = [each.duration.tuplets for each in notes]
    assert [each[0].type for each in tuplets[:3]] == ["start", None, "stop"]
    assert [each[0].bracket for each in tuplets[:3]] == [False] * 3
    assert tuplets[3] == ()
    assert [each.quarterLength for each in notes[:3]] == [Fraction(1, 3)] * 3


def test_a_triplet_that_no_beam_holds_together_has_a_bracket():
    notes = first(score_of(line(0.0, 2 / 3, 1.0, until=4.0)), note.Note)
    assert [each.duration.tuplets[0].bracket for each in notes[:2]] == [True] * 2


def test_accidentals_stand_where_they_are_needed(monkeypatch):
    monkeypatch.setattr(notation, "key_of", lambda piece: "D major")
    rows = [*SCALE, (4.0, 0.5, 68), (4.5, 0.5, 68), (5.0, 0.5, 67), (5.5, 2.5, 74)]
    signs = [each.pitch.accidental for each in first(score_of(rows), note.Note)]
    assert [sign is not None and sign.displayStatus for sign in signs[:11]] == [False] * 8 + [True, False, True]


def test_beams_join_eighths():
    kinds = [each.beams.getTypes() for each in first(score_of(SCALE), note.Note)]
    assert kinds == [["start"], ["stop"]] * 4


def test_a_silent_bar_is_a_rest_of_its_own_length():
    rest = first(score_of([(0.0, 3.0, 60), (6.0, 3.0, 62)], metres=((0.0, 3, 4),)), note.Rest)[0]
    assert (rest.quarterLength, rest.fullMeasure) == (3, True)


def test_a_short_silent_bar_is_not_said_to_be_whole():
    rests = first(score_of([(1.0, 8.0, 60)], metres=((0.0, 1, 4), (1.0, 4, 4))), note.Rest)
    assert [(rest.quarterLength, rest.fullMeasure) for rest in rests] == [(1, "auto")]


@pytest.mark.parametrize(("times", "beams"), [((0.945,), [0]), ((0.89, 0.945), [2, 2])])
def test_grace_notes_take_no_time(times, beams):
    graces = [(time, 0.05, 61) for time in times]
    notes = first(score_of([(0.0, 0.89, 60), *graces, (1.0, 3.0, 64)]), note.Note)
    found = [each for each in notes if each.duration.isGrace]
    assert [len(each.beams) for each in found] == beams
    assert [each.duration.type for each in found] == ["eighth" if len(times) == 1 else "16th"] * len(times)
    assert [each.offset for each in found] == [1] * len(times)
    assert lengths(score_of([(0.0, 0.89, 60), *graces, (1.0, 3.0, 64)]).parts[0]) == [4]


def test_grace_notes_are_heard_one_after_another_before_their_note():
    rows = [(0.0, 0.85, 60), (0.89, 0.05, 62), (0.945, 0.05, 64), (1.0, 3.0, 65)]
    heads = {head.spelling.letter: head for head in notate(piece_of(rows)).heads}
    assert [heads[letter].onset for letter in "DEF"] == [Fraction(14, 16), Fraction(15, 16), 1]
    assert [heads[letter].end for letter in "DE"] == [Fraction(15, 16), 1]


def test_a_chord_has_its_pitches_once():
    assert struck(score_of([(0.0, 4.0, 60), (0.0, 4.0, 64)], [(0.0, 4.0, 60)], program=PIANO)) == {(0, 60), (0, 64)}


def test_drums_stay_out():
    piece = replace(piece_of(line(0.0, until=4.0)), drums=as_notes([(0.0, 1.0, 36, 80, 0)]))
    assert struck(notate(piece).score) == {(0, 60)}


def test_the_last_bar_line_is_final():
    assert score_of(line(0.0, until=8.0)).parts[0].measure(2).rightBarline.type == "final"


def test_every_instrument_is_named_and_sounds_as_itself():
    parts = score_of(line(0.0, until=4.0), line(0.0, until=4.0)).parts
    assert [part.getInstrument().midiProgram for part in parts] == [FLUTE] * 2
    assert [part.partName for part in parts] == ["track 0", "track 1"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [("Air\x00 \ud800in G\n", "Air in G"), ("", "Untitled"), ("x" * 99, "x" * 80), ("Łódź 音 😀", "Łódź 音 😀")],
)
def test_titles_are_what_xml_can_hold(title, shown):
    assert name_of(Piece(as_notes([]), title=title)) == shown
