"""Hostile notes: nothing of theirs runs, and nothing is asked of anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import served
from tests.site.browser.reading import Reader, built, reading
from tests.standins.iframe_api import IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")

RUN = "top.ran=(top.ran||0)+1;alert(1)"
SCRIPTS = (
    f"<script>{RUN}</script>",
    "<script src=https://evil.example/a.js></script>",
    f'<img src="https://evil.example/a.png" onerror="{RUN}">',
    f'<svg onload="{RUN}"><use href="https://evil.example/a.svg#a"/></svg>',
    f'<math><mtext><style><img src=x onerror="{RUN}"></style></mtext></math>',
    f'<a href="javascript:{RUN}" id="video" class="cite" data-t="1" data-c="0">press</a>',
    f"[press me](javascript:{RUN})",
    f"[press me](data:text/html,<script>{RUN}</script>)",
    f"![](https://evil.example/b.png)<iframe srcdoc='<script>{RUN}</script>'></iframe>",
    '<link rel="stylesheet" href="https://evil.example/a.css"><style>*{display:none}</style>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/"><form id="search"><input name="querySelector"></form>',
    f'<details open ontoggle="{RUN}"><video autoplay onerror="{RUN}" src=x></video></details>',
    f"--><!-- ]]></script><script>{RUN}</script>{{{{ 7*7 }}}}{{% raw %}}",
    '<a class="yt-timestamp" data-t="00:00:07" onclick="top.ran=1">[00:00:07]</a>',
    '<a class="yt-timestamp" data-t="javascript:top.ran=1">[javascript:top.ran=1]</a>',
    f'<a class="yt-timestamp" data-t="00:00:09" href="javascript:{RUN}">[00:00:09]</a>',
    f'[[../../../etc/passwd|"><script>{RUN}</script>]] [[javascript:{RUN} | wiki]]',
)
TITLE = f"</title></script><script>{RUN}</script><img src=x onerror={RUN}>\"'` \u202e{{{{x}}}}"
QUOTED = f"</script><script>{RUN}</script><!--<script><img src=x onerror={RUN}>"


@pytest.fixture(scope="module")
def hostile_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two notes full of what should not run, that link to each other; one has a hostile sidecar."""
    folder = tmp_path_factory.mktemp("hostile")
    channel = folder / "vault" / "channel"
    channel.mkdir(parents=True)
    for slug, other in (("one", "two"), ("two", "one")):
        front = f"---\ntitle: {json.dumps(TITLE)}\nvideoId: tWiceDaily8\naliases: [{QUOTED!r}]\n---"
        body = "\n\n".join(f"## {text}\n\n{text} [[{other}]]" for text in SCRIPTS)
        (channel / f"{slug}.md").write_text(f"{front}\n\n{body}\n", encoding="utf-8")
    (channel / "channel.md").write_text(f"---\ntitle: {json.dumps(TITLE)}\n---\n", encoding="utf-8")
    (folder / "vault" / "about.md").write_text("\n\n".join(SCRIPTS), encoding="utf-8")
    with served(built(folder / "vault", folder / "site")) as address:
        yield address


@pytest.fixture
def hostile(browser: Browser, hostile_site: str, iframe_api: IFrameStandIn) -> Iterator[Reader]:
    with reading(browser, hostile_site) as reader:
        yield reader


def expect_nothing_ran(hostile: Reader) -> None:
    page = hostile.page
    hostile.settle()
    assert page.evaluate("window.ran") is None
    assert hostile.abroad == []
    assert page.locator("article").locator("script, img, svg, iframe, style, form").count() == 0
    # What the policy had to stop would be told here: nothing comes as far as to be stopped.
    assert [said for said in hostile.said if "warning" not in said] == []


def test_notes_are_text(hostile: Reader) -> None:
    page = hostile.open("channel/one.html")
    expect(page.locator("h1")).to_contain_text("<script>")
    expect(page.locator("article")).to_contain_text('<img src="https://evil.example/a.png"')
    expect(page.locator("article")).to_contain_text("{{ 7*7 }}{% raw %}")
    expect_nothing_ran(hostile)
    for link in page.locator("article a").all():
        address = link.get_attribute("href") or ""
        assert address.startswith(("https://", "#", "two.html")), address
        assert "javascript" not in address
        for name in ("onclick", "onerror", "style"):
            assert link.get_attribute(name) is None
    # No id of a note's is one that the page goes by.
    assert page.evaluate("document.querySelectorAll('#video').length") == 1
    assert page.evaluate("document.getElementById('video').tagName") == "SECTION"


def test_nothing_runs_where_things_are_opened(hostile: Reader, iframe_api: IFrameStandIn) -> None:
    page = hostile.open("channel/one.html")
    for tab in page.get_by_role("tab").all():
        tab.click()
    page.locator("article .cite").first.hover()
    page.get_by_text("press me").first.click()
    page.get_by_text("Contents", exact=True).click()
    page.keyboard.press("/")
    page.keyboard.type("refresh")
    expect(page.locator("#search a").first).to_be_visible()
    page.keyboard.press("Escape")
    expect_nothing_ran(hostile)
    assert iframe_api.requests == []


def test_other_pages_show_it_as_text(hostile: Reader) -> None:
    for path in (
        "index.html",
        "channel/index.html",
        "channel/graph.html",
        "graph.html",
        "about.html",
    ):
        page = hostile.open(path)
        expect(page.locator("h1")).to_be_visible()
        expect_nothing_ran(hostile)


def test_addresses_that_mean_no_moment_mean_nothing(hostile: Reader) -> None:
    for end in ("t=1e9", "t=javascript:alert(1)", "t=99999999999", "%3Cscript%3E", "t=-1", "t="):
        page = hostile.open(f"channel/one.html?{len(end)}#{end}")
        expect(page.get_by_role("button", name="Play the video")).to_be_visible()
        expect(page.locator(".statement.marked")).to_have_count(0)
    expect_nothing_ran(hostile)
