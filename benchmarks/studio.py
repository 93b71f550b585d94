"""Measure what a person waits for on the page Compose, in a real browser.

    python -m benchmarks.studio [--rounds N] [--bars N]

From the press of a button or key, with the sound: until four takes are on the screen, until the first of them is heard,
until another tempo and another instrument are heard, until three versions of a passage are on the screen. `moves` is
how long a press of Compose is without any answer on the screen. A model is trained for a few seconds on the built-in
rags; each round begins with a new visitor, at a temperature of its own, so that no sound is there already. Prints a
table and last one line of JSON: medians in seconds. `bare` is what composing four takes takes without page and sound,
before and after a round: how fast the machine is just then, as others may use it too. `quiet` are the medians of the
third of the rounds in which that was fastest.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import SOUND, WHOLE, chromium, go, press, served, settle
from benchmarks.screens import trained
from core.composing.take import compose
from core.config import ComposingSettings
from core.lstm.inference import limit_blas_threads
from core.models.base import base_model

_CARD = "[class*='st-key-take-card-']"
_ANSWER = ".st-key-making, " + _CARD
_SLOWEST, _STILL = 120_000, 100  # milliseconds; between two looks from outside, which cost the page time
_REST = 4_000  # milliseconds until the server has made the last sounds
_LOOK = 10  # milliseconds between two looks from inside, which make the browser draw nothing
_WATCH = """([there, pause]) => {
  const plays = (sound) => {
    if (!(sound?.readyState > 1)) return false;
    if (sound.paused) { sound.muted = true; sound.play(); }
    return sound.currentTime > 0.02;
  };
  const looks = Object.entries(there).map(([name, words]) => [name, new Function("plays", `return ${words}`)]);
  const seen = (window.seen = {}), aborter = new AbortController();
  const begin = () => {
    aborter.abort();
    const begun = performance.now();
    const look = () => {
      for (const [name, isThere] of looks) {
        if (!(name in seen) && isThere(plays)) seen[name] = (performance.now() - begun) / 1000;
      }
      if (Object.keys(seen).length < looks.length) setTimeout(look, pause);
    };
    look();
  };
  for (const event of ["pointerdown", "keydown"]) {
    addEventListener(event, begin, { capture: true, signal: aborter.signal });
  }
}"""


def main() -> None:
    """Measure, and print medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--bars", type=int, default=32)
    options = parser.parse_args()
    limit_blas_threads()
    rounds: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = chromium(playwright)
        with served(Path(home), Path(home) / "log") as address:
            model = trained(browser, address)
            _composed(options.bars)  # the first time all is slower
            after = _composed(options.bars)
            for number in range(options.rounds):
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.set_default_timeout(_SLOWEST)
                go(page, f"{address}/Compose?model={model}")
                waits = visit(page, options.bars, number)
                page.wait_for_timeout(_REST)
                page.close()
                before, after = after, _composed(options.bars)
                rounds.append({"bare": (before + after) / 2, **waits})
                print("  ".join(f"{name} {seconds:.2f}" for name, seconds in rounds[-1].items()), flush=True)
        browser.close()
    found, quiet = medians(rounds), medians(quietest(rounds))
    for name, seconds in found.items():
        print(f"{name:12} {seconds:6.2f} s   (quiet: {quiet[name]:.2f} s)")
    print(json.dumps({"bars": options.bars, "rounds": options.rounds, "quiet": quiet, **found}))


def quietest(rounds: Sequence[Mapping[str, float]]) -> list[Mapping[str, float]]:
    """Return the third of the rounds in which composing alone was fastest, at least one."""
    return sorted(rounds, key=lambda waits: waits["bare"])[: max(len(rounds) // 3, 1)]


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the median of each wait, in seconds."""
    return {name: round(median(waits[name] for waits in rounds), 2) for name in rounds[0]}


def _composed(bars: int) -> float:
    """Return how long it takes to compose four takes, always the same ones."""
    start = time.perf_counter()
    compose(base_model(), ComposingSettings(bars=bars, variations=4))
    return time.perf_counter() - start


def visit(page: Page, bars: int, number: int) -> dict[str, float]:
    """Do everything once; return the seconds of each wait."""
    _move(page, "Length", bars - 16)
    _move(page, "Temperature", -number)
    found = _compose(page)
    settle(page)
    found["tempo"] = _tempo(page)
    settle(page)
    found["instrument"] = _instrument(page)
    settle(page)
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
    there = {
        "moves": f"document.querySelector({json.dumps(_ANSWER)})",
        "first heard": f"plays({SOUND})",
        "four takes": f"document.querySelectorAll({json.dumps(_CARD)}).length > 3",
    }
    _watch(page, there)
    press(page, "compose")
    return _times(page, there)


def _tempo(page: Page) -> float:
    page.locator(WHOLE).first.wait_for(state="attached")  # or it would take the beginning's place meanwhile
    slider = page.get_by_role("slider", name="Tempo scale")
    slider.focus()
    there = _another_sound(page)
    _watch(page, there)
    slider.press("ArrowRight")
    return _times(page, there)["heard"]


def _instrument(page: Page) -> float:
    page.locator(".st-key-take-tool").get_by_text("Instruments").click()
    settle(page)
    box = page.locator("[class*='st-key-program-'] input").first
    box.click()
    box.fill("Church organ")
    page.get_by_role("option").filter(has_text="Church organ").first.wait_for()
    settle(page)
    page.locator(WHOLE).first.wait_for(state="attached")
    there = _another_sound(page)
    _watch(page, there)
    box.press("Enter")
    return _times(page, there)["heard"]


def _another_sound(page: Page) -> dict[str, str]:
    """Return what is there when another sound than now is heard."""
    before = json.dumps(page.evaluate(f"{SOUND}.src"))
    return {"heard": f"{SOUND} && {SOUND}.src !== {before} && plays({SOUND})"}


def _anew(page: Page) -> float:
    page.locator(".st-key-take-tool").get_by_text("Do bars anew").click()
    settle(page)
    made = json.dumps(f"[class*='st-key-made-from-'] {_CARD}")
    there = {"anew": f"document.querySelectorAll({made}).length > 2"}
    _watch(page, there)
    press(page, "anew")
    return _times(page, there)["anew"]


def _watch(page: Page, there: Mapping[str, str]) -> None:
    """Let the page note when each of some things is there, in seconds from the next press of a button or a key.

    Each is an expression in JavaScript, looked at a hundred times a second. `plays` plays a sound that is
    loaded, and tells whether it is heard.
    """
    page.evaluate(_WATCH, [dict(there), _LOOK])


def _times(page: Page, there: Mapping[str, str]) -> dict[str, float]:
    """Wait until all that `_watch` was told is there; return the seconds of each, and let the sound rest."""
    page.wait_for_function(f"Object.keys(window.seen).length === {len(there)}", polling=_STILL)
    page.evaluate(f"{SOUND}?.pause()")
    found: dict[str, float] = page.evaluate("window.seen")
    return found


if __name__ == "__main__":
    main()
