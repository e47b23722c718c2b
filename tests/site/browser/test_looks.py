"""Light and dark, paper, and readers who want no motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.browser.reading import NOTE, Reader, reading
from tests.standins.iframe_api import IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")

BRIGHTNESS = """() => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g);
  return (+red + +green + +blue) / 3;
}"""
STORAGE_FORBIDDEN = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("forbidden", "SecurityError"); },
});"""


def is_dark(page: Page) -> bool:
    found: float = page.evaluate(BRIGHTNESS)
    return found < 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_systems_colours_until_others_are_chosen_and_kept(
    browser: Browser, demo_site: str, iframe_api: IFrameStandIn, scheme: str
) -> None:
    with reading(browser, demo_site, color_scheme=scheme) as reader:
        page = reader.open(NOTE)
        button = page.get_by_role("button", name="Dark colours")
        assert is_dark(page) == (scheme == "dark")
        expect(button).to_have_attribute("aria-pressed", str(scheme == "dark").lower())
        button.click()
        assert is_dark(page) == (scheme == "light")
        expect(button).to_have_attribute("aria-pressed", str(scheme == "light").lower())
        reader.open("index.html")
        assert is_dark(page) == (scheme == "light")


def test_where_nothing_may_be_stored_all_works_for_the_page(
    browser: Browser, demo_site: str, iframe_api: IFrameStandIn
) -> None:
    with reading(browser, demo_site) as reader:
        reader.page.add_init_script(STORAGE_FORBIDDEN)
        page = reader.open(NOTE)
        page.get_by_role("button", name="Dark colours").click()
        assert is_dark(page)
        page.keyboard.press("?")
        page.get_by_label("Keys of one letter are on").uncheck()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert [said for said in reader.said if "error" in said.lower()] == []


def test_paper_has_the_text_with_its_timestamps_and_nothing_to_press(reader: Reader) -> None:
    page = reader.open(NOTE)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".statement").first).to_be_visible()
    expect(reader.citation(0)).to_be_visible()
    expect(page.locator("button:visible, .side:visible, .video:visible")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.querySelector('article')).color") == (
        "rgb(0, 0, 0)"
    )


def test_nothing_moves_for_readers_who_want_no_motion(
    browser: Browser, demo_site: str, iframe_api: IFrameStandIn
) -> None:
    moving = "getComputedStyle(document.documentElement).scrollBehavior"
    for motion, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        with reading(browser, demo_site, reduced_motion=motion) as reader:
            assert reader.open(NOTE).evaluate(moving) == behaviour
