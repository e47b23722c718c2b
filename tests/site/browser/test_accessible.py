"""axe finds nothing serious on any kind of page, as they look and with all that opens on them."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.site.browser.reading import CHANNEL, DESKTOP, NOTE, PHONE, Reader, reading
from tests.standins.iframe_api import HOSTS, IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")

PAGES = (
    "index.html",
    f"{CHANNEL}/index.html",
    NOTE,
    "graph.html",
    f"{CHANNEL}/graph.html",
    "404.html",
)
TOLD = ("serious", "critical")
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that can find other things where a page has nothing but other colours."""


def violations(
    page: Page, part: str = "html", scheme: str = "light"
) -> list[tuple[str, list[str]]]:
    """The rules that are broken seriously in a part of the page, with the elements that do.

    In a dark scheme those of colours alone: all others see the same page as in a light one.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if scheme == "dark":
        options["runOnly"] = {"type": "rule", "values": OF_COLOURS}
    found: dict[str, Any] = Axe().run(page, part, options).response
    assert found["passes"], "nothing was looked at"
    return [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in found["violations"]
        if each["impact"] in TOLD
    ]


@pytest.mark.parametrize(
    ("scheme", "size"),
    [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE)],
    ids=["light", "dark", "phone"],
)
def test_pages(
    browser: Browser,
    demo_site: str,
    iframe_api: IFrameStandIn,
    scheme: str,
    size: tuple[int, int],
) -> None:
    with reading(browser, demo_site, size, color_scheme=scheme) as reader:
        for path in PAGES:
            page = reader.open(path)
            reader.settle()
            assert (path, violations(page, scheme=scheme)) == (path, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens(
    browser: Browser, demo_site: str, iframe_api: IFrameStandIn, scheme: str
) -> None:
    with reading(browser, demo_site, color_scheme=scheme) as reader:
        page = reader.open(NOTE)
        reader.citation(3).click()
        expect(iframe_api.frame(page).locator("#state")).to_have_text("playing")
        expect(page.get_by_role("tooltip")).to_be_visible()
        expect(page.locator('.line[aria-current="true"]')).to_be_visible()
        for part in (".evidence", ".video", "article"):
            assert violations(page, part, scheme) == []
        for tab in page.get_by_role("tab").all():
            tab.click()
            reader.settle()
            assert violations(page, ".side", scheme) == []
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        assert violations(page, "#help", scheme) == []
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        page.keyboard.type("tides")
        expect(page.locator("#search a").first).to_be_visible()
        assert violations(page, "#search", scheme) == []


def test_what_fails(reader: Reader, iframe_api: IFrameStandIn) -> None:
    iframe_api.unreachable = HOSTS
    page = reader.open(NOTE)
    reader.citation(3).click()
    expect(page.locator(".failure")).to_be_visible()
    assert violations(page, ".video") == []
