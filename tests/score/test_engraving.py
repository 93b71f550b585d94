import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from core.notes import Tempo
from core.score import engrave, write_musicxml
from tests.score.pieces import PIANO, line, piece_of

SVG = "{http://www.w3.org/2000/svg}"
PIECE = piece_of(line(0.0, 0.5, 1.0, 1.5, 2.0, until=6.0), [(0.0, 6.0, 40)], program=PIANO)
LONG = piece_of(line(*range(400), until=400.0))


def heads_on(pages):
    return re.findall(r'<g id="([^"]+)" class="note"', "".join(pages))


def test_every_head_on_the_pages_has_its_time_and_the_other_way_round():
    engraving = engrave(PIECE)
    assert sorted(heads_on(engraving.pages)) == sorted({name for _, names in engraving.times for name in names})


def test_heads_sound_in_the_time_of_the_piece():
    piece = replace(piece_of([(0.0, 1.0, 60), (2.0, 4.0, 64)]), tempos=(Tempo(0.0, 60.0), Tempo(2.0, 120.0)))
    times = engrave(piece).times
    assert [second for second, _ in times] == [0.0, 1.0, 2.0, 3.0, 4.0]
    names = [names for _, names in times]
    assert [len(each) for each in names] == [1, 0, 1, 1, 0]
    assert len({*names[0], *names[2], *names[3]}) == 3, "a tied note has a head in each bar"


def test_what_is_held_goes_on_sounding_under_what_moves():
    names = [set(names) for _, names in engrave(PIECE).times]
    assert [len(each) for each in names] == [2, 2, 2, 2, 2, 2, 0]
    assert len(names[0] & names[3]) == 1


def test_the_file_is_that_of_the_same_score():
    assert engrave(PIECE).musicxml == write_musicxml(PIECE)


def test_pages_take_the_colour_and_the_width_of_what_is_around_them():
    (page,) = engrave(PIECE, 600).pages
    root = ElementTree.fromstring(page)
    assert root.get("viewBox").startswith("0 0 600 ")
    assert root.get("width") is None
    assert root.find(f".//{SVG}svg").get("fill") == "currentColor"
    assert not re.search(r'"(black|white|#000|#fff)', page)


def test_long_music_has_several_pages_and_no_id_twice():
    pages = engrave(LONG).pages
    assert len(pages) > 1
    names = re.findall(r'\bid="([^"]+)"', "".join(pages))
    assert len(names) == len(set(names))


def test_narrow_pages_hold_less():
    assert len(engrave(LONG, 420).pages) > len(engrave(LONG).pages)


def test_pages_say_what_they_are():
    pages = [ElementTree.fromstring(page) for page in engrave(replace(LONG, title="Air")).pages]
    assert pages[1].findtext(f"{SVG}title") == f"Sheet music: Air, page 2 of {len(pages)}"
    assert all(page.get("aria-labelledby") == page.find(f"{SVG}title").get("id") for page in pages)
    assert {page.get("role") for page in pages} == {"img"}


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '</title><svg onload="alert(1)">', "&\x00\ud800]]>"])
def test_hostile_names_do_no_harm(name):
    piece = piece_of(line(0.0, until=4.0), line(0.0, until=4.0), title=name)
    piece = replace(piece, tracks=tuple(replace(track, name=name) for track in piece.tracks))
    (page,) = engrave(piece).pages
    root = ElementTree.fromstring(page)
    assert not [each.tag for each in root.iter() if each.tag.endswith(("script", "foreignObject"))]
    assert not [key for each in root.iter() for key in each.attrib if key.startswith("on")]
    assert len(heads_on([page])) == 2


def test_two_pieces_on_one_page_share_no_id():
    one, other = (re.findall(r'\bid="([^"]+)"', engrave(piece_of([(0.0, 4.0, pitch)])).pages[0]) for pitch in (60, 62))
    assert not set(one) & set(other)


def test_it_looks_the_same_from_any_thread():
    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(engrave, [PIECE] * 4)) == {engrave(PIECE)}


def test_nothing_is_printed(capfd):
    engrave(PIECE)
    assert capfd.readouterr() == ("", "")
