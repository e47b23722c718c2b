"""The demo's site, served on this machine, and a reader of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browsers import needed_chromium, served
from tests.site.browser.reading import DEMO, PHONE, Reader, built, reading, saved_talk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.standins.iframe_api import IFrameStandIn

expect.set_options(timeout=20_000)  # the machine may be busy


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo's site; made only where there is a browser to look at it."""
    needed_chromium()
    folder = tmp_path_factory.mktemp("demo")
    saved_talk(folder / "library.db")
    with served(built(DEMO, folder / "site", library=folder / "library.db")) as address:
        yield address


@pytest.fixture
def reader(browser: Browser, demo_site: str, iframe_api: IFrameStandIn) -> Iterator[Reader]:
    with reading(browser, demo_site) as reader:
        yield reader


@pytest.fixture
def phone(browser: Browser, demo_site: str, iframe_api: IFrameStandIn) -> Iterator[Reader]:
    with reading(browser, demo_site, PHONE, has_touch=True, is_mobile=True) as reader:
        yield reader
