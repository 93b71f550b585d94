"""A running app and a real Chromium for the journeys."""

import pytest
from playwright.sync_api import Error, sync_playwright

from benchmarks import browser as app
from benchmarks.browser import chromium


def served(script, tmp_path_factory):
    """Run a script as an app of its own, with its own store of models."""
    return app.served(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("log") / "streamlit.log", script)


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """The address of an app of its own."""
    with served("streamlit_app.py", tmp_path_factory) as url:
        yield url


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        try:
            browser = chromium(playwright)
        except Error as error:
            pytest.skip(f"there is no Chromium to drive: {error}")
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page.set_default_timeout(120_000)
    yield page
    page.close()
