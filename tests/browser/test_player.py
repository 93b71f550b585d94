"""The player in a real browser: sound, keys, boxes, cards; with a mouse, with fingers, by keyboard alone."""

import io
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import pytest
import soundfile

from core.midi import read
from tests.browser.conftest import PHONE, served, visit
from tests.browser.test_journey import downloaded, go, press, settle

SOUND = "document.querySelector('.st-key-player-take audio')"
WHOLE = ".st-key-player-take audio"
CARD = "document.querySelector('.st-key-listen-card-{} audio')"
FRESH = count(30)  # first notes of music that no test has heard

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def players(tmp_path_factory):
    with served(str(Path(__file__).with_name("players.py")), tmp_path_factory) as url:
        yield url


@pytest.fixture
def opened(page, players):
    """The page of players, when the sound of the first is there."""
    open_players(page, players)
    page.evaluate("document.documentElement.dataset.encoreVolume = 0")
    return page


def open_players(page, url):
    go(page, url)
    page.locator(".transport[data-state=ready]").wait_for()
    page.get_by_role("button", name="Play take 3").wait_for()
    page.wait_for_function(f"{SOUND}.readyState > 1")


def state(page, sound=SOUND):
    """Return the second where a sound is, and whether it plays."""
    return page.evaluate(f"[{sound}.currentTime, !{sound}.paused]")


def plot_at(page, across, down):
    """Return the pixels of a place on the roll, given as shares of its width and height."""
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def drag(page, start, stop):
    page.mouse.move(*plot_at(page, *start))
    page.mouse.down()
    page.mouse.move(*plot_at(page, *stop), steps=4)
    page.mouse.up()


def wait_until_playing(page, sound=SOUND, after=0.0):
    page.wait_for_function(f"{sound} && !{sound}.paused && {sound}.currentTime > {after}")


def test_space_plays_and_pauses(opened):
    opened.keyboard.press("Space")
    wait_until_playing(opened)
    opened.get_by_role("button", name="Pause").wait_for()
    opened.keyboard.press("Space")
    assert not state(opened)[1]


def test_arrows_go_by_bars(opened):
    for key, second in [("ArrowRight", 2), ("ArrowRight", 4), ("ArrowLeft", 2)]:
        opened.keyboard.press(key)
        assert state(opened)[0] == pytest.approx(second)


def test_a_click_on_the_roll_seeks(opened):
    opened.mouse.click(*plot_at(opened, 0.5, 0.5))
    assert state(opened)[0] == pytest.approx(8, abs=0.1)
    assert opened.get_by_text("No box").count()


def test_a_drag_makes_a_box_that_python_knows(opened):
    drag(opened, (0.26, 0.3), (0.4, 0.6))
    opened.get_by_text("Box: 8 to 13, pitches 62 to 67").wait_for()


def test_a_drag_along_the_roll_takes_all_pitches(opened):
    drag(opened, (0.74, 0.5), (0.51, 0.52))
    opened.get_by_text("Box: 16 to 24, pitches 0 to 127").wait_for()


def test_escape_clears_the_box(opened):
    drag(opened, (0.26, 0.3), (0.4, 0.6))
    opened.get_by_text("Box: 8").wait_for()
    opened.keyboard.press("Escape")
    opened.get_by_text("No box").wait_for()
    assert opened.locator(".js-plotly-plot .box").is_hidden()


def test_two_number_fields_make_a_box(opened):
    opened.get_by_role("button", name="Select a passage").click()
    opened.get_by_role("spinbutton", name="First bar").fill("3")
    opened.get_by_role("spinbutton", name="Last bar").fill("4")
    opened.keyboard.press("Enter")
    opened.get_by_text("Box: 8 to 16, pitches 0 to 127").wait_for()


def test_the_box_follows_the_zoom_which_outlasts_a_run_of_the_page(opened):
    drag(opened, (0.5, 0.3), (0.625, 0.6))
    opened.get_by_text("Box: 16 to 20").wait_for()
    settle(opened)
    width = opened.locator(".js-plotly-plot .box").bounding_box()["width"]
    opened.locator("[data-title='Zoom in']").click()
    opened.wait_for_function(f"document.querySelector('.js-plotly-plot .box').offsetWidth > {1.9 * width}")
    press(opened, "star-1")
    settle(opened)
    assert opened.locator(".js-plotly-plot .box").bounding_box()["width"] > 1.9 * width


def test_l_loops_the_box(opened):
    opened.get_by_label("Speed").select_option("2")
    drag(opened, (0.26, 0.3), (0.37, 0.3))
    opened.get_by_text("Box: 8 to 12").wait_for()
    opened.keyboard.press("l")
    opened.keyboard.press("Space")
    wait_until_playing(opened, after=5)
    opened.wait_for_function(f"{SOUND}.currentTime < 5")
    second, plays = state(opened)
    assert plays and 4 <= second <= 6.2


def test_speed_keeps_the_pitch_and_is_remembered(opened):
    opened.get_by_label("Speed").select_option("0.5")
    assert opened.evaluate(f"[{SOUND}.playbackRate, {SOUND}.preservesPitch]") == [0.5, True]
    press(opened, "star-1")
    settle(opened)
    opened.keyboard.press("2")
    wait_until_playing(opened, CARD.format(2))
    assert opened.evaluate(f"{CARD.format(2)}.playbackRate") == 0.5


def test_one_sound_at_a_time_at_the_same_place(opened):
    opened.keyboard.press("2")
    wait_until_playing(opened, CARD.format(2), 4)
    settle(opened)
    opened.keyboard.press("1")
    wait_until_playing(opened, CARD.format(1), 4)
    before = state(opened, CARD.format(1))[0]
    opened.keyboard.press("2")
    assert state(opened, CARD.format(2)) == [pytest.approx(before, abs=0.5), True]
    assert not state(opened, CARD.format(1))[1]
    opened.get_by_role("button", name="Play take 2", pressed=True).wait_for()
    opened.get_by_role("button", name="Play take 1", pressed=False).wait_for()
    opened.keyboard.press("Space")
    assert not state(opened, CARD.format(2))[1]


def test_a_card_that_has_its_sound_asks_nothing_of_the_server(page, players):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    open_players(page, players)
    page.keyboard.press("3")
    wait_until_playing(page, CARD.format(3))
    settle(page)
    sent.clear()
    for _ in range(3):
        page.get_by_role("button", name="Play take 3").click()
    assert not state(page, CARD.format(3))[1]
    page.wait_for_timeout(500)
    assert not sent


def test_a_sound_that_was_waited_for_does_not_end_another(page, players):
    open_players(page, f"{players}/?first={next(FRESH)}")
    page.keyboard.press("3")
    page.keyboard.press("Space")
    wait_until_playing(page)
    settle(page)
    page.wait_for_timeout(1500)
    assert state(page)[1]
    assert page.locator(".st-key-listen-card-3 audio").count() == 0 or not state(page, CARD.format(3))[1]


def open_long(page, url):
    """Open music of 64 seconds, of which the beginning is there."""
    page.goto(f"{url}/?bars=32&first={next(FRESH)}")
    page.locator(".transport[data-state=ready]").wait_for()
    page.wait_for_function(f"{SOUND}?.readyState > 1")
    assert page.evaluate(f"{SOUND}.duration") == 8
    page.evaluate("document.documentElement.dataset.encoreVolume = 0")


def test_the_beginning_is_heard_at_once_and_the_whole_goes_on_from_there(page, players):
    open_long(page, players)
    page.locator(".seek[aria-valuetext*='of 1:04']").wait_for()
    sounds = f"[...document.querySelectorAll('{WHOLE}')]"
    page.evaluate(
        "document.addEventListener('play', () => { "
        f"window.places = {sounds}.map((sound) => sound.currentTime) }}, {{ capture: true }})"
    )
    page.keyboard.press("Space")
    wait_until_playing(page)
    assert len(page.evaluate("window.places")) == 1
    whole = f"document.querySelectorAll('{WHOLE}')[1]"
    wait_until_playing(page, whole)
    beginning, goes_on = page.evaluate("window.places")
    assert goes_on == pytest.approx(beginning, abs=0.1)
    assert goes_on > 1
    assert not state(page)[1]
    assert page.evaluate(f"{whole}.duration") > 64
    settle(page)
    assert state(page, whole)[1]
    page.keyboard.press("Space")
    assert not state(page, whole)[1]


def test_a_place_beyond_the_beginning_is_gone_to_when_the_whole_is_there(page, players):
    open_long(page, players)
    page.keyboard.press("Space")
    wait_until_playing(page)
    page.get_by_role("slider", name="Place in the music").fill("40")
    page.wait_for_function(f"{SOUND}.paused")
    page.get_by_role("button", name="Pause").wait_for()  # as it will play
    wait_until_playing(page, f"document.querySelectorAll('{WHOLE}')[1]", 40)


def test_right_after_a_press_elsewhere_nothing_is_asked_of_the_server(page, players):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    open_long(page, players)
    settle(page)
    page.get_by_text("No box").click()
    sent.clear()
    page.wait_for_timeout(1000)
    assert not sent
    page.wait_for_function(f"document.querySelectorAll('{WHOLE}').length > 1")
    assert sent


def test_the_roll_is_there_before_the_sound_and_nothing_moves(page, players):
    page.goto(f"{players}/?first={next(FRESH)}")
    page.locator(".js-plotly-plot").wait_for()
    page.locator(".st-key-midi-take").wait_for()
    before = page.locator(".st-key-midi-take").bounding_box()
    page.wait_for_function(f"{SOUND}?.readyState > 0")
    settle(page)
    assert page.locator(".st-key-midi-take").bounding_box() == before
    assert page.locator("audio").first.is_hidden()


def test_the_keyboard_alone_is_enough(opened):
    for _ in range(30):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.shadowRoot?.activeElement?.classList.contains('play')"):
            break
    opened.keyboard.press("Enter")
    wait_until_playing(opened)
    opened.keyboard.press("Space")
    assert not state(opened)[1]
    opened.keyboard.press("Tab")
    opened.keyboard.press("ArrowRight")
    assert opened.get_by_role("slider", name="Place in the music").get_attribute("aria-valuetext").startswith("0:0")
    opened.keyboard.press("ArrowRight")
    assert state(opened)[0] == pytest.approx(4, abs=2)


def test_keys_in_a_field_belong_to_the_field(opened):
    opened.get_by_role("textbox", name="Name").click()
    opened.keyboard.type("l 2")
    opened.keyboard.press("ArrowLeft")
    assert state(opened) == [0, False]
    assert opened.get_by_role("button", name="Loop").get_attribute("aria-pressed") == "false"
    assert opened.get_by_role("textbox", name="Name").input_value() == "l 2"


def test_space_on_a_button_presses_it_and_nothing_else(opened):
    opened.locator(".st-key-star-1 button").focus()
    opened.keyboard.press("Space")
    settle(opened)
    assert not state(opened)[1]


def test_keys_are_answered_once_after_many_runs(opened):
    for number in (1, 2, 3):
        press(opened, f"star-{number}")
        settle(opened)
    opened.mouse.click(*plot_at(opened, 0, 0.5))
    opened.keyboard.press("ArrowRight")
    assert state(opened)[0] == pytest.approx(2)
    opened.keyboard.press("Space")
    wait_until_playing(opened)


@pytest.fixture
def phone(browser, players):
    with visit(browser, **PHONE) as page:
        open_players(page, players)
        yield page


def swipe(page, start, stop):
    """Draw a finger over the roll."""
    finger = page.context.new_cdp_session(page)
    (left, top), (right, bottom) = plot_at(page, *start), plot_at(page, *stop)
    places = [(left + (right - left) * step / 8, top + (bottom - top) * step / 8) for step in range(9)]
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * 8], places, strict=True):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_on_a_phone_a_finger_selects_when_the_switch_is_on(phone):
    swipe(phone, (0.26, 0.3), (0.4, 0.5))
    phone.wait_for_timeout(500)
    assert phone.get_by_text("No box").count()
    phone.get_by_role("button", name="Select a passage").tap()
    swipe(phone, (0.26, 0.3), (0.4, 0.6))
    phone.get_by_text("Box: 8 to 13, pitches 62 to 67").wait_for()


def test_on_a_phone_everything_is_large_enough_for_a_finger(phone):
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("Back to the start", "Play", "Loop", "Select a passage", "Play take 1"):
        box = phone.get_by_role("button", name=name, exact=True).bounding_box()
        assert min(box["width"], box["height"]) >= 44


def test_all_downloads_can_be_opened(opened):
    name, content = downloaded(opened, "midi-take")
    assert len(read(content, name).piece.notes) == 32
    for kind in ("wav", "mp3"):
        name, content = downloaded(opened, f"{kind}-take")
        assert name == f"encore.{kind}"
        assert soundfile.info(io.BytesIO(content)).duration > 16
    for kind, root in (("musicxml", "score-partwise"), ("svg", "svg")):
        name, content = downloaded(opened, f"{kind}-take")
        assert name == f"encore.{kind}"
        assert ElementTree.fromstring(content).tag.endswith(root)


def test_sheet_music_follows_the_sound_and_a_press_on_a_note_seeks(opened):
    opened.get_by_text("Sheet music").click()
    notes = opened.locator(".sheet .note")
    notes.nth(8).wait_for()
    notes.nth(8).click(force=True)
    assert state(opened)[0] == pytest.approx(4, abs=0.1)
    opened.locator(".sheet .sounds").first.wait_for()
    opened.keyboard.press("Space")
    wait_until_playing(opened, after=4.7)
    assert opened.locator(".sheet .note").nth(8).evaluate("note => !note.matches('.sounds')")
