from dataclasses import replace

import pytest
from music21 import corpus

from core.corpus.library import music_set, music_sets, open_set
from core.corpus.notation import from_score


def test_sets_have_names_rights_and_a_line_about_them():
    assert len(music_sets()) > 1
    for each in music_sets():
        assert each.name and each.about.endswith(".") and each.rights and each.sources


@pytest.mark.parametrize("set_id", [each.id for each in music_sets() if each.id != "chorales"])
def test_every_piece_of_a_set_can_be_read(set_id):
    heard = []
    results = open_set(music_set(set_id), lambda done, total: heard.append(done / total))
    assert [result.status for result in results] == ["ok"] * len(music_set(set_id).sources)
    assert heard[-1] == 1


def test_a_chorale_has_four_voices_in_their_ranges():
    piece = from_score(corpus.parse("bach/bwv66.6"), "BWV 66.6", 84.0)
    assert len(piece.tracks) == 4
    assert 160 <= len(piece.notes) <= 170
    assert piece.metre.bar == 4
    soprano, bass = (piece.notes["pitch"][piece.notes["track"] == track].mean() for track in (0, 3))
    assert soprano > bass + 12


def test_tied_notes_are_one():
    piece = from_score(corpus.parse("bach/bwv66.6"), "BWV 66.6", 84.0)
    assert piece.notes["duration"].max() >= 1
    assert (piece.notes["duration"] > 0).all()


def test_a_chorale_is_played_by_an_organ_at_its_own_pace():
    chorales = music_set("chorales")
    heard = []
    (reading,) = open_set(replace(chorales, sources=chorales.sources[:1]), lambda *step: heard.append(step))
    assert (reading.name, reading.status) == ("J. S. Bach: BWV 3.6", "ok")
    assert (reading.piece.title, reading.piece.qpm, reading.piece.program) == ("J. S. Bach: BWV 3.6", 84, 19)
    assert heard == [(1, 1)]


def test_a_piece_of_a_set_is_called_by_composer_and_title_and_says_who_typeset_it():
    first = music_sets()[0]
    source = first.sources[0]
    assert ": " in source.title and source.credit.startswith("typeset by ")
    (reading,) = open_set(replace(first, sources=(source,)))
    assert reading.name == source.title


def test_the_sets_of_the_project_come_before_the_chorales():
    sets = music_sets()
    assert [each.id == "chorales" for each in sets] == [False] * (len(sets) - 1) + [True]
    assert len(sets[-1].sources) == 50 and sets[-1].about.startswith("50 hymns")
