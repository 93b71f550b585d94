"""Owns the app as a person meets it: a server of its own, a real Chromium, and the ways to press and to wait there.

Knows nothing about what is measured or tested. Needs playwright, see `requirements-dev.txt`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

from playwright.sync_api import Browser, Page, Playwright, TimeoutError

ROOT = Path(__file__).parents[1]
IDLE = "[data-testid='stApp'][data-test-connection-state='CONNECTED'][data-test-script-state='notRunning']"
"""What is in the page while the app is connected and rests."""

SOUND = "[...document.querySelectorAll(\"[class*='st-key-player-'] audio\")].at(-1)"
"""The sound of the player, in JavaScript: the whole of it, once that is there."""

WHOLE = "[class*='st-key-sound-whole-'] audio"
"""Selects the sound of a player, once the whole of it is there."""

_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_START_SECONDS, _END_SECONDS = 60, 60
_TRIES, _TURN = 5, 20_000  # milliseconds
_STILL = 400  # milliseconds after which a press has reached the server


@contextmanager
def served(
    home: Path,
    log: Path,
    script: str = "streamlit_app.py",
    settings: Mapping[str, str] = MappingProxyType({}),
    port: int | None = None,
) -> Iterator[str]:
    """Run a script as an app of its own, which keeps its models and takes in `home`; yield its address.

    `settings` are more environment variables; without a port any is taken that is free. Raises RuntimeError with the
    log if it does not start.
    """
    port = port or free_port()
    options = ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    options += ["--server.fileWatcherType", "none"]  # its threads take ten seconds to end
    environment = {**os.environ, "ENCORE_HOME": str(home), **settings}
    with log.open("w") as output:
        command = [sys.executable, "-m", "streamlit", "run", script, *options]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(url, server, log)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:  # it still waits for something in the background
            server.kill()
            server.wait(timeout=_END_SECONDS)


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the app did not start:\n{log.read_text()}")


def chromium(playwright: Playwright) -> Browser:
    """Start the Chromium of the system, or playwright's own. Raises playwright's Error if there is none."""
    installed = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return playwright.chromium.launch(executable_path=installed, args=_QUIET)


def settle(page: Page) -> None:
    """Wait until the page has run and stays still."""
    page.wait_for_timeout(_STILL)
    page.wait_for_selector(IDLE, state="attached")


def go(page: Page, url: str) -> None:
    """Open an address and wait until it is there."""
    page.goto(url)
    settle(page)


def press(page: Page, key: str) -> None:
    """Press a button by its key: its name in the browser may begin with that of its icon."""
    page.locator(f".st-key-{key} button").first.click()


def choose(page: Page, key: str, option: str) -> None:
    """Choose from a list, by the beginning of its key, as a person does who types; again until it is chosen."""
    box = page.locator(f"[class*='st-key-{key}'] input").first
    found = page.get_by_role("option").filter(has_text=option).first
    for _ in range(_TRIES):
        box.scroll_into_view_if_needed()
        page.wait_for_timeout(_STILL)  # a list closes when the page scrolls
        box.click()
        box.fill(option)
        with suppress(TimeoutError):
            found.wait_for(timeout=_TURN)
            page.wait_for_timeout(_STILL)  # until the list is down to it
            name = found.inner_text(timeout=_TURN)
            box.press("Enter")
            found.wait_for(state="hidden", timeout=_TURN)
            settle(page)
            if box.input_value() == name:
                return
        box.blur()
    raise TimeoutError(f"{option!r} cannot be chosen from {key!r}")


def longest(page: Page) -> None:
    """Ask for takes as long as can be."""
    length = page.get_by_role("slider", name="Length").first
    length.focus()
    length.press("End")
    settle(page)


def turn_to(page: Page, name: str) -> None:
    """Go to another page by its link in the path across the top; click again where the page was changing just then."""
    heading = page.get_by_role("heading", name=name.lstrip("0123456789 "), exact=True)
    for _ in range(_TRIES):
        page.locator(".st-key-way").get_by_text(name).click()
        with suppress(TimeoutError):
            heading.wait_for(timeout=_TURN)
            break
    heading.wait_for()
    settle(page)
