"""Originality in figures and in words."""

import re
from dataclasses import replace

import pytest

from core.comparison.originality import Learned, Originality, Place, in_words
from core.corpus.corpus import Corpus
from core.notes import Piece, as_notes, transpose
from tests.comparison.test_motifs import PIECES, random_piece

CORPUS = Corpus.of((f"piece {number}", piece) for number, piece in enumerate(PIECES))


def moved(piece, quarters):
    notes = piece.notes.copy()
    notes["onset"] += quarters
    return replace(piece, notes=as_notes(notes))


def test_a_copied_piece_is_found_out_with_its_place():
    learned = Learned(CORPUS)
    copy = transpose(PIECES[1], 2)
    found = learned.originality(copy)
    assert found.shared == {4: 1.0, 8: 1.0, 16: 1.0}
    assert learned.place(copy, found.longest) == Place(60, "piece 1", 1, 1, "bar 1", "bar 1")


def test_bars_are_those_of_both_pieces():
    learned = Learned(CORPUS)
    own = random_piece(20, 77)
    tail = Piece(as_notes(PIECES[2].notes[30:50]))
    take = Piece(as_notes([*own.notes.tolist(), *moved(tail, 100 - tail.notes["onset"][0]).notes.tolist()]))
    place = learned.place(take, learned.originality(take).longest)
    assert (place.notes, place.piece, place.take_bar) == (20, "piece 2", 26)
    assert place.bar == int(PIECES[2].notes["onset"][30] // 4) + 1


def test_what_a_take_goes_on_from_does_not_count():
    learned = Learned(CORPUS)
    take = Piece(as_notes([*PIECES[0].notes.tolist(), *moved(random_piece(40, 55), 500).notes.tolist()]))
    assert learned.originality(take).shared[8] > 0
    assert learned.originality(take, begin=500).shared[8] == 0
    assert learned.originality(take, begin=500).longest is None


@pytest.mark.parametrize(
    ("share", "among", "words"),
    [
        (
            0.031,
            (0.02, 0.05, 0.04),
            "^3 % of its runs of eight notes also stand in your music. 2 of your 3 pieces share",
        ),
        (0.01, (0.02, 0.05), "Each of your 2 pieces shares more"),
        (0.05, (0.02, 0.05), "None of your 2 pieces shares more"),
        (0.03, (0.02, 0.05), "One of your 2 pieces shares more"),
        (0.0, (0.3,), "^None of its runs of eight notes stands in your music.$"),
        (0.001, (0.0, 0.0), "^Under 1 %"),
    ],
)
def test_the_sentence_says_what_the_figures_do(share, among, words):
    found = Originality({8: share}, {8: among}, ())
    assert re.search(words, in_words(found))
