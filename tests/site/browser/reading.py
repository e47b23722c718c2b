"""A site as somebody reads it: pages opened in a browser, with all that they ask and say noted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Locator, Page, Request

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
    build(SiteOptions(vault=vault, out=out, title="A site", **options))
    return out


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
    """A reader who was never here, with a window of this size."""
    context = browser.new_context(
        ignore_https_errors=True,
        viewport={"width": size[0], "height": size[1]},
        **options,
    )
    context.set_default_timeout(15000)  # the machine may be busy
    yield Reader(context.new_page(), address)
    context.close()
