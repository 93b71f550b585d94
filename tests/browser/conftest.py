"""A running app and a real Chromium for the journeys."""

import os
from contextlib import contextmanager

import pytest
from playwright.sync_api import Error, sync_playwright

from benchmarks import browser as app
from benchmarks.browser import chromium

PATIENCE = 300_000  # milliseconds
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


def served(script, tmp_path_factory):
    """Run a script as an app of its own, with its own store of models."""
    return app.served(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("log") / "streamlit.log", script)


@pytest.fixture(scope="session")
def address(home, tmp_path_factory):
    """The address of an app of its own, which keeps its models and takes in `home`."""
    with app.served(home, tmp_path_factory.mktemp("log") / "streamlit.log") as url:
        yield url


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        try:
            browser = chromium(playwright)
        except Error as error:
            if os.environ.get("CI"):  # there it is part of the machine
                raise
            pytest.skip(f"there is no Chromium to drive: {error}")
        yield browser
        browser.close()


@contextmanager
def visit(browser, **options):
    """Yield an empty page of a visitor of its own; a slow machine is no fault."""
    with browser.new_context(**{**DESKTOP, **options}) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@pytest.fixture
def page(browser):
    with visit(browser) as page:
        yield page
