"""The player: it comes when it is asked for, and plays from the second that is clicked."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers import served
from tests.site.browser.reading import NOTE, VIDEO, Reader, built, reading
from tests.standins.iframe_api import HOSTS, PLAYER, IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")


def calls(page: Page) -> list[str]:
    return IFrameStandIn.frame(page).locator("#calls li").all_text_contents()


def expect_calls(page: Page, *wanted: str) -> None:
    expect(IFrameStandIn.frame(page).locator("#calls li")).to_have_text(list(wanted))


def test_nothing_is_asked_of_others_before_the_video_is(
    reader: Reader, iframe_api: IFrameStandIn
) -> None:
    page = reader.open(f"{NOTE}#t=284")
    expect(page.get_by_text("Until then nothing is asked of YouTube.")).to_be_visible()
    reader.citation(0).hover()
    expect(page.locator(".evidence")).to_be_visible()
    for tab in page.get_by_role("tab").all():
        tab.click()
    page.get_by_role("link", name="All channels").click()
    reader.settle()
    assert reader.abroad == []
    assert iframe_api.requests == []


def test_timestamps_play_from_their_seconds(reader: Reader, iframe_api: IFrameStandIn) -> None:
    page = reader.open(NOTE)
    reader.citation(3).click()  # 4:24
    expect_calls(page, "seekTo 264 true", "playVideo")
    expect(iframe_api.frame(page).locator("#state")).to_have_text("playing")
    expect(page.get_by_role("status").get_by_text("Playing from 4:24")).to_be_visible()
    expect(page).to_have_url(f"{reader.address}{NOTE}#t=264")
    reader.citation(10).click()  # 5:00
    expect_calls(page, "seekTo 264 true", "playVideo", "seekTo 300 true", "playVideo")
    expect(page).to_have_url(f"{reader.address}{NOTE}#t=300")
    players = [asked for asked in iframe_api.requests if asked.path.startswith("/embed/")]
    assert [(player.host, player.path[:18]) for player in players] == [
        ("www.youtube-nocookie.com", f"/embed/{VIDEO}")
    ]
    # YouTube's player plays only where it is told which site it is on; the page is nobody's.
    assert players[0].referrer == reader.address
    assert {url.split("/")[2] for url in reader.abroad} == {
        "www.youtube.com",
        "www.youtube-nocookie.com",
    }
    assert [said for said in reader.said if "error" in said] == []


def test_the_last_timestamp_clicked_while_the_player_comes_is_meant(reader: Reader) -> None:
    page = reader.open(NOTE)
    # Both in one task: nothing can have come between them.
    page.evaluate("for (const n of [3, 10]) document.getElementById('c-' + n).click()")
    expect_calls(page, "seekTo 300 true", "playVideo")


def test_the_button_plays_pauses_by_key_and_the_player_can_be_closed(reader: Reader) -> None:
    page = reader.open(NOTE)
    page.get_by_role("button", name="Play the video").click()
    expect_calls(page, "seekTo 0 true", "playVideo")
    page.keyboard.press("p")
    expect_calls(page, "seekTo 0 true", "playVideo", "pauseVideo")
    expect(page.get_by_role("status").get_by_text("Paused")).to_be_visible()
    IFrameStandIn.move(page, 61.4)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.get_by_role("button", name="Play from 1:01")).to_be_focused()


def test_an_address_with_a_moment_marks_it_and_offers_it(
    reader: Reader, iframe_api: IFrameStandIn
) -> None:
    page = reader.open(f"{NOTE}#t=320")
    statement = page.locator(".statement.marked")
    expect(statement).to_contain_text("On British charts")
    expect(statement).to_be_in_viewport()
    expect(statement).to_have_count(1)
    assert iframe_api.requests == []
    page.get_by_role("button", name="Play from 5:20").click()
    expect_calls(page, "seekTo 320 true", "playVideo")


def test_back_goes_to_the_moment_before(reader: Reader) -> None:
    page = reader.open(NOTE)
    reader.citation(3).click()
    reader.citation(10).click()
    expect(page.locator(".statement.marked")).to_contain_text("The name of the springs")
    page.go_back()
    expect(page.locator(".statement.marked")).to_contain_text("three hundred and ninety times")
    page.go_back()
    expect(page.locator(".statement.marked")).to_have_count(0)


def test_a_link_to_the_moment_is_copied(reader: Reader) -> None:
    page = reader.open(NOTE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.citation(3).click()
    expect_calls(page, "seekTo 264 true", "playVideo")
    IFrameStandIn.move(page, 281.7)
    expect(page.get_by_role("button", name="Copy link to this moment")).to_be_visible()
    page.get_by_role("button", name="Copy link to this moment").click()
    expect(page.get_by_text("A link to 4:41 is copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{reader.address}{NOTE}#t=281"


def test_a_video_that_does_not_play_here_is_told_with_the_way_to_youtube(
    reader: Reader, iframe_api: IFrameStandIn
) -> None:
    page = reader.open(NOTE)
    for code, reason in (
        (100, "taken away, or is private"),
        (150, "does not let this video play on other sites"),
        (153, "not told which page it is on"),
    ):
        iframe_api.failures = {VIDEO: code}
        reader.citation(3).click()
        expect(page.locator(".failure")).to_contain_text(reason)
    expect(page.get_by_role("link", name="Watch it on YouTube from 4:24")).to_have_attribute(
        "href", f"https://www.youtube.com/watch?v={VIDEO}&t=264s"
    )
    expect(page.locator("iframe")).to_have_count(0)
    iframe_api.failures = {}
    page.get_by_role("button", name="Try again").click()
    expect_calls(page, "seekTo 264 true", "playVideo")


def test_where_youtube_is_out_of_reach_that_is_told(
    reader: Reader, iframe_api: IFrameStandIn
) -> None:
    iframe_api.unreachable = HOSTS
    page = reader.open(NOTE)
    reader.citation(3).click()
    expect(page.locator(".failure")).to_contain_text("cannot be loaded")
    iframe_api.unreachable = ()
    reader.citation(10).click()
    expect_calls(page, "seekTo 300 true", "playVideo")


def test_a_player_that_does_not_answer_is_told_of_and_can_still_come(
    reader: Reader, iframe_api: IFrameStandIn
) -> None:
    iframe_api.unreachable = (PLAYER,)
    reader.page.clock.install()
    page = reader.open(NOTE)
    reader.citation(3).click()
    expect(page.locator("iframe")).to_be_visible()
    page.clock.run_for(16_000)
    expect(page.locator("[data-now]")).to_contain_text("does not answer yet")
    expect(page.get_by_role("link", name="Watch it on YouTube from 4:24")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    iframe_api.unreachable = ()
    page.get_by_role("button", name="Play from 4:24").click()
    expect(page.frame_locator("iframe").locator("#time")).to_have_text("264")


def test_a_note_of_no_video_on_youtube_has_its_moments_in_the_page(
    browser: Browser, iframe_api: IFrameStandIn, tmp_path: Path
) -> None:
    note = tmp_path / "vault" / "channel" / "own.md"
    note.parent.mkdir(parents=True)
    citation = '<a class="yt-timestamp" data-t="00:01:20">[00:01:20]</a>'
    note.write_text(f"---\ntitle: Own\nvideoId: local-0123456\n---\n\nA recording {citation}.\n")
    out = built(tmp_path / "vault", tmp_path / "site")
    with served(out) as address, reading(browser, address) as reader:
        page = reader.open("channel/own.html")
        expect(page.get_by_role("button", name="Play the video")).to_have_count(0)
        page.get_by_role("link", name="1:20").click()
        expect(page).to_have_url(f"{address}channel/own.html#t=80")
        expect(page.locator(".statement.marked")).to_contain_text("A recording")
        page.keyboard.press("p")
        assert reader.abroad == []
        assert [said for said in reader.said if "error" in said] == []
