"""Phones: nothing goes sideways, fingers hit what they mean, and the player stays in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import served
from tests.site.browser.reading import CHANNEL, NOTE, PHONE, Reader, built, reading
from tests.standins.iframe_api import IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")

PAGES = ("index.html", f"{CHANNEL}/index.html", NOTE, f"{CHANNEL}/graph.html", "404.html")

TOO_SMALL = """() => {
  const small = [];
  for (const each of document.querySelectorAll("a, button, summary, input, label")) {
    const box = each.getBoundingClientRect();
    const hidden = !each.checkVisibility({ visibilityProperty: true }) || each.matches(".skip");
    // A link in running text is as high as its line (WCAG 2.5.8 leaves it out).
    const inText = each.matches("article a:not(.cite), p a, .sentence a");
    if (!hidden && !inText && (box.width < 24 || box.height < 24)) {
      small.push(`${each.outerHTML.slice(0, 90)}: ${box.width} x ${box.height}`);
    }
  }
  return small;
}"""


ON_TOP = """([cited, player]) => {
  const box = player.getBoundingClientRect();
  const fits = box.x === 0 && box.y === 0 && box.width === 375;
  const wide = Math.abs(box.height - 375 * 9 / 16) < 2;
  return fits && wide && cited.getBoundingClientRect().y > box.bottom;
}"""


def width(reader: Reader) -> int:
    found: int = reader.page.evaluate("document.documentElement.scrollWidth")
    return found


def test_nothing_goes_sideways_and_all_can_be_tapped(phone: Reader) -> None:
    for path in PAGES:
        page = phone.open(path)
        phone.settle()
        expect(page.locator("h1")).to_be_in_viewport()
        assert (path, width(phone)) == (path, 375)
        assert (path, page.evaluate(TOO_SMALL)) == (path, [])


def test_what_does_not_fit_scrolls_by_itself(
    browser: Browser, iframe_api: IFrameStandIn, tmp_path: Path
) -> None:
    note = tmp_path / "vault" / "channel" / "wide.md"
    note.parent.mkdir(parents=True)
    note.write_text(
        f"---\ntitle: {'Wide' * 40}\nvideoId: {'x' * 11}\n---\n\n"
        f"{'verylongword' * 30} https://example.org/{'a' * 300}\n\n"
        f"```\n{'code ' * 80}\n```\n\n"
        "$$" + " + ".join(f"x_{{{n}}}^2" for n in range(60)) + "$$\n\n"
        f"| {' | '.join(['cell'] * 30)} |\n|{'---|' * 30}\n| {' | '.join(['some words'] * 30)} |\n",
        encoding="utf-8",
    )
    out = built(tmp_path / "vault", tmp_path / "out", math=True)
    with served(out) as address, reading(browser, address, PHONE) as reader:
        page = reader.open("channel/wide.html")
        expect(page.locator("article")).to_contain_text("verylongword")
        expect(page.locator("math")).to_have_count(1)
        assert width(reader) == 375


def test_the_player_stays_on_top_and_hides_nothing(
    phone: Reader, iframe_api: IFrameStandIn
) -> None:
    page = phone.open(NOTE)
    last = phone.citation(13)
    last.scroll_into_view_if_needed()
    last.tap()
    expect(iframe_api.frame(page).locator("#calls")).to_contain_text("seekTo 335 true")
    # The page makes room for it, which may take it a moment.
    shown = [last.element_handle(), page.locator("iframe").element_handle()]
    page.wait_for_function(ON_TOP, arg=shown)
    assert width(phone) == 375
    page.get_by_role("button", name="Close").tap()
    expect(page.locator("iframe")).to_have_count(0)
    expect(last).to_be_in_viewport()
    page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
    expect(page.get_by_role("button", name="Play from 5:35")).to_be_in_viewport()
