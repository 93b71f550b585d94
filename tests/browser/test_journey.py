"""The whole way in a real browser, as a person goes it."""

import re
from pathlib import Path

import pytest

from core.audio import measure
from core.midi import read

RAGS = Path(__file__).parents[2] / "assets" / "music" / "ragtime"
FILES = [RAGS / "joplin-maple-leaf-rag.mid", RAGS / "hunter-possum-and-taters.mid"]
IDLE = "[data-testid='stApp'][data-test-connection-state='CONNECTED'][data-test-script-state='notRunning']"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def settle(page):
    """Wait until the page has run and stays still."""
    page.wait_for_timeout(400)
    page.wait_for_selector(IDLE, state="attached")


def go(page, url):
    page.goto(url)
    settle(page)


def press(page, key):
    """Press a button by its key: its name in the browser may begin with that of its icon."""
    page.locator(f".st-key-{key} button").click()


def downloaded(page, key):
    with page.expect_download() as download:
        press(page, key)
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_from_two_files_to_new_music(page, address, browser):
    go(page, f"{address}/Music")
    page.locator("input[type=file]").set_input_files(FILES)
    page.get_by_text("2 pieces with").wait_for()
    settle(page)
    page.get_by_role("button", name="Train on them").click()
    page.get_by_text("Advanced").click()
    steps = page.get_by_role("spinbutton", name="Steps")
    steps.fill("60")
    steps.press("Enter")
    settle(page)
    press(page, "train")
    page.wait_for_url(re.compile("model="))
    training = page.url

    other = browser.new_page()
    other.set_default_timeout(120_000)
    go(other, training)
    other.get_by_text("The training is finished.").wait_for(timeout=120_000)
    other.close()

    page.get_by_role("link", name="Compose with it").click()
    press(page, "compose")
    sound = page.locator("audio")
    sound.wait_for(state="attached")
    settle(page)
    assert page.wait_for_function("document.querySelector('audio').duration > 5")

    assert page.locator("[class*='st-key-delete-']").count() == 4
    press(page, "star-2")
    page.get_by_role("button", name="Starred").wait_for()
    press(page, "delete-4")
    page.locator(".st-key-open-4").wait_for(state="detached")
    press(page, "undo")
    page.locator(".st-key-open-4").wait_for()
    page.get_by_text("Do some bars anew").click()
    press(page, "anew")
    page.get_by_text("from take 1").first.wait_for()
    settle(page)

    name, midi = downloaded(page, "midi-take")
    assert name.endswith(".mid")
    assert len(read(midi, name).piece.notes) > 20
    name, wav = downloaded(page, "wav-take")
    heard = measure(wav)
    assert name.endswith(".wav")
    assert heard.seconds > 5
    assert -3 < heard.peak <= 0
    assert heard.silence < 0.5


def test_the_playhead_moves_with_the_sound_and_a_click_seeks(page, address):
    go(page, f"{address}/Music")
    page.locator("input[type=file]").set_input_files(FILES[:1])
    page.locator(".js-plotly-plot .nsewdrag").first.wait_for(state="attached")
    settle(page)
    page.evaluate("document.querySelector('audio').muted = true; document.querySelector('audio').play()")
    page.wait_for_function("document.querySelector('audio').currentTime > 0.5")
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("document.querySelector('audio').currentTime > 60")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["", "Music", "Train", "Compose"])
def test_no_page_is_wider_than_the_screen(page, address, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    go(page, f"{address}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("Welcome", "1 Music", "2 Train", "3 Compose"):
        page.get_by_role("link", name=name).first.wait_for(state="visible")
