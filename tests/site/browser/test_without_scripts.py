"""Without JavaScript: text, links, timestamps, contents and backlinks work as links do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.site.browser.reading import CHANNEL, NOTE, VIDEO, Reader, reading
from tests.standins.iframe_api import IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def without(browser: Browser, demo_site: str, iframe_api: IFrameStandIn) -> Iterator[Reader]:
    with reading(browser, demo_site, java_script_enabled=False) as reader:
        yield reader


def test_timestamps_lead_to_youtube_at_their_seconds(without: Reader) -> None:
    page = without.open(NOTE)
    citation = page.get_by_role("link", name="4:24", exact=True)
    expect(citation).to_have_attribute("href", f"https://www.youtube.com/watch?v={VIDEO}&t=264s")
    expect(page.get_by_role("link", name="Watch on YouTube")).to_be_visible()
    assert without.abroad == []
    citation.click()
    expect(page).to_have_url(f"https://www.youtube.com/watch?v={VIDEO}&t=264s")


def test_what_needs_scripts_is_not_there(without: Reader) -> None:
    page = without.open(NOTE)
    expect(page.locator(".statement").first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("tab")).to_have_count(0)
    expect(page.locator("dialog:visible, #transcript:visible, .graph:visible")).to_have_count(0)


def test_contents_backlinks_and_pages_are_reached_by_links(without: Reader) -> None:
    page = without.open("index.html")
    page.get_by_role("link", name=CHANNEL).first.click()
    page.get_by_role("link", name="Spring and neap tides").click()
    expect(page).to_have_url(without.address + NOTE)
    page.get_by_text("Contents", exact=True).click()
    page.get_by_role("link", name="Heights on a chart").click()
    expect(page.get_by_role("heading", name="Heights on a chart")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Linked from")).to_be_visible()
    page.get_by_role("link", name="Spread of the Fresnel lens").click()
    expect(page.locator("h1")).to_have_text("Spread of the Fresnel lens")
