from fractions import Fraction

from core.score.heads import Heads
from core.score.spelling import read_key, spell
from tests.score.pieces import piece_of

ZERO, ONE = Fraction(0), Fraction(1)


def heads_of(*tracks):
    piece = piece_of(*tracks)
    return Heads(piece, spell(piece.notes, read_key("C major")))


def test_heads_stand_from_below_with_ids_of_their_own():
    heads = heads_of([(0.0, 1.0, 64), (0.0, 1.0, 60), (1.0, 1.0, 67)])
    first, second = heads.write([1, 0], ZERO, ONE), heads.write([2], ONE, ONE + 1)
    assert [head.spelling.letter for head in (*first, *second)] == ["C", "E", "G"]
    assert heads.written == [*first, *second]
    assert len({head.id for head in heads.written}) == 3
    assert (first[0].onset, first[0].end) == (0, 1)


def test_two_notes_of_one_pitch_have_one_head():
    heads = heads_of([(0.0, 1.0, 60)], [(0.0, 2.0, 60)])
    assert len(heads.write([0, 1], ZERO, ONE)) == 1


def test_two_pieces_share_no_ids():
    one, other = (heads_of([(0.0, 1.0, pitch)]).write([0], ZERO, ONE)[0].id for pitch in (60, 61))
    assert one != other
    assert one[0].isalpha()
