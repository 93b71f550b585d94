import pytest
from music21 import corpus

from core.corpus.library import music_sets, open_set
from core.corpus.notation import from_score


def chosen(set_id):
    return next(each for each in music_sets() if each.id == set_id)


def test_sets_have_names_rights_and_a_line_about_them():
    for each in music_sets():
        assert each.name and each.about.endswith(".") and each.rights and each.sources


@pytest.mark.parametrize("set_id", [each.id for each in music_sets() if each.id != "chorales"])
def test_every_piece_of_a_set_can_be_read(set_id):
    heard = []
    results = open_set(chosen(set_id), lambda done, total: heard.append(done / total))
    assert [result.status for result in results] == ["ok"] * len(chosen(set_id).sources)
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
