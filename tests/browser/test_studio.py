"""The page Compose in a real browser, with a model that was opened from a file."""

import io
import re
import uuid
import zipfile
from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from benchmarks.browser import SOUND, choose, go, longest, press, settle, turn_to
from core.config import TrainingSettings
from core.corpus.style import style_of
from core.encoding import ENCODINGS
from core.lstm.parameters import architectures, initial
from core.midi import read, write
from core.models.file import write_file
from core.models.model import Model
from core.takes.store import TakeStore
from tests.browser.conftest import PHONE, served, visit
from tests.browser.test_journey import downloaded
from tests.browser.test_player import drag, swipe
from tests.conftest import TINY, tune

KEY = "encore-visitor"
CARD = "[class*='st-key-take-card-']"
TUNES = [tune(first) for first in (55, 60, 62)]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def model_file():
    """A model before its first step, as a file to upload."""
    settings = TrainingSettings(**TINY)
    encoding, rng = ENCODINGS["joint"].learn(TUNES), np.random.default_rng(7)
    parameters = tuple(initial(each, rng) for each in architectures(encoding, settings))
    data = write_file(Model(settings, encoding, parameters, style_of(TUNES)))
    return {"name": "mine.encore", "mimeType": "application/octet-stream", "buffer": data}


def open_model(page, address, model_file, query=""):
    go(page, f"{address}/Compose{query}")
    page.wait_for_timeout(1000)  # until the browser's key has come
    settle(page)
    page.get_by_text("Open a model from a file").click()
    page.locator("input[type=file]").set_input_files([model_file])
    page.locator(".st-key-compose").wait_for()
    settle(page)


def compose(page, bars=8):
    length = page.get_by_role("slider", name="Length").first
    length.focus()
    for _ in range(16 - bars):
        length.press("ArrowLeft")
    settle(page)
    make_four(page)


def make_four(page):
    press(page, "compose")
    page.locator(CARD).nth(3).wait_for()
    page.wait_for_function(f"{SOUND}?.duration > 0")
    settle(page)


@pytest.fixture(scope="module")
def four_takes(browser, address, home, model_file):
    """The address of the page Compose after four takes were made, and the desk that they are on."""
    with visit(browser) as page:
        open_model(page, address, model_file)
        compose(page)
        key = page.evaluate(f"localStorage.getItem('{KEY}')")
        return page.url, TakeStore(home).read_desk(key)[0]


@pytest.fixture
def desk(browser, address, home, four_takes):
    """The page Compose of a visitor who has four takes from an earlier visit."""
    url, takes = four_takes
    key = uuid.uuid4().hex
    TakeStore(home).write_desk(key, takes)
    kept = {"origin": address, "localStorage": [{"name": KEY, "value": key}]}
    with visit(browser, storage_state={"origins": [kept]}) as page:
        go(page, url)
        page.locator(CARD).nth(3).wait_for()
        page.wait_for_function(f"{SOUND}?.duration > 0")
        settle(page)
        yield page


def tool(page, name):
    page.locator(".st-key-take-tool").get_by_text(name).click()


def titles(page):
    return page.locator(f"{CARD} strong").all_inner_texts()


def test_four_takes_a_star_and_the_way_back(desk):
    press(desk, "star-2")
    desk.get_by_role("button", name="Starred").wait_for()
    press(desk, "delete-4")
    desk.locator(".st-key-take-card-4").wait_for(state="detached")
    desk.keyboard.press("Control+z")
    desk.locator(".st-key-take-card-4").wait_for()
    settle(desk)
    assert titles(desk) == ["Take 1", "Take 2", "Take 3", "Take 4"]


def test_undo_in_a_field_is_that_of_the_field(desk):
    press(desk, "delete-4")
    desk.locator(".st-key-take-card-4").wait_for(state="detached")
    tool(desk, "Name and note")
    settle(desk)
    name = desk.get_by_role("textbox", name="Name")
    name.click()
    desk.keyboard.type("s of mine")
    desk.keyboard.press("Control+z")
    settle(desk)
    assert name.input_value() != "Take 1s of mine"
    assert desk.locator(CARD).count() == 3
    desk.locator("h1").click()
    desk.keyboard.press("Control+z")
    desk.locator(".st-key-take-card-4").wait_for()


def test_each_card_says_of_which_take_it_is(desk):
    for action in ("Play", "Open", "Star", "Delete"):
        assert desk.get_by_role("button", name=f"{action} Take 3").count() == 1
    desk.get_by_role("img", name=re.compile(r"^Take 3: . ?[♭♯]? (major|minor), [789] bars, \d+ seconds$")).wait_for()


def test_takes_are_there_after_a_reload_and_in_another_window(page, address, model_file):
    open_model(page, address, model_file)
    compose(page)
    press(page, "star-3")
    page.get_by_role("button", name="Starred").wait_for()
    settle(page)
    page.reload()
    page.locator(CARD).nth(3).wait_for()
    page.get_by_role("button", name="Starred").wait_for()
    window = page.context.new_page()
    go(window, page.url.split("?")[0])
    window.locator(CARD).nth(3).wait_for()


def test_the_space_bar_plays_what_was_composed_and_composes_no_more(desk):
    desk.evaluate(f"{SOUND}.muted = true")
    desk.keyboard.press("Space")
    desk.wait_for_function(f"!{SOUND}.paused")
    settle(desk)
    assert desk.locator(CARD).count() == 4


def test_a_take_goes_on_and_is_trimmed(desk):
    tool(desk, "Go on or trim")
    settle(desk)
    press(desk, "go-on")
    desk.locator(".st-key-made-from-1").wait_for()
    desk.get_by_text(re.compile(r"gone on after bar [789]")).first.wait_for()
    settle(desk)
    edge = desk.locator("[class*='st-key-keep-']").get_by_role("slider").first
    edge.focus()
    edge.press("ArrowRight")
    edge.press("ArrowRight")
    settle(desk)
    press(desk, "trim")
    desk.get_by_text("bars 3 to").first.wait_for()


def test_a_box_on_the_roll_is_done_anew(desk):
    desk.locator(".js-plotly-plot .nsewdrag").first.scroll_into_view_if_needed()
    drag(desk, (0.27, 0.02), (0.48, 0.98))
    desk.get_by_role("spinbutton", name="From bar").and_(desk.locator("[value='3']")).wait_for()
    press(desk, "anew")
    desk.get_by_text(re.compile("bars 3 to [45]")).first.wait_for()  # there are seven to nine bars
    settle(desk)
    assert desk.locator(f".st-key-made-from-1 {CARD}").count() == 3
    press(desk, "open-6")
    desk.get_by_role("heading", name="Take 6").wait_for()


def test_a_key_is_kept_to(desk):
    desk.get_by_text("More", exact=True).click()
    settle(desk)
    choose(desk, "key", "E♭ minor")
    press(desk, "again")
    desk.locator(".st-key-take-card-8").wait_for()
    settle(desk)
    name, midi = downloaded(desk, "midi-take-5")
    pitches = read(midi, name).piece.notes["pitch"] % 12
    inside = np.isin(pitches, [3, 5, 6, 8, 10, 11, 1, 0, 2])  # with the raised sixth and seventh
    allowed = style_of(TUNES).outside_key
    assert (~inside).mean() <= allowed + 0.02


def test_the_likely_key_follows_what_a_take_starts_from(page, address, model_file):
    open_model(page, address, model_file)
    turn_to(page, "1 Music")
    page.locator("input[type=file]").first.set_input_files(
        [{"name": "mine.mid", "mimeType": "audio/midi", "buffer": write(tune(57))}]
    )
    page.get_by_text("One piece with").wait_for()
    settle(page)
    turn_to(page, "3 Compose")
    page.get_by_text("More", exact=True).click()
    settle(page)
    choose(page, "key", "that of your music")
    key = page.get_by_role("combobox", name="Key", exact=True)
    expect(key).to_have_value(re.compile("that of your music: .+ (major|minor)"))
    choose(page, "start", "mine.mid")
    expect(key).to_have_value(re.compile("that of the start: .+ (major|minor)"))
    make_four(page)
    expect(key).to_have_value(re.compile("that of the start: .+ (major|minor)"))


def heard_anew(page, before):
    page.wait_for_function(f"{SOUND}?.duration > 0 && {SOUND}.src !== '{before}'")
    settle(page)
    return page.evaluate(f"{SOUND}.duration")


def test_tempo_and_instrument_are_heard_without_composing_again(desk):
    before, length = desk.evaluate(f"{SOUND}.src"), desk.evaluate(f"{SOUND}.duration")
    tempo = desk.get_by_role("slider", name="Tempo scale")
    tempo.focus()
    for _ in range(10):
        tempo.press("ArrowRight")
    assert heard_anew(desk, before) < length
    tool(desk, "Instruments")
    settle(desk)
    before = desk.evaluate(f"{SOUND}.src")
    choose(desk, "program-1-0-", "Flute")
    heard_anew(desk, before)
    name, midi = downloaded(desk, "midi-take-1")
    piece = read(midi, name).piece
    assert (piece.tracks[0].program, round(piece.qpm)) == (73, 180)
    assert len(titles(desk)) == 4


def test_sheet_music_is_engraved_and_downloaded(desk):
    desk.get_by_role("button", name="Sheet music").or_(desk.get_by_role("radio", name="Sheet music")).first.click()
    desk.locator("svg g.measure, svg .measure").first.wait_for(state="attached")
    _, xml = downloaded(desk, "musicxml-take-1")
    assert b"score-partwise" in xml


def test_all_takes_come_as_an_archive_with_their_sound_and_their_score(desk):
    desk.get_by_role("button", name="Download several").click()
    for kind in ("sound (MP3)", "sheet music (MusicXML)"):
        desk.locator(".st-key-zip-kinds").get_by_text(kind).click()
        settle(desk)
    with desk.expect_download() as download:
        desk.locator(".st-key-zip button").click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    endings = Counter(name.rsplit(".", 1)[1] for name in archive.namelist())
    assert endings == {"mid": 4, "mp3": 4, "musicxml": 4, "txt": 1}
    assert soundfile.info(io.BytesIO(archive.read("Take 1.mp3"))).duration > 5
    assert ElementTree.fromstring(archive.read("Take 1.musicxml")).tag == "score-partwise"


def test_an_address_opens_the_take_for_somebody_else(desk, browser):
    desk.get_by_role("button", name="Share").click()
    address = desk.locator("[data-testid=stCode] code").inner_text()
    own = downloaded(desk, "midi-take-1")[1]
    with visit(browser) as other:
        go(other, address)
        other.locator(CARD).first.wait_for()
        settle(other)
        assert other.locator(CARD).count() == 1
        assert downloaded(other, "midi-take-1")[1] == own
        assert "take=" not in other.url


def test_a_model_file_composes_the_same_notes_on_another_server(desk, browser, model_file, tmp_path_factory):
    own = downloaded(desk, "midi-take-1")[1]
    with served("streamlit_app.py", tmp_path_factory) as elsewhere, visit(browser) as other:
        open_model(other, elsewhere, model_file)
        compose(other)
        piece, first = (read(midi, "a.mid").piece for midi in (downloaded(other, "midi-take-1")[1], own))
        assert piece.notes.tolist() == first.notes.tolist()


def tab_to(page, aim, most=400):
    """Press Tab until it has come to its aim; more than once around the page, which may run meanwhile."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if aim.count() and aim.first.evaluate("aim => aim.getRootNode().activeElement === aim"):
            return
    raise AssertionError("Tab does not come to it")


def test_the_whole_page_works_by_keyboard_alone(page, address, model_file):
    open_model(page, address, model_file)
    tab_to(page, page.locator(".st-key-compose button"))
    page.keyboard.press("Enter")
    page.locator(CARD).nth(3).wait_for()
    page.wait_for_function(f"{SOUND}?.duration > 0")
    settle(page)
    page.evaluate(f"{SOUND}.muted = true")
    tab_to(page, page.locator(".transport .play"))
    page.keyboard.press("Space")
    page.wait_for_function(f"!{SOUND}.paused")
    page.keyboard.press("Space")
    page.wait_for_function(f"{SOUND}.paused")
    tab_to(page, page.get_by_role("spinbutton", name="From bar"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    settle(page)
    tab_to(page, page.locator(".st-key-anew button"))
    page.keyboard.press("Enter")
    page.locator(".st-key-made-from-1").wait_for()
    settle(page)
    tab_to(page, page.locator(".st-key-star-2 button"))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Starred Take 2").wait_for()


def test_a_phone_composes_and_marks_with_a_finger(browser, address, model_file):
    with visit(browser, **PHONE) as page:
        open_model(page, address, model_file)
        page.locator(".st-key-compose button").tap()
        page.locator(CARD).nth(3).wait_for()
        page.wait_for_function(f"{SOUND}?.duration > 0")
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator(".st-key-open-2 button").tap()
        page.get_by_role("heading", name=re.compile("Take 2")).wait_for()
        settle(page)
        page.get_by_role("button", name="Select a passage").tap()
        page.locator(".js-plotly-plot .nsewdrag").first.scroll_into_view_if_needed()
        swipe(page, (0.52, 0.1), (0.7, 0.9))
        page.get_by_role("spinbutton", name="From bar").and_(page.locator(":not([value='5'])")).wait_for()
        settle(page)
        page.locator(".st-key-anew button").tap()
        page.locator(".st-key-made-from-2").wait_for()
        page.get_by_text(re.compile(r"bars \d+ to \d+, \S+ to \S+ of take 2 done anew")).first.wait_for()


def test_the_page_fits_into_another_one(page, address, model_file):
    open_model(page, address, model_file, "?embed=true")
    header = page.locator("[data-testid=stHeader] :is(button, a):visible")
    assert header.count() == 0
    make_four(page)
    turn_to(page, "1 Music")
    assert "embed=true" in page.url
    assert header.count() == 0


def test_takes_on_their_way_are_there_after_a_reload(page, address, model_file):
    open_model(page, address, model_file)
    longest(page)
    press(page, "compose")
    page.locator(".st-key-making").wait_for()
    page.reload()
    page.locator(CARD).nth(3).wait_for()
    settle(page)
    assert page.locator(CARD).count() == 4


def test_composing_is_stopped_and_what_is_there_is_kept(page, address, model_file):
    open_model(page, address, model_file)
    longest(page)
    press(page, "compose")
    press(page, "stop-composing")
    page.locator(CARD).first.wait_for()
    page.locator(".st-key-making").wait_for(state="detached")


def test_a_file_is_dropped_and_gone_on_from_by_one_press(page, address, model_file):
    open_model(page, address, model_file)
    choose(page, "start", "a MIDI file …")
    file = {"name": "mine.mid", "mimeType": "audio/midi", "buffer": write(tune(57))}
    page.locator(".st-key-primer-file input[type=file]").set_input_files([file])
    page.get_by_role("group", name="Bars of the passage").or_(page.get_by_text("Bars of the passage")).first.wait_for()
    settle(page)
    length = page.get_by_role("slider", name="Length").first
    assert length.input_value() == "16"
    page.locator(".st-key-go-on-bars").get_by_text("4", exact=True).click()
    settle(page)
    page.get_by_text("More", exact=True).click()  # the page runs once more, and the length stays
    settle(page)
    assert length.input_value() == "4"
    make_four(page)
    name, midi = downloaded(page, "midi-take-1")
    notes = read(midi, name).piece.notes
    assert set(tune(57).notes["pitch"][:3]) <= set(notes["pitch"][notes["onset"] < 1])
    assert 16 < read(midi, name).piece.end <= 36  # four bars given and four new ones, or one more to its end


def test_tapped_notes_are_gone_on_from(page, address, model_file):
    open_model(page, address, model_file)
    choose(page, "start", "notes that I play …")
    page.locator("[data-pitch='64']").click()
    page.locator("[data-pitch='60']").focus()
    for letter in "sd":
        page.keyboard.down(letter)
        page.wait_for_timeout(300)
        page.keyboard.up(letter)
    page.wait_for_timeout(1500)
    settle(page)
    assert page.locator(".strip").get_attribute("aria-label") == "3 notes played"
    make_four(page)
    name, midi = downloaded(page, "midi-take-1")
    assert sorted(read(midi, name).piece.notes["pitch"][:3].tolist()) == [62, 64, 64]
