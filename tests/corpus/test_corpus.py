from dataclasses import replace

import pytest

from core.corpus.corpus import Corpus, digest
from core.notes import Metre, Piece, Tempo, Track, as_notes
from tests.conftest import tune


def altered(field, value):
    notes = tune().notes.copy()
    notes[field][5] = value
    return replace(tune(), notes=as_notes(notes))


@pytest.mark.parametrize(
    "other",
    [
        *(altered(field, 33) for field in ("onset", "duration", "pitch", "velocity")),
        altered("track", 1),
        replace(tune(), metres=(Metre(0.0, 2, 4),)),
        replace(tune(), tempos=(Tempo(0.0, 90.0),)),
        replace(tune(), tracks=(Track("", 40),) * 2),
    ],
)
def test_what_is_learned_from_a_piece_is_in_its_digest(other):
    assert digest(other) != digest(tune())


@pytest.mark.parametrize(
    "other",
    [
        tune(title="another"),
        replace(tune(), tracks=(Track("violin"), Track("cello"))),
        replace(tune(), drums=as_notes([(0, 1, 36, 90, 0)])),
    ],
)
def test_what_a_person_calls_it_is_not(other):
    assert digest(other) == digest(tune())


def test_a_corpus_has_names_pieces_and_digests_in_one_order(tunes):
    corpus = Corpus.of((piece.title, piece) for piece in tunes)
    assert corpus.names == ("tune 55", "tune 60", "tune 62", "tune 65")
    assert corpus.pieces == tuple(tunes)
    assert corpus.digests == tuple(digest(piece) for piece in tunes)
    assert (len(corpus), corpus.notes) == (4, 4 * 80)


def test_the_same_pieces_in_any_order_have_the_same_digest(corpus):
    assert corpus.select([2, 0, 3, 1]).digest == corpus.digest
    assert len({corpus.select(chosen).digest for chosen in ([0], [1], [0, 1], [0, 0])}) == 4


def test_a_selection_keeps_names_pieces_and_digests_together(corpus):
    chosen = corpus.select([3, 1])
    assert chosen.names == ("tune 65", "tune 60")
    assert chosen.pieces == (corpus.pieces[3], corpus.pieces[1])
    assert chosen.digests == (corpus.digests[3], corpus.digests[1])


def test_the_order_of_a_corpus_is_that_of_its_digests(corpus):
    assert corpus.ordered().digests == tuple(sorted(corpus.digests)) != corpus.digests
    assert corpus.select([1, 3, 2, 0]).ordered().names == corpus.ordered().names


def test_an_anonymous_corpus_holds_what_is_learned_and_no_words():
    named = replace(
        tune(title="Lied"), tracks=(Track("violin", 40), Track("cello", 42)), drums=as_notes([(0, 1, 36, 90, 0)])
    )
    found = Corpus.of([("song.mid", named), ("tune.mid", tune())]).anonymous()
    assert found.names == ("", "")
    assert found.digests == (digest(named), digest(tune())) == tuple(map(digest, found.pieces))
    assert (found.pieces[0].title, len(found.pieces[0].drums)) == ("", 0)
    assert found.pieces[0].tracks == (Track("", 40), Track("", 42))


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([], "no notes"),
        ([(beat, 1.0, 60, 80, 0) for beat in range(15)], "only 15 notes"),
        ([(beat, 1.0, pitch, 80, 0) for beat in range(3) for pitch in range(40, 60)], "no rhythm"),
        ([(beat % 4, 1.0, 60 + beat, 80, 0) for beat in range(16)], ""),
    ],
)
def test_it_is_said_why_nothing_can_be_learned(rows, word):
    lack = Corpus.of([("a", Piece(as_notes(rows)))]).lack
    assert word in lack and bool(lack) == bool(word)
