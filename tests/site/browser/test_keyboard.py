"""Keys: everything is reached and done without a pointer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.site.browser.reading import NOTE, Reader
from tests.standins.iframe_api import IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")


def test_the_first_stop_skips_to_the_text(reader: Reader) -> None:
    page = reader.open(NOTE)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("article a").first).to_be_focused()


def test_from_timestamp_to_timestamp_and_playing(reader: Reader, iframe_api: IFrameStandIn) -> None:
    page = reader.open(NOTE)
    page.keyboard.press("j")
    expect(reader.citation(0)).to_be_focused()
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(reader.citation(2)).to_be_focused()
    page.keyboard.press("k")
    expect(reader.citation(1)).to_be_focused()
    page.keyboard.press("Enter")
    calls = iframe_api.frame(page).locator("#calls li")
    expect(calls).to_have_text(["seekTo 281 true", "playVideo"])
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(calls).to_have_text(["seekTo 281 true", "playVideo", "seekTo 257 true", "playVideo"])
    expect(iframe_api.frame(page).locator("#state")).to_have_text("playing")
    page.keyboard.press("p")
    expect(iframe_api.frame(page).locator("#state")).to_have_text("paused")


def test_the_list_of_keys_and_turning_them_off(reader: Reader) -> None:
    page = reader.open(NOTE)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_role("tooltip")).to_be_hidden()
    dialog.get_by_label("Keys of one letter are on").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page = reader.open(NOTE)
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    expect(page.locator(".cite:focus")).to_have_count(0)
    page.get_by_role("button", name="Keys").press("Enter")
    expect(dialog.get_by_label("Keys of one letter are on")).not_to_be_checked()
