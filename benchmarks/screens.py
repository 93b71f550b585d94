"""Take pictures of every page in its states: light, dark and on a phone.

    python -m benchmarks.screens FOLDER [--only WORD ...]

Starts the app with a home of its own, opens every page in Chromium, trains for a few seconds, composes, and writes one
picture a state: FOLDER/NAME-light.png, -dark.png, -phone.png. To look at, not to compare: fonts differ by machine.
Checks on the way that no page is wider than the screen; the last line is JSON with the number of pictures.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.browser import ROOT, SOUND, choose, chromium, go, longest, press, served, settle, turn_to
from core import midi
from core.notes import Piece, as_notes

RAGS = sorted((ROOT / "assets" / "music" / "ragtime").glob("*.mid"))
WIDTHS = {"light": 1280, "dark": 1280, "phone": 390}
_TRAINING_SECONDS = 3
_TALLEST = 6000
_SEEDS = count(1)  # of trainings
_BROKEN = {"ENCORE_SOUNDFONT": "/nowhere.sf2", "ENCORE_SCHEDULER": "tcp://127.0.0.1:9"}


@dataclass(frozen=True)
class Screen:
    """A page in one state: its name, and what a person does to see it, given the address and that of a model.

    With `broken` the app has neither a soundfont nor a cluster that answers.
    """

    name: str
    reach: Callable[[Page, str, str], None]
    broken: bool = False


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[], metavar="WORD", help="only states whose name has the word")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    chosen = [screen for screen in SCREENS if not options.only or any(word in screen.name for word in options.only)]
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = chromium(playwright)
        folder, pictures = Path(home), 0
        with served(folder, folder / "log") as address:
            model = trained(browser, address)
            pictures += sum(_take(browser, each, address, model, options.folder) for each in chosen if not each.broken)
        with served(folder, folder / "log", settings=_BROKEN) as address:
            pictures += sum(_take(browser, each, address, model, options.folder) for each in chosen if each.broken)
        browser.close()
    print(json.dumps({"pictures": pictures}))


def trained(browser: Browser, address: str, seconds: int = _TRAINING_SECONDS) -> str:
    """Train with the app on its rags; return the key of the model."""
    with _window(browser, "light") as page:
        _train_on_rags(page, address, seconds)
        return page.url.split("model=")[1].split("&")[0]


def _train_on_rags(page: Page, address: str, seconds: int = _TRAINING_SECONDS) -> None:
    """Train on the rags; a training that was done before is there at once."""
    go(page, f"{address}/?lesson=ragtime&page=train&seconds={seconds}")
    page.wait_for_url("**/Train*", wait_until="commit")
    settle(page)
    press(page, "train")
    page.get_by_text("The training is finished.").wait_for(timeout=180_000)


def _take(browser: Browser, screen: Screen, address: str, model: str, folder: Path) -> int:
    for look in WIDTHS:
        with _window(browser, look) as page:
            screen.reach(page, address, model)
            page.wait_for_timeout(800)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > WIDTHS[look]:
                raise RuntimeError(f"{screen.name} is {wide} pixels wide on a screen of {WIDTHS[look]}")
            tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            page.set_viewport_size({"width": WIDTHS[look], "height": min(max(tall, 600), _TALLEST)})
            page.wait_for_timeout(800)
            page.screenshot(path=folder / f"{screen.name}-{look}.png")
            print(f"{screen.name} {look}: {tall} pixels tall", flush=True)
    return len(WIDTHS)


@contextmanager
def _window(browser: Browser, look: str) -> Iterator[Page]:
    scheme: Literal["dark", "light"] = "dark" if look == "dark" else "light"
    phone = look == "phone"
    context = browser.new_context(
        viewport={"width": WIDTHS[look], "height": 900}, color_scheme=scheme, has_touch=phone, is_mobile=phone
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def _welcome(page: Page, address: str, model: str) -> None:
    go(page, address)


def _demo(page: Page, address: str, model: str) -> None:
    go(page, address)
    press(page, "demo-ragtime")
    heard(page)


def _no_music(page: Page, address: str, model: str) -> None:
    go(page, f"{address}/Music")


def _broken(page: Page, address: str, model: str) -> None:
    _no_music(page, address, model)
    files: Sequence[dict[str, object]] = [
        {"name": "broken.mid", "mimeType": "audio/midi", "buffer": b"no music"},
        {"name": RAGS[0].name, "mimeType": "audio/midi", "buffer": RAGS[0].read_bytes()},
    ]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_text("One piece with").wait_for()
    heard(page)


def _nothing_to_train(page: Page, address: str, model: str) -> None:
    go(page, f"{address}/Train")


def _ready_to_train(page: Page, address: str, model: str, seed: int = 0) -> None:
    go(page, f"{address}/?lesson=ragtime&page=train&seed={seed}")
    page.wait_for_url("**/Train*", wait_until="commit")
    settle(page)
    page.get_by_text("Advanced").click()


def _training(page: Page, address: str, model: str) -> None:
    """Train; with a seed of its own, as the same training is done once."""
    _ready_to_train(page, address, model, next(_SEEDS))
    press(page, "train")
    page.get_by_text("Learning:").wait_for(timeout=180_000)  # others may be before it
    page.wait_for_timeout(3000)


def _stopped(page: Page, address: str, model: str) -> None:
    _training(page, address, model)
    press(page, "end-training")
    page.get_by_text("Stopped early").wait_for()


def _waiting(page: Page, address: str, model: str) -> None:
    """Train while another visitor does."""
    browser = page.context.browser
    assert browser is not None
    with _window(browser, "light") as other:
        _training(other, address, model)
        _ready_to_train(page, address, model, next(_SEEDS))
        press(page, "train")
        page.get_by_text("Waiting in line").wait_for()
        page.wait_for_timeout(1000)


def _failed(page: Page, address: str, model: str) -> None:
    _ready_to_train(page, address, model)
    press(page, "train")
    page.locator("[data-testid=stAlert]").wait_for(timeout=120_000)


def _finished(page: Page, address: str, model: str) -> None:
    go(page, f"{address}/Train?model={model}")


def _nothing_to_compose(page: Page, address: str, model: str) -> None:
    go(page, f"{address}/Compose")


def _ready_to_compose(page: Page, address: str, model: str) -> None:
    go(page, f"{address}/Compose?model={model}")


def _all_settings(page: Page, address: str, model: str) -> None:
    _ready_to_compose(page, address, model)
    page.get_by_text("More", exact=True).click()
    settle(page)


def _four_takes(page: Page, address: str, model: str) -> None:
    _ready_to_compose(page, address, model)
    composed(page)


def _composing(page: Page, address: str, model: str) -> None:
    _ready_to_compose(page, address, model)
    longest(page)
    press(page, "compose")
    page.locator(".st-key-making").wait_for()


def _composing_stopped(page: Page, address: str, model: str) -> None:
    _composing(page, address, model)
    page.wait_for_timeout(1500)
    press(page, "stop-composing")
    page.locator(".st-key-making").wait_for(state="detached")
    heard(page)


def _composing_failed(page: Page, address: str, model: str) -> None:
    """Ask for another rhythm of notes that are none."""
    _four_takes(page, address, model)
    choose(page, "anew-low-", "G9")
    page.get_by_text("Same rhythm, new pitches", exact=True).click()
    settle(page)
    press(page, "anew")
    page.get_by_text("holds no notes").wait_for()
    settle(page)


def _no_sound(page: Page, address: str, model: str) -> None:
    _ready_to_compose(page, address, model)
    press(page, "compose")
    page.get_by_text("You can still see the music").wait_for(timeout=120_000)
    page.locator("[class*='st-key-take-card-']").nth(3).wait_for(timeout=120_000)
    settle(page)


def _keyboard(page: Page, address: str, model: str) -> None:
    _ready_to_compose(page, address, model)
    choose(page, "start", "notes that I play")
    for pitch in (60, 64, 67):
        page.locator(f"[data-pitch='{pitch}']").click()
    page.wait_for_timeout(1500)
    settle(page)


def _share(page: Page, address: str, model: str) -> None:
    _four_takes(page, address, model)
    page.get_by_role("button", name="Share").click()
    page.locator("[data-testid=stCode]").wait_for()


def _go_on(page: Page, address: str, model: str) -> None:
    _four_takes(page, address, model)
    page.locator(".st-key-take-tool").get_by_text("Go on or trim").click()
    settle(page)


def _performed(page: Page, address: str, model: str) -> None:
    """Look for the sheet music of a piece that was played freely."""
    _no_music(page, address, model)
    rows = [(0.371 * note + 0.013 * (note % 3), 0.3, 55 + note * 5 % 13, 80, 0) for note in range(200)]
    free = {"name": "free.mid", "mimeType": "audio/midi", "buffer": midi.write(Piece(as_notes(rows)))}
    page.locator("input[type=file]").set_input_files([free])  # type: ignore[arg-type]
    page.get_by_text("One piece with").wait_for()
    heard(page)
    page.get_by_text("Sheet music", exact=True).click()
    page.wait_for_timeout(2000)
    settle(page)


def _anew(page: Page, address: str, model: str) -> None:
    _four_takes(page, address, model)
    press(page, "star-2")
    settle(page)
    press(page, "anew")
    page.locator("[class*='st-key-made-from-']").wait_for()
    heard(page)


def _full_desk(page: Page, address: str, model: str) -> None:
    """Compose until there are more takes than are shown at first."""
    _four_takes(page, address, model)
    for _ in range(3):
        press(page, "again")
        page.locator(".st-key-making").wait_for()
        page.locator(".st-key-making").wait_for(state="detached")
        settle(page)
    page.get_by_text("older takes").wait_for()


def _nothing_to_compare(page: Page, address: str, model: str) -> None:
    go(page, f"{address}/Compare")


def _comparing(page: Page, address: str, model: str) -> None:
    """Compose with the rags in the visit, then compare."""
    _train_on_rags(page, address)
    page.get_by_role("link", name="Compose with it").click()
    settle(page)
    composed(page)
    page.get_by_role("link", name="4 Compare").first.click()
    page.get_by_text("Held against").wait_for()
    settle(page)


def _unknown_music(page: Page, address: str, model: str) -> None:
    """Compare a take whose music is not in the visit."""
    _four_takes(page, address, model)
    page.get_by_role("link", name="4 Compare").first.click()
    page.locator("[data-testid=stAlert]").or_(page.get_by_text("Held against")).first.wait_for()
    settle(page)


def _sheet(page: Page, address: str, model: str) -> None:
    _four_takes(page, address, model)
    page.get_by_text("Sheet music", exact=True).click()
    page.wait_for_timeout(4000)
    settle(page)


def _lost(page: Page, address: str, model: str) -> None:
    go(page, f"{address}/Compose?model={model}&take=unknown")


def _lesson_unknown(page: Page, address: str, model: str) -> None:
    go(page, f"{address}/?lesson=unknown")


def _embedded(page: Page, address: str, model: str) -> None:
    go(page, f"{address}/Compose?model={model}&embed=true")
    composed(page)


def composed(page: Page) -> None:
    """Press Compose and wait until four takes are there and the first can be heard."""
    press(page, "compose")
    page.locator("[class*='st-key-take-card-']").nth(3).wait_for(timeout=120_000)
    settle(page)
    heard(page)


def heard(page: Page) -> None:
    """Wait until the player of the page has its sound."""
    page.wait_for_function(f"{SOUND}?.duration > 0")
    settle(page)


def _networks(page: Page, address: str, model: str) -> None:
    _comparing(page, address, model)
    page.get_by_role("radiogroup", name="Compare").get_by_text("Two networks").click()
    page.get_by_text("bits a note").or_(page.locator("[data-testid=stAlert]")).first.wait_for(timeout=60_000)
    settle(page)


def _blind(page: Page, address: str, model: str) -> None:
    _comparing(page, address, model)
    page.get_by_role("radiogroup", name="Compare").get_by_text("Blind test").click()
    settle(page)
    press(page, "blind-begin")
    page.locator(".st-key-player-blind-C").wait_for(timeout=60_000)
    settle(page)
    heard(page)


def _how(step: str) -> Callable[[Page, str, str], None]:
    """Return what shows a step of How it works, with the network of the visit."""

    def show(page: Page, address: str, model: str) -> None:
        _four_takes(page, address, model)
        turn_to(page, "How it works")
        page.get_by_role("radiogroup", name="Step").get_by_text(step).click()
        settle(page)
        if page.locator("[class*='st-key-player-']").count():
            heard(page)

    return show


SCREENS = (
    Screen("welcome", _welcome),
    Screen("welcome-demo", _demo),
    Screen("welcome-lesson-unknown", _lesson_unknown),
    Screen("music-empty", _no_music),
    Screen("music-broken-file", _broken),
    Screen("train-empty", _nothing_to_train),
    Screen("train-ready", _ready_to_train),
    Screen("train-finished", _finished),
    Screen("compose-empty", _nothing_to_compose),
    Screen("compose-ready", _ready_to_compose),
    Screen("compose-settings", _all_settings),
    Screen("compose-busy", _composing),
    Screen("compose-takes", _four_takes),
    Screen("compose-anew", _anew),
    Screen("compose-full-desk", _full_desk),
    Screen("compare-empty", _nothing_to_compare),
    Screen("compare-unknown-music", _unknown_music),
    Screen("compare", _comparing),
    Screen("compare-networks", _networks),
    Screen("compare-blind", _blind),
    Screen("how-rows", _how("1 Notes")),
    Screen("how-expectation", _how("2 What")),
    Screen("how-choice", _how("3 Drawing")),
    Screen("how-together", _how("4 Pitch")),
    Screen("how-past", _how("5 Its")),
    Screen("how-learning", _how("6 Learning")),
    Screen("compose-sheet", _sheet),
    Screen("compose-lost-address", _lost),
    Screen("compose-embedded", _embedded),
    Screen("compose-stopped", _composing_stopped),
    Screen("compose-failed", _composing_failed),
    Screen("compose-keyboard", _keyboard),
    Screen("compose-share", _share),
    Screen("compose-go-on", _go_on),
    Screen("music-performed", _performed),
    Screen("train-running", _training),
    Screen("train-stopped", _stopped),
    Screen("train-waiting", _waiting),
    Screen("train-failed", _failed, broken=True),
    Screen("compose-no-sound", _no_sound, broken=True),
)


if __name__ == "__main__":
    main()
