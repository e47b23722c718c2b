"""The stand-in for the IFrame API, tried in a browser by a page that uses it as in the wild."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browsers import served
from tests.standins.iframe_api import HOSTS, IFrameStandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")

PAGE = """<!doctype html><title>A page</title><div id="place"></div><p id="told"></p><script>
const told = (text) => { document.getElementById("told").textContent += text + ";"; };
function onYouTubeIframeAPIReady() {
  window.player = new YT.Player("place", {
    host: "https://www.youtube-nocookie.com", videoId: "VIDEO",
    playerVars: { start: 7, origin: location.origin },
    events: {
      onReady: (event) => { told("ready"); event.target.seekTo(80, true); },
      onStateChange: (event) => told("state " + event.data),
      onError: (event) => told("error " + event.data),
    },
  });
}
</script><script src="https://www.youtube.com/iframe_api"
  onerror="told('cannot be had')"></script>"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    with served(tmp_path) as address:
        yield address


@pytest.fixture
def page(browser: Browser, iframe_api: IFrameStandIn) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def test_a_player_is_made_seeks_and_tells_its_time(
    page: Page, iframe_api: IFrameStandIn, address: str
) -> None:
    from playwright.sync_api import expect

    page.goto(address)
    expect(iframe_api.frame(page).locator("#calls li")).to_have_text(["seekTo 80 true"])
    page.evaluate("player.playVideo()")
    expect(page.locator("#told")).to_have_text("ready;state 1;")
    iframe_api.move(page, 95.5)
    page.wait_for_function("player.getCurrentTime() === 95.5")
    hosts = [(asked.host, asked.path.partition("?")[0]) for asked in iframe_api.requests]
    assert hosts == [
        ("www.youtube.com", "/iframe_api"),
        ("www.youtube.com", "/s/player/standin/www-widgetapi.vflset/www-widgetapi.js"),
        ("www.youtube-nocookie.com", "/embed/VIDEO"),
    ]
    assert iframe_api.requests[-1].referrer == address


def test_a_video_that_may_not_be_embedded_says_so(
    page: Page, iframe_api: IFrameStandIn, address: str
) -> None:
    from playwright.sync_api import expect

    iframe_api.failures = {"VIDEO": 150}
    page.goto(address)
    expect(page.locator("#told")).to_have_text("error 150;")


def test_an_api_out_of_reach_is_an_error_of_its_script(
    page: Page, iframe_api: IFrameStandIn, address: str
) -> None:
    from playwright.sync_api import expect

    iframe_api.unreachable = HOSTS
    page.goto(address)
    expect(page.locator("#told")).to_have_text("cannot be had;")


def test_no_other_host_is_found(page: Page, address: str) -> None:
    page.goto(address)
    found = page.evaluate("fetch('https://example.org/').then(() => true, () => false)")
    assert found is False
