"""The whole way in a real browser, as a person goes it."""

import re
from pathlib import Path

import pytest

from benchmarks.browser import WHOLE, go, press, settle
from core.audio import measure
from core.midi import read
from tests.browser.conftest import PATIENCE, visit

RAGS = Path(__file__).parents[2] / "assets" / "music" / "ragtime"
FILES = [RAGS / "joplin-maple-leaf-rag.mid", RAGS / "hunter-possum-and-taters.mid"]
LOOK = 50  # milliseconds
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def downloaded(page, key):
    """Download a file; press again where the page ran just then and the button says that it failed."""
    came, failed = [], page.get_by_test_id("stDownloadButtonError")
    page.once("download", lambda download: came.append(download))
    press(page, key)
    for _ in range(PATIENCE // LOOK):
        page.wait_for_timeout(LOOK)
        if came:
            return came[0].suggested_filename, came[0].path().read_bytes()
        if failed.count():
            failed.first.wait_for(state="detached")
            press(page, key)
    raise AssertionError(f"{key} does not come")


def test_from_two_files_to_new_music(page, address, browser):
    go(page, f"{address}/Music")
    page.locator("input[type=file]").set_input_files(FILES)
    page.get_by_text("2 pieces with").wait_for()
    page.locator(WHOLE).wait_for(state="attached")  # or the page may ask for it just when it is left
    settle(page)
    page.get_by_role("button", name="Train on them").click()
    page.locator(".st-key-train").wait_for()
    settle(page)
    page.get_by_text("Advanced").click()
    steps = page.get_by_role("spinbutton", name="Steps")
    steps.fill("60")
    steps.press("Enter")
    settle(page)
    press(page, "train")
    page.wait_for_url(re.compile("model="))
    training = page.url

    with visit(browser) as other:
        go(other, training)
        other.get_by_text("The training is finished.").wait_for()

    page.get_by_role("link", name="Compose with it").click()
    press(page, "compose")
    page.wait_for_function("document.querySelector(\"[class*='st-key-player-'] audio\")?.duration > 5")
    page.locator("[class*='st-key-take-card-']").nth(3).wait_for()  # takes arrive one by one
    settle(page)
    assert page.locator("[class*='st-key-take-card-']").count() == 4

    name, midi = downloaded(page, "midi-take-1")
    assert name.endswith(".mid")
    assert len(read(midi, name).piece.notes) > 20
    name, wav = downloaded(page, "wav-take-1")
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
    sound = "[...document.querySelectorAll('audio')].at(-1)"  # the whole, once it is there
    page.wait_for_function(f"{sound}.duration > 60")
    page.evaluate(f"{sound}.muted = true; {sound}.play()")
    page.wait_for_function(f"{sound}.currentTime > 0.5")
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(f"{sound}.currentTime > 60")


@pytest.mark.parametrize("path", ["", "Music", "Train", "Compose", "Compare", "How_it_works"])
def test_no_page_is_wider_than_the_screen(page, address, path):
    go(page, f"{address}/{path}")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for name in ("Welcome", "1 Music", "2 Train", "3 Compose", "4 Compare"):
            page.get_by_role("link", name=name).first.wait_for(state="visible")
