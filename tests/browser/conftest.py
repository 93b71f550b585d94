"""A running app and a real Chromium for the journeys."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

ROOT = Path(__file__).parents[2]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """The address of an app of its own, with its own store of models."""
    port, log = free_port(), tmp_path_factory.mktemp("log") / "streamlit.log"
    options = ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    environment = os.environ | {"ENCORE_HOME": str(tmp_path_factory.mktemp("home"))}
    with log.open("w") as output:
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_until_healthy(url, server, log):
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the app did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser():
    installed = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=installed, args=QUIET)
        except Error as error:
            pytest.skip(f"there is no Chromium to drive: {error}")
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page.set_default_timeout(60_000)
    yield page
    page.close()
