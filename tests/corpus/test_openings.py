"""How pieces begin, and what is like that."""

from dataclasses import replace

import pytest

from core.corpus.openings import facts_of, opening_quarters, openings_of, strangeness
from core.notes import Piece, as_notes
from tests.conftest import tune


def chords(size, bars=8, every=1.0, first=60):
    rows = [
        (beat * every, every, first + 4 * voice, 80, 0)
        for beat in range(int(4 * bars / every))
        for voice in range(size)
    ]
    return Piece(as_notes(rows))


def test_the_facts_are_those_of_the_first_bars():
    later = chords(3).notes.copy()
    later["onset"] += 16
    notes = as_notes([*chords(2, bars=4).notes.tolist(), *later.tolist()])
    assert facts_of(notes, 16.0) == (2.0, 2.0, 0.0)
    assert facts_of(later, 16.0) is None


def test_an_opening_is_four_bars_or_eight_seconds():
    assert opening_quarters(3.0, True) == 12.0
    assert opening_quarters(4.0, False) * 60 / 250 == pytest.approx(8.0)


def test_pieces_of_the_style_are_not_strange_and_others_are_the_more_the_further_they_are():
    pieces = [chords(size, every=every) for size in (2, 3) for every in (0.5, 1.0)]
    openings = openings_of(pieces, True)
    assert [strangeness(facts_of(piece.notes, 16.0), openings) for piece in pieces] == [0.0] * 4
    alone, crowd = (strangeness(facts_of(chords(size).notes, 16.0), openings) for size in (1, 8))
    assert 0 < alone < crowd
    assert strangeness(facts_of(chords(2, every=0.125).notes, 16.0), openings) > 0
    assert strangeness(None, openings) == float("inf")


def test_many_notes_outside_the_key_are_strange_and_few_are_not():
    facts = facts_of(tune().notes, 16.0)
    openings = ((0.0, 1.0, 99.0), (0.0, 1.0, 99.0), (0.1, 0.1, 0.1))
    assert strangeness((*facts[:2], 0.0), openings) == 0
    assert strangeness((*facts[:2], 0.5), openings) > 0


def test_silence_tells_nothing():
    assert openings_of([Piece(as_notes([])), replace(tune(), notes=as_notes([(99.0, 1.0, 60, 80, 0)]))], True) == ()
