from core.corpus.ensembles import Part, ensemble_of, ensembles_of
from core.notes import Piece, Track, as_notes
from tests.conftest import tune


def test_a_part_knows_its_instrument_its_range_and_how_many_notes_it_has_at_once():
    rows = [(0, 1, 60, 80, 0), (1, 1, 72, 80, 0), (2, 1, 62, 80, 0), (0, 4, 40, 80, 2), (0, 4, 47, 80, 2)]
    piece = Piece(as_notes(rows), tracks=(Track("flute", 73), Track("none", 5), Track("cello", 42)))
    assert ensemble_of(piece) == ((Part(73, 60, 62, 72, 1), Part(42, 40, 43, 47, 2)), (0, 2))


def test_notes_that_follow_each_other_are_not_together():
    rows = [(at * 1.0, 1.0, 60 + at, 80, 0) for at in range(9)]
    assert ensemble_of(Piece(as_notes(rows)))[0][0].together == 1


def test_of_many_pieces_a_hundred_have_an_ensemble():
    assert len(ensembles_of([tune()] * 130)) == 100
    assert ensembles_of([tune()]) == (ensemble_of(tune())[0],)
