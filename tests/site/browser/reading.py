"""A site as somebody reads it: pages opened in a browser, with all that they ask and say noted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Locator, Page, Request

from generator.library import Library
from generator.models import Cue, Fetched, Transcript, Video
from generator.site.building import SiteOptions, build

DEMO = Path(__file__).resolve().parents[3] / "output-openai"
"""The demo's vault: notes with sidecars, and no library."""

CHANNEL = "kettle_and_chalk"
NOTE = f"{CHANNEL}/spring_and_neap_tides.html"
VIDEO = "tWiceDaily8"
DESKTOP = (1440, 900)
PHONE = (375, 812)


def built(vault: Path, out: Path, **options: Any) -> Path:
    """The folder in which the site of a vault was made."""
    build(SiteOptions(vault=vault, out=out, **{"title": "A site", **options}))
    return out


def saved_talk(library: Path) -> None:
    """A library with the whole transcript of VIDEO: a sentence every four seconds."""
    cues = tuple(Cue(4.0 * number, 4.0, sentence_at(4 * number)) for number in range(225))
    video = Video(VIDEO, "Tides", CHANNEL, url=f"https://www.youtube.com/watch?v={VIDEO}")
    with Library.open(library) as opened:
        opened.save_fetched(Fetched(video, Transcript(VIDEO, "en", False, cues)))


def sentence_at(second: int) -> str:
    """What is said in that talk from a second on."""
    return f"At second {second} of this talk about the sea, a sentence of its own is said."


class Reader:
    """One reader with one page. `requests` and `said` (console, errors, dialogs) are all of it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.requests: list[Request] = []
        self.said: list[str] = []
        page.on("request", self._asked)
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", self._dialog)

    def open(self, path: str) -> Page:
        """Opens a page of the site; its modules have run when this returns."""
        self.page.goto(self.address + quote(path, safe="/#=?%"))
        return self.page

    def settle(self) -> None:
        """Waits until all has come that pages bring by themselves, and its scripts have run."""
        self.page.wait_for_load_state("load")
        for waiting in ("#transcript", ".graph"):
            for part in self.page.locator(f"{waiting}:visible").all():
                part.locator("button:visible, canvas:visible, .hint:visible").first.wait_for()
        self.page.evaluate("new Promise((done) => requestIdleCallback(done, { timeout: 500 }))")

    @property
    def abroad(self) -> list[str]:
        """The addresses asked for that are not the site's."""
        return [each.url for each in self.requests if not each.url.startswith(self.address)]

    def citation(self, number: int) -> Locator:
        return self.page.locator(f'.cite[data-c="{number}"]')

    def _asked(self, request: Request) -> None:
        self.requests.append(request)

    def _dialog(self, dialog: Any) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def reading(
    browser: Browser, address: str, size: tuple[int, int] = DESKTOP, **options: Any
) -> Iterator[Reader]:
    """A reader who was never here, with a window of this size.

    Without other `options` nothing moves: a click on what still scrolls misses it.
    """
    context = browser.new_context(
        ignore_https_errors=True,
        viewport={"width": size[0], "height": size[1]},
        **{"reduced_motion": "reduce", **options},
    )
    context.set_default_timeout(20_000)  # the machine may be busy
    yield Reader(context.new_page(), address)
    context.close()
