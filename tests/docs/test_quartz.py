"""The component for Quartz, tried in a browser on notes as Quartz shows them.

Quartz itself is not here: `quartz/quartz.js` does what it does around a component.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import frontmatter
import pytest
from markdown_it import MarkdownIt

from tests.browsers import served
from tests.standins.iframe_api import HOSTS, PLAYERS, IFrameStandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).parents[2]
COMPONENT = ROOT / "docs" / "quartz" / "video-beside-note"
SURVEY = ROOT / "output-openai/kettle_and_chalk/meridian_survey_of_delambre_and_méchain.md"
LENS = ROOT / "output-openai/kettle_and_chalk/invention_of_the_fresnel_lens.md"

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<script type="importmap">{{"imports": {{"preact": "./preact.js"}}}}</script>
<style>article {{ overflow-wrap: anywhere }}</style>
<main><script type="application/json" id="frontmatter">{front_matter}</script>
<article>{article}</article><div id="right"></div></main>
<script type="module" src="quartz.js"></script></html>
"""


def page_of(markdown: str) -> str:
    """A note as Quartz shows it: raw HTML stays as it is."""
    note = frontmatter.loads(markdown)
    return PAGE.format(
        title=note["title"],
        front_matter=json.dumps(note.metadata),
        article=MarkdownIt("commonmark", {"html": True}).render(note.content),
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    shutil.copytree(COMPONENT, tmp_path / "video-beside-note")
    for script in (Path(__file__).parent / "quartz").iterdir():
        shutil.copy(script, tmp_path)
    survey, lens = (note.read_text(encoding="utf-8") for note in (SURVEY, LENS))
    linked = re.sub(
        r'data-t="00:03:17"', 'data-t="00:03:17" href="https://youtu.be/Metr1799_Mk?t=197"', survey
    )
    cited = '<a class="yt-timestamp" data-t="00:00:09">[00:00:09]</a>'
    pages = {
        "survey": survey,
        "lens": lens,
        "linked": linked,
        "elsewhere": survey.replace("videoId: Metr1799_Mk", "videoId: local-0123456789"),
        "page": "---\ntitle: A page\n---\nNo video.\n",
        "embedding": f"{survey}\n\n<blockquote class='transclude'>{cited}</blockquote>\n"
        f"<div class='popover'>{cited}</div>\n",
    }
    for name, markdown in pages.items():
        (tmp_path / f"{name}.html").write_text(page_of(markdown), encoding="utf-8")
    with served(tmp_path) as address:
        yield address


@pytest.fixture
def page(browser: Browser, iframe_api: IFrameStandIn) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def cited(page: Page, stamp: str) -> Any:
    return page.locator(f'article > * a.yt-timestamp[data-t="{stamp}"]').first


def loaded(iframe_api: IFrameStandIn) -> list[tuple[str, str]]:
    """The videos that players were loaded for, and the seconds they began at."""
    addresses = [urlsplit(asked.path) for asked in iframe_api.requests]
    return [
        (address.path.removeprefix("/embed/"), parse_qs(address.query)["start"][0])
        for address in addresses
        if address.path.startswith("/embed/")
    ]


def holding(page: Page, pattern: str) -> list[Route]:
    """The page's requests to such addresses, which wait until a test lets them go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(pattern, hold)
    return held


class TestVideoBesideNote:
    pytestmark = pytest.mark.xdist_group("browser")

    def test_nothing_is_asked_of_youtube_before_the_reader_asks(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        page.goto(f"{site}survey.html#t=197")
        page.get_by_role("button", name="Play from 3:17").wait_for()
        page.mouse.wheel(0, 3000)
        cited(page, "00:06:10").hover()
        cited(page, "00:06:10").focus()
        page.wait_for_load_state("networkidle")
        assert iframe_api.requests == []
        assert page.locator("iframe").count() == 0

    def test_a_click_on_a_citation_plays_from_there_and_the_next_one_seeks(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        cited(page, "00:03:17").click()
        calls = iframe_api.frame(page).locator("#calls li")
        expect(calls).to_have_text(["playVideo"])
        assert loaded(iframe_api) == [("Metr1799_Mk", "197")]
        cited(page, "00:05:02").click()
        expect(calls).to_have_text(["playVideo", "seekTo 302 true", "playVideo"])
        assert page.url.endswith("survey.html#t=302")
        assert {asked.host for asked in iframe_api.requests} == {
            "www.youtube.com",
            "www.youtube-nocookie.com",
        }

    def test_citations_are_reached_and_played_with_the_keyboard(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(cited(page, "00:03:44")).to_be_focused()
        page.keyboard.press("Enter")
        expect(iframe_api.frame(page).locator("#calls li")).to_have_text(["playVideo"])
        assert loaded(iframe_api) == [("Metr1799_Mk", "224")]
        expect(cited(page, "00:03:44")).to_be_focused()

    def test_a_second_in_the_address_is_shown_and_offered_but_not_played(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        page.goto(f"{site}survey.html#t=370")
        expect(cited(page, "00:06:10")).to_have_attribute("aria-current", "true")
        expect(cited(page, "00:06:10")).to_be_in_viewport()
        assert iframe_api.requests == []
        page.evaluate("location.hash = '#t=302'")
        expect(page.locator("[aria-current]")).to_have_text(["[00:05:02]"])
        page.get_by_role("button", name="Play from 5:02").click()
        expect(iframe_api.frame(page).locator("#time")).to_have_text("302")
        expect(page.get_by_role("button", name="Close the video")).to_be_focused()

    @pytest.mark.parametrize("hash", ["#t=", "#t=-1", "#t=1e3", "#t=<img src=x>", "#other"])
    def test_other_addresses_offer_the_beginning(self, page: Page, site: str, hash: str) -> None:
        page.goto(f"{site}survey.html{hash}")
        page.get_by_role("button", name="Play the video", exact=True).wait_for()
        assert page.locator("[aria-current]").count() == 0

    def test_a_click_with_a_key_held_is_the_browsers(self, page: Page, site: str) -> None:
        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        taken = page.evaluate("""() => {
          const anchor = document.querySelector("a.yt-timestamp")
          let taken = null
          window.addEventListener("click", (event) => {
            taken = event.defaultPrevented
            event.preventDefault()
          }, { once: true })
          anchor.dispatchEvent(
            new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true }))
          return [taken, anchor.href]
        }""")
        assert taken == [False, "https://www.youtube.com/watch?v=Metr1799_Mk&t=197s"]

    def test_citations_with_addresses_of_their_own_play_here_too(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        page.goto(f"{site}linked.html")
        page.get_by_role("button", name="Play the video").wait_for()
        cited(page, "00:03:17").click()
        expect(iframe_api.frame(page).locator("#calls li")).to_have_text(["playVideo"])
        assert loaded(iframe_api) == [("Metr1799_Mk", "197")]
        assert cited(page, "00:03:17").get_attribute("href") == "https://youtu.be/Metr1799_Mk?t=197"

    def test_previews_and_embedded_notes_are_left_alone(self, page: Page, site: str) -> None:
        page.goto(f"{site}embedding.html")
        page.get_by_role("button", name="Play the video").wait_for()
        others = page.locator('a.yt-timestamp[data-t="00:00:09"]')
        assert others.count() == 2
        assert page.locator('a.yt-timestamp[data-t="00:00:09"][href]').count() == 0

    def test_another_page_has_its_own_video_and_the_last_ones_player_is_gone(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        cited(page, "00:03:17").click()
        iframe_api.frame(page).locator("#calls li").wait_for()
        page.evaluate("go('lens.html')")
        expect(page.locator("section")).to_have_attribute("data-video-id", "FrsnL_1823k")
        expect(page.locator(PLAYERS)).to_have_count(0)
        first = page.locator("article a.yt-timestamp").first
        first.click()
        calls = iframe_api.frame(page).locator("#calls li")
        expect(calls).to_have_text(["playVideo"])
        first.click()
        expect(calls).to_have_count(3)  # seekTo and playVideo, once each
        page.evaluate("go('page.html')")
        expect(page.locator("section")).to_have_count(0)
        page.evaluate("go('survey.html#t=302')")
        page.get_by_role("button", name="Play from 5:02").click()
        iframe_api.frame(page).locator("#calls li").wait_for()
        assert [video for video, _ in loaded(iframe_api)] == [
            "Metr1799_Mk",
            "FrsnL_1823k",
            "Metr1799_Mk",
        ]
        assert [asked.path for asked in iframe_api.requests].count("/iframe_api") == 1

    def test_a_page_is_left_as_it_came(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        page.goto(f"{site}linked.html#t=302")
        page.get_by_role("button", name="Play from 5:02").wait_for()
        cited(page, "00:03:17").click()
        iframe_api.frame(page).locator("#calls li").wait_for()
        before = page.evaluate("before")
        page.evaluate("go('page.html')")
        page.wait_for_function("'leftBehind' in window")
        assert page.evaluate("leftBehind") == before

    def test_of_two_citations_asked_for_while_it_loads_the_last_counts(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        held = holding(page, "**/embed/**")
        cited(page, "00:03:17").click()
        page.wait_for_function("() => document.querySelector('iframe')")
        cited(page, "00:05:02").click()
        held[0].continue_()
        expect(iframe_api.frame(page).locator("#time")).to_have_text("302")
        assert loaded(iframe_api) == [("Metr1799_Mk", "197")]

    def test_what_is_closed_while_it_loads_stays_closed(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        held = holding(page, "**/iframe_api")
        cited(page, "00:03:17").click()
        page.get_by_role("button", name="Close the video").click()
        page.get_by_role("button", name="Play from 3:17").wait_for()
        held[0].continue_()
        page.wait_for_function("() => window.YT?.loaded")
        page.wait_for_load_state("networkidle")
        assert page.locator("iframe").count() == 0
        assert loaded(iframe_api) == []

    def test_a_page_that_comes_twice_plays_once(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        page.evaluate("document.dispatchEvent(new CustomEvent('nav'))")
        cited(page, "00:03:17").click()
        calls = iframe_api.frame(page).locator("#calls li")
        expect(calls).to_have_text(["playVideo"])
        cited(page, "00:03:44").click()
        expect(calls).to_have_text(["playVideo", "seekTo 224 true", "playVideo"])

    def test_a_player_that_is_closed_can_be_asked_for_again(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        cited(page, "00:03:17").click()
        iframe_api.frame(page).locator("#calls li").wait_for()
        page.get_by_role("button", name="Close the video").click()
        expect(page.locator(PLAYERS)).to_have_count(0)
        cited(page, "00:05:02").click()
        expect(iframe_api.frame(page).locator("#time")).to_have_text("302")

    def test_where_youtube_cannot_be_reached_it_says_so_and_tries_again_when_asked(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        iframe_api.unreachable = HOSTS
        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        cited(page, "00:03:17").click()
        expect(page.get_by_role("status")).to_have_text("YouTube’s player cannot be loaded.")
        iframe_api.unreachable = ()
        page.get_by_role("button", name="Play").click()
        expect(iframe_api.frame(page).locator("#time")).to_have_text("197")
        expect(page.get_by_role("status")).to_have_text("")

    def test_a_video_that_may_not_be_embedded_is_told_with_a_way_to_it(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        iframe_api.failures = {"Metr1799_Mk": 150}
        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        cited(page, "00:03:17").click()
        told = page.get_by_role("status")
        expect(told).to_have_text("YouTube does not play this video here.")
        expect(page.get_by_role("link", name="Watch it on YouTube")).to_have_attribute(
            "href", "https://www.youtube.com/watch?v=Metr1799_Mk"
        )

    def test_recordings_that_are_not_on_youtube_have_no_player(self, page: Page, site: str) -> None:
        page.goto(f"{site}elsewhere.html")
        page.wait_for_function("() => 'go' in window")
        assert page.locator("section, article a.yt-timestamp[href]").count() == 0

    def test_on_a_phone_the_video_stays_in_sight(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from playwright.sync_api import expect

        page.set_viewport_size({"width": 375, "height": 667})
        page.goto(f"{site}survey.html")
        page.get_by_role("button", name="Play the video").wait_for()
        cited(page, "00:03:17").click()
        iframe_api.frame(page).locator("#calls li").wait_for()
        page.evaluate("scrollTo(0, 0)")
        expect(page.locator(PLAYERS)).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375

    def test_axe_finds_nothing_in_it(
        self, page: Page, iframe_api: IFrameStandIn, site: str
    ) -> None:
        from axe_playwright_python.sync_playwright import Axe

        page.goto(f"{site}survey.html#t=302")
        page.get_by_role("button", name="Play from 5:02").wait_for()
        found = Axe().run(page, context="section").response["violations"]
        assert [violation["id"] for violation in found] == []


def test_what_quartz_5_is_told_of_the_component_is_there() -> None:
    told = json.loads((COMPONENT / "package.json").read_text(encoding="utf-8"))
    for path in told["exports"].values():
        assert (COMPONENT / path).is_file()
    entry = (COMPONENT / told["exports"]["./components"]).read_text(encoding="utf-8")
    (name,) = told["quartz"]["components"]
    assert f"export const {name} = " in entry
    assert told["quartz"]["name"] == COMPONENT.name


def test_the_script_can_be_wrapped_in_a_function_as_quartz_does() -> None:
    script = (COMPONENT / "video.inline.js").read_text(encoding="utf-8")
    assert re.search(r"\b(import|export)\b", script) is None
    assert script.endswith("}\n") or script.endswith(")\n")
