"""The server ends while a page is open, and another one takes its place."""

import pytest

from benchmarks import browser as app
from benchmarks.browser import go, press

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
