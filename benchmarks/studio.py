"""Measure what a person waits for on the page Compose, in a real browser.

    python -m benchmarks.studio [--rounds N] [--bars N]

From the press of a button or key, with the sound: until four takes are on the screen, until the first of them is heard,
until another tempo and another instrument are heard, until three versions of a passage are on the screen. `moves` is
how long a press of Compose is without any answer on the screen. A model is trained for a few seconds on the built-in
rags; each round begins with a new visitor, at a temperature of its own, so that no sound is there already. Prints a
table and last one line of JSON: medians in seconds. `bare` is what composing four takes takes without page and sound:
how fast the machine is just then, as others may use it too.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import SOUND, chromium, go, press, served, settle
from benchmarks.screens import trained
from core.composing.take import compose
from core.config import ComposingSettings
from core.lstm.inference import limit_blas_threads
from core.models.base import base_model

_CARD = "[class*='st-key-take-card-']"
_ANSWER = ".st-key-making, " + _CARD
_SLOWEST = 120_000  # milliseconds


def main() -> None:
    """Measure, and print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bars", type=int, default=32)
    options = parser.parse_args()
    limit_blas_threads()
    waits: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = chromium(playwright)
        with served(Path(home), Path(home) / "log") as address:
            model = trained(browser, address)
            for number in range(options.rounds):
                waits["bare"].append(_composed(options.bars, number))
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.set_default_timeout(_SLOWEST)
                go(page, f"{address}/Compose?model={model}")
                for name, seconds in visit(page, options.bars, number).items():
                    waits[name].append(seconds)
                page.close()
        browser.close()
    found = {name: round(median(seconds), 2) for name, seconds in waits.items()}
    for name, seconds in found.items():
        print(f"{name:12} {seconds:6.2f} s   (from {min(waits[name]):.2f} to {max(waits[name]):.2f})")
    print(json.dumps({"bars": options.bars, "rounds": options.rounds, **found}))


def _composed(bars: int, seed: int) -> float:
    """Return how long it takes to compose four takes."""
    start = time.perf_counter()
    compose(base_model(), ComposingSettings(seed=seed, bars=bars, variations=4))
    return time.perf_counter() - start


def visit(page: Page, bars: int, number: int) -> dict[str, float]:
    """Do everything once; return the seconds of each wait."""
    _move(page, "Length", bars - 16)
    _move(page, "Temperature", -number)
    found = _compose(page)
    settle(page)
    found["tempo"] = _tempo(page)
    found["instrument"] = _instrument(page)
    found["anew"] = _anew(page)
    return found


def _move(page: Page, name: str, steps: int) -> None:
    """Move a slider, to the left where `steps` is less than nothing."""
    slider = page.get_by_role("slider", name=name).first
    slider.focus()
    for _ in range(abs(steps)):
        slider.press("ArrowRight" if steps > 0 else "ArrowLeft")
    settle(page)


def _compose(page: Page) -> dict[str, float]:
    start = time.perf_counter()
    press(page, "compose")
    page.locator(_ANSWER).first.wait_for()
    found = {"moves": time.perf_counter() - start}
    page.wait_for_function(f"{SOUND}?.readyState > 1")
    _play(page)
    found["first heard"] = time.perf_counter() - start
    page.locator(_CARD).nth(3).wait_for()
    found["four takes"] = time.perf_counter() - start
    return found


def _play(page: Page) -> None:
    """Play the sound of the player, and wait until it moves."""
    page.evaluate(f"{SOUND}.muted = true")
    page.evaluate(f"{SOUND}.play()")
    page.wait_for_function(f"{SOUND}.currentTime > 0.02")
    page.evaluate(f"{SOUND}.pause()")


def _tempo(page: Page) -> float:
    before = page.evaluate(f"{SOUND}.src")
    slider = page.get_by_role("slider", name="Tempo scale")
    slider.focus()
    start = time.perf_counter()
    slider.press("ArrowRight")
    return _heard_anew(page, before, start)


def _instrument(page: Page) -> float:
    page.locator(".st-key-take-tool").get_by_text("Instruments").click()
    settle(page)
    box = page.locator("[class*='st-key-program-'] input").first
    box.click()
    box.fill("Church organ")
    page.get_by_role("option").filter(has_text="Church organ").first.wait_for()
    settle(page)
    before, start = page.evaluate(f"{SOUND}.src"), time.perf_counter()
    box.press("Enter")
    return _heard_anew(page, before, start)


def _heard_anew(page: Page, before: str, start: float) -> float:
    """Wait until another sound than before plays; return the seconds since `start`."""
    page.wait_for_function(f"{SOUND} && {SOUND}.src !== {json.dumps(before)} && {SOUND}.readyState > 1")
    _play(page)
    seconds = time.perf_counter() - start
    settle(page)
    return seconds


def _anew(page: Page) -> float:
    page.locator(".st-key-take-tool").get_by_text("Do bars anew").click()
    settle(page)
    start = time.perf_counter()
    press(page, "anew")
    page.locator(f"[class*='st-key-made-from-'] {_CARD}").nth(2).wait_for()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
