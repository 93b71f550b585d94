"""Record the moving picture of the README from the real app: drop, train, four takes, a passage done anew.

    python -m benchmarks.clip FILE.webp

Starts the app with a home of its own and does in Chromium what a person does. A waiting time is shown faster than it
was: the training of twenty seconds is over in a few. Prints one line of JSON: seconds, frames and bytes of the picture.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import SOUND, chromium, go, press, served, settle
from benchmarks.screens import RAGS

_SIZE = (1200, 860)
_SHOWN = (900, 645)
_FRAME = 0.2  # seconds that a frame is shown
_QUALITY = 55


class Clip:
    """Frames of a page, each shown equally long."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.frames: list[Image.Image] = []

    def hold(self, seconds: float, speed: float = 1.0) -> None:
        """Film the page for so long; with a speed of 2 it takes half as long in the clip."""
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            self._shoot()
            time.sleep(max(0.0, _FRAME * speed - (time.monotonic() - now)))

    def until(self, selector: str, speed: float) -> None:
        """Film the page until something is there."""
        while not self._page.locator(selector).count():
            self.hold(_FRAME * speed, speed)

    def _shoot(self) -> None:
        picture = Image.open(io.BytesIO(self._page.screenshot()))
        self.frames.append(picture.convert("RGB").resize(_SHOWN, Image.Resampling.LANCZOS))

    def save(self, file: Path) -> None:
        """Write the frames as an animated picture."""
        first, *rest = self.frames
        first.save(
            file, save_all=True, append_images=rest, duration=int(_FRAME * 1000), loop=0, quality=_QUALITY, method=6
        )


def main() -> None:
    """Record, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = chromium(playwright)
        with served(Path(home), Path(home) / "log") as address:
            page = browser.new_page(viewport={"width": _SIZE[0], "height": _SIZE[1]})
            page.set_default_timeout(180_000)
            clip = Clip(page)
            film(clip, page, address)
            clip.save(options.file)
        browser.close()
    seconds = round(len(clip.frames) * _FRAME, 1)
    print(json.dumps({"seconds": seconds, "frames": len(clip.frames), "bytes": options.file.stat().st_size}))


def film(clip: Clip, page: Page, address: str) -> None:
    """Do the whole way once."""
    go(page, f"{address}/Music")
    clip.hold(0.8)
    page.locator("input[type=file]").set_input_files(RAGS)
    clip.until("text=Your pieces", 2)
    settle(page)
    clip.hold(1.2)
    page.get_by_role("button", name="Train on them").click()
    page.locator(".st-key-train button").wait_for()
    settle(page)
    page.get_by_text("Quick", exact=False).first.click()
    settle(page)
    clip.hold(0.8)
    press(page, "train")
    clip.until("text=The training is finished.", 8)
    settle(page)
    page.locator(".st-key-sketches").scroll_into_view_if_needed()
    clip.hold(2.2)
    page.get_by_role("link", name="Compose with it").click()
    page.locator(".st-key-compose button").wait_for()
    settle(page)
    clip.hold(0.8)
    press(page, "compose")
    clip.until("[class*='st-key-take-card-'] >> nth=3", 2)
    page.wait_for_function(f"{SOUND}?.duration > 0")
    settle(page)
    page.keyboard.press("Space")
    clip.hold(3.6)
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    if box is None:
        raise RuntimeError("there is no roll on the page")
    top, bottom = box["y"] + box["height"] * 0.05, box["y"] + box["height"] * 0.95
    page.mouse.move(box["x"] + box["width"] * 0.3, top)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + box["width"] * (0.3 + 0.02 * step), top + (bottom - top) * step / 8)
        clip.hold(_FRAME / 2)
    page.mouse.up()
    settle(page)
    clip.hold(1.0)
    button = page.locator(".st-key-anew button")
    button.scroll_into_view_if_needed()
    clip.hold(0.6)
    button.click()
    page.locator("[class*='st-key-made-from-']").wait_for()
    settle(page)
    page.locator("[class*='st-key-made-from-']").scroll_into_view_if_needed()
    clip.hold(2.5)


if __name__ == "__main__":
    main()
