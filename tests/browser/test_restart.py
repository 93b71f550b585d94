"""The server ends while a page is open, and another one takes its place, as on a host that sleeps when nobody comes."""

import pytest

from benchmarks import browser as app
from benchmarks.browser import SOUND, go, press, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_open_page_offers_a_training_again_that_was_lost_with_the_server(page, tmp_path):
    port = app.free_port()
    with app.served(tmp_path, tmp_path / "first.log", port=port) as address:
        go(page, f"{address}/?lesson=ragtime&page=train&seconds=60&seed=5")
        press(page, "train")
        page.get_by_text("Warming up").wait_for()
        training = page.url
    with app.served(tmp_path, tmp_path / "second.log", port=port):
        page.get_by_text("Encore was started anew").wait_for()
        press(page, "train-again")
        page.get_by_text("Warming up").wait_for()
        assert page.url == training


def test_without_fluidsynth_and_a_lasting_disk_music_sounds_and_the_page_goes_on_after_sleep(page, tmp_path):
    port, nothing = app.free_port(), {"PATH": str(tmp_path)}
    with app.served(tmp_path / "one", tmp_path / "one.log", settings=nothing, port=port) as address:
        go(page, f"{address}/Music")
        page.get_by_role("tab", name="Built-in music").click()
        press(page, "add-solos")
        page.wait_for_function(f"{SOUND}?.readyState > 1")
        page.get_by_text("Played with midirenderer").wait_for()
    with app.served(tmp_path / "other", tmp_path / "other.log", settings=nothing, port=port):
        page.get_by_text("Nothing chosen yet").wait_for()
        settle(page)
        assert "Traceback" not in (tmp_path / "other.log").read_text()
