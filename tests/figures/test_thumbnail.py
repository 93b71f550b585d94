import re
from xml.etree import ElementTree

import pytest

from core.figures import thumbnail as thumbnails
from core.figures.thumbnail import HEIGHT, WIDTH, thumbnail
from core.notes import Piece, Track, as_notes
from tests.conftest import tune


def bars(svg):
    """Return (x, y, width, height, fill) of each rectangle."""
    rows = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}rect")
    return [(*(float(row.get(key)) for key in ("x", "y", "width", "height")), row.get("fill")) for row in rows]


def test_every_note_is_a_bar_within_the_picture(tunes):
    found = bars(thumbnail(tunes[0]))
    assert len(found) == len(tunes[0].notes)
    for x, y, width, height, _ in found:
        assert x >= 0 and x + width <= WIDTH
        assert y >= 0 and y + height <= HEIGHT


def test_later_is_further_right_and_higher_further_up():
    first, second = bars(thumbnail(Piece(as_notes([(0, 1, 60, 80, 0), (2, 1, 67, 80, 0)]))))
    assert first[0] < second[0]
    assert first[1] > second[1]


def test_what_was_given_has_another_colour(tunes):
    colours = [fill for *_, fill in bars(thumbnail(tunes[0], new_from=8.0))]
    given = (tunes[0].notes["onset"] < 8).sum()
    assert len(set(colours[:given])) == len(set(colours[given:])) == 1
    assert colours[0] != colours[-1]


def test_of_very_many_notes_some_are_drawn(monkeypatch):
    monkeypatch.setattr(thumbnails, "_MOST_NOTES", 30)
    assert 15 <= len(bars(thumbnail(tune(bars=20)))) <= 30


def test_an_empty_piece_is_an_empty_picture():
    assert bars(thumbnail(Piece(as_notes([])))) == []


@pytest.mark.parametrize("text", ["<script>", "&", '"'])
def test_no_text_of_the_piece_is_in_the_picture(text):
    piece = Piece(as_notes([(0, 1, 60, 80, 0)]), tracks=(Track(text),), title=text)
    svg = thumbnail(piece)
    assert svg == thumbnail(Piece(as_notes([(0, 1, 60, 80, 0)])))
    assert not re.search("script|&", svg)
