"""The transcript: it follows the video, plays what is clicked, and shows what notes cite."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsers import served
from tests.site.browser.reading import CHANNEL, NOTE, Reader, built, reading, sentence_at
from tests.site.vaults import word_timed_vault
from tests.standins.iframe_api import IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")


def line(page: Page, second: int) -> Locator:
    return page.locator(".line", has_text=sentence_at(second))


def expect_now(page: Page, second: int) -> None:
    expect(page.locator('.line[aria-current="true"]')).to_have_count(1)
    expect(page.locator('.line[aria-current="true"]')).to_contain_text(sentence_at(second))


def test_it_follows_the_video_until_the_reader_scrolls(reader: Reader) -> None:
    page = reader.open(NOTE)
    page.emulate_media(reduced_motion="no-preference")  # its own scrolling is not the reader's
    expect(line(page, 0)).to_be_visible()
    reader.citation(3).click()  # 4:24
    expect_now(page, 264)
    expect(line(page, 264)).to_be_in_viewport()
    expect(IFrameStandIn.frame(page).locator("#state")).to_have_text("playing")
    IFrameStandIn.move(page, 801.5)
    expect_now(page, 800)
    expect(line(page, 800)).to_be_in_viewport(ratio=1)
    follow = page.get_by_role("button", name="Follow the video")
    expect(follow).to_be_hidden()

    line(page, 800).hover()
    page.mouse.wheel(0, -600)
    expect(follow).to_be_visible()
    IFrameStandIn.move(page, 500.0)
    expect_now(page, 500)
    expect(line(page, 500)).not_to_be_in_viewport()
    follow.click()
    expect(line(page, 500)).to_be_in_viewport(ratio=1)
    expect(follow).to_be_hidden()
    # The list alone was scrolled, never the page.
    expect(page.locator("h1")).to_be_in_viewport()


def test_a_lines_click_plays_it(reader: Reader, iframe_api: IFrameStandIn) -> None:
    page = reader.open(NOTE)
    line(page, 8).click()
    expect(iframe_api.frame(page).locator("#calls li")).to_have_text(["seekTo 8 true", "playVideo"])
    expect_now(page, 8)


def test_arrows_go_from_line_to_line_and_enter_plays(
    reader: Reader, iframe_api: IFrameStandIn
) -> None:
    page = reader.open(NOTE)
    line(page, 0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(line(page, 4)).to_be_focused()
    expect(page.locator('.line[tabindex="0"]')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(iframe_api.frame(page).locator("#calls li")).to_have_text(["seekTo 4 true", "playVideo"])
    page.keyboard.press("End")
    expect(line(page, 896)).to_be_focused()
    expect(line(page, 896)).to_be_in_viewport()


def test_lines_that_notes_cite_lead_to_the_statements(reader: Reader) -> None:
    page = reader.open(NOTE)
    here = page.locator(".lines li", has=line(page, 264))
    expect(here).to_have_class("cited")
    expect(line(page, 0)).to_be_visible()
    expect(page.locator(".lines li", has=line(page, 4))).not_to_have_class("cited")
    here.get_by_role("link", name="Cited in this note").click()
    expect(page).to_have_url(f"{reader.address}{NOTE}#c-3")
    expect(reader.citation(3)).to_be_in_viewport()

    page.get_by_role("link", name="Cited in “Tides and the pull of the Moon”").first.click()
    expect(page).to_have_url(re.compile(r"/tides_and_the_pull_of_the_moon\.html#c-\d+$"))
    cited = reader.citation(int(page.url.rpartition("-")[2]))
    expect(cited).to_be_in_viewport()


def test_a_citation_shows_its_line_though_the_next_begins_in_the_same_second(
    browser: Browser, iframe_api: IFrameStandIn, tmp_path: Path
) -> None:
    vault, library = word_timed_vault(tmp_path)
    site = built(vault, tmp_path / "site", library=library)
    with served(site) as address, reading(browser, address) as reader:
        page = reader.open("lamps/lens.html")
        lines = page.locator(".lines li")
        expect(lines).to_have_count(2)
        expect(lines.nth(0)).to_have_class("cited")
        reader.citation(0).click()
        now = page.locator('.line[aria-current="true"]')
        expect(now).to_contain_text("All of them.")
        expect(IFrameStandIn.frame(page).locator("#state")).to_have_text("playing")
        expect(now).to_contain_text("All of them.")
        IFrameStandIn.move(page, 16.1)
        expect(now).to_contain_text("until dawn.")


def test_where_only_cited_lines_are_known_that_is_said(reader: Reader) -> None:
    page = reader.open(f"{CHANNEL}/invention_of_the_fresnel_lens.html")
    expect(page.locator("#transcript")).to_contain_text("Only the lines that notes cite are known")
    expect(page.locator("#transcript")).to_contain_text("A dozen miles out from Plymouth")


def test_where_it_cannot_be_had_that_is_said_and_it_can_be_asked_for_again(reader: Reader) -> None:
    reader.page.route("**/transcripts/*", lambda route: route.abort())
    page = reader.open(NOTE)
    told = page.locator("#transcript .hint")
    expect(told).to_have_text("The transcript could not be loaded.")
    again = page.get_by_role("button", name="Try again")
    again.press("Enter")
    expect(told).to_have_text("The transcript could not be loaded.")
    expect(again).to_be_focused()
    reader.page.unroute("**/transcripts/*")
    again.press("Enter")
    expect(line(page, 0)).to_be_focused()
    expect(told).to_have_count(0)
