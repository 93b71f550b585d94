from dataclasses import replace

from core.notes import Tempo
from core.score.speeds import Mark, tempo_marks
from tests.score.pieces import piece_of

PIECE = piece_of([(0.0, 64.0, 60)])


def marks(*tempos, piece=PIECE):
    return tempo_marks(replace(piece, tempos=tuple(Tempo(*tempo) for tempo in tempos)))


def test_the_speed_stands_at_the_beginning():
    assert marks((0.0, 96.4)) == [Mark(0.0, 96, 1.0)]


def test_dotted_beats_are_counted_in_compound_metres():
    piece = piece_of([(0.0, 12.0, 60)], metres=((0.0, 6, 8),))
    assert marks((0.0, 90.0), piece=piece) == [Mark(0.0, 60, 1.5)]


def test_a_speed_that_holds_is_marked_a_short_one_is_not():
    assert marks((0.0, 100.0), (16.0, 60.0), (18.0, 80.0)) == [Mark(0.0, 100, 1.0), Mark(18.0, 80, 1.0)]


def test_a_speed_must_hold_for_eight_quarters():
    assert marks((0.0, 100.0), (8.0, 60.0), (16.0, 80.0))[1] == Mark(8.0, 60, 1.0)
    assert len(marks((0.0, 100.0), (8.0, 60.0), (15.9, 80.0))) == 2


def test_twelve_speeds_are_marked():
    tempos = [(8.0 * place, 100.0 + 10 * place) for place in range(12)]
    assert len(marks(*tempos, piece=piece_of([(0.0, 400.0, 60)]))) == 12


def test_a_change_that_is_hardly_noticed_is_not_marked():
    assert marks((0.0, 100.0), (16.0, 103.0), (32.0, 105.0)) == [Mark(0.0, 100, 1.0), Mark(32.0, 105, 1.0)]


def test_where_the_tempo_bends_all_the_time_the_usual_one_is_marked():
    assert marks(*((float(onset), 100.0 + onset) for onset in range(64)), (64.0, 90.0))[0].onset == 0
    assert marks((0.0, 50.0), (1.0, 100.0)) == [Mark(0.0, 100, 1.0)]
    long = piece_of([(0.0, 400.0, 60)])
    bent = marks(*((8.0 * place, 100.0 + place) for place in range(20)), piece=long)
    assert bent == [Mark(0.0, 119, 1.0)]
