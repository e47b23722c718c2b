"""A drawn graph is zoomed and moved, its page scrolls all the same, and its list has all notes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browsers import served
from tests.site.browser.reading import CHANNEL, DEMO, NOTE, Reader, built, reading

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.standins.iframe_api import IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")

PAINTED = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value) => value) && canvas.toDataURL();
}"""


RECORDED = """
  window.painted = { names: [], dots: [] };
  const { fillText, arc, clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...given) {
    window.painted = { names: [], dots: [] };
    return clearRect.apply(this, given);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { width } = this.measureText(text);
    window.painted.names.push({ text, box: [x - width / 2, y, x + width / 2, y + 12] });
    return fillText.call(this, text, x, y);
  };
  CanvasRenderingContext2D.prototype.arc = function (x, y, radius, ...more) {
    window.painted.dots.push([x - radius, y - radius, x + radius, y + radius]);
    return arc.call(this, x, y, radius, ...more);
  };
"""

Box = tuple[float, float, float, float]


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def drawn(canvas: Locator) -> str:
    """What a canvas shows, once it shows anything."""
    page = canvas.page
    page.wait_for_function(PAINTED, arg=canvas.element_handle())
    return str(canvas.evaluate(PAINTED))


def differs(canvas: Locator, before: str) -> None:
    canvas.page.wait_for_function(
        f"([canvas, before]) => ({PAINTED})(canvas) !== before",
        arg=[canvas.element_handle(), before],
    )


def canvas_of(page: Page) -> Locator:
    canvas = page.locator(".graph canvas")
    expect(canvas).to_be_visible()
    return canvas


def test_closer_and_farther_and_all_of_it(reader: Reader) -> None:
    canvas = canvas_of(reader.open(f"{CHANNEL}/graph.html"))
    first = drawn(canvas)
    reader.page.get_by_role("button", name="Closer").click()
    differs(canvas, first)
    closer = drawn(canvas)
    reader.page.get_by_role("button", name="Farther").click()
    differs(canvas, closer)
    reader.page.get_by_role("button", name="Closer").click()
    reader.page.get_by_role("button", name="All of it").click()
    reader.page.wait_for_function(
        f"([canvas, first]) => ({PAINTED})(canvas) === first",
        arg=[canvas.element_handle(), first],
    )


@pytest.mark.parametrize("size", [(1200, 800), (375, 812)])
def test_the_names_of_a_small_graph_are_whole_and_clear_of_all_else(
    browser: Browser, demo_site: str, iframe_api: IFrameStandIn, size: tuple[int, int]
) -> None:
    with reading(browser, demo_site, size) as reader:
        reader.page.add_init_script(RECORDED)
        canvas = canvas_of(reader.open(f"{CHANNEL}/graph.html"))
        drawn(canvas)
        painted = reader.page.evaluate("painted")
        seen = canvas.bounding_box()
    assert seen is not None
    names, dots = painted["names"], painted["dots"]
    titles = [path.stem for path in (DEMO / CHANNEL).glob("*.md") if path.stem != CHANNEL]
    assert len(dots) == len(titles)
    assert len(names) > len(titles)  # long ones stand on two lines
    assert not [name["text"] for name in names if "…" in name["text"]]
    for at, name in enumerate(names):
        assert not [dot for dot in dots if meet(name["box"], dot)], name
        assert not [other for other in names[:at] if meet(name["box"], other["box"])], name
        assert name["box"][0] >= 0, name
        assert name["box"][2] <= seen["width"], name


def test_it_is_dragged_and_a_drag_opens_nothing(reader: Reader) -> None:
    canvas = canvas_of(reader.open(f"{CHANNEL}/graph.html"))
    first = drawn(canvas)
    box = canvas.bounding_box()
    assert box is not None
    for part in (0.2, 0.35, 0.5, 0.65, 0.8):
        reader.page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] * part)
        reader.page.mouse.down()
        reader.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 9, steps=4)
        reader.page.mouse.up()
    differs(canvas, first)
    assert reader.page.url.endswith("graph.html")


def test_the_wheel_zooms_a_graph_of_its_own_page_and_scrolls_a_note(reader: Reader) -> None:
    canvas = canvas_of(reader.open(f"{CHANNEL}/graph.html"))
    first = drawn(canvas)
    canvas.hover()
    reader.page.mouse.wheel(0, -300)
    differs(canvas, first)
    assert reader.page.evaluate("scrollY") == 0

    page = reader.open(NOTE)
    page.get_by_role("tab", name="Graph").click()
    canvas = canvas_of(page)
    drawn(canvas)
    canvas.scroll_into_view_if_needed()
    page.evaluate("document.body.style.minHeight = '400vh'")
    canvas.hover(position={"x": 3, "y": 3})
    before = page.evaluate("scrollY")
    page.mouse.wheel(0, 200)
    page.wait_for_function("(before) => scrollY > before", arg=before)


def test_colours_follow_the_theme(reader: Reader) -> None:
    page = reader.open(f"{CHANNEL}/graph.html")
    canvas = canvas_of(page)
    first = drawn(canvas)
    page.locator("[data-theme-toggle]").click()
    differs(canvas, first)


def test_the_list_has_every_note_and_leads_there(reader: Reader) -> None:
    page = reader.open(f"{CHANNEL}/graph.html")
    source = page.locator(".graph").get_attribute("data-src") or ""
    graph = json.loads(
        page.request.get(page.evaluate("(to) => new URL(to, location).href", source)).text()
    )
    page.get_by_text("As a list").click()
    links = page.locator(".graph-list a")
    assert sorted(links.all_text_contents()) == sorted(node["title"] for node in graph["nodes"])
    title = links.first.text_content() or ""
    links.first.click()
    expect(page.locator("h1")).to_have_text(title)


def test_a_graph_that_cannot_be_had_is_told(reader: Reader) -> None:
    reader.page.route(re.compile(r"/graphs/.*\.json"), lambda route: route.abort())
    reader.open(f"{CHANNEL}/graph.html")
    expect(reader.page.locator(".graph")).to_have_text("The graph could not be loaded.")


def test_it_is_sharp_on_a_dense_screen_and_fits_another_window(
    browser: Browser, demo_site: str, iframe_api: IFrameStandIn
) -> None:
    with reading(browser, demo_site, device_scale_factor=2) as reader:
        canvas = canvas_of(reader.open(f"{CHANNEL}/graph.html"))
        drawn(canvas)
        assert canvas.evaluate("(canvas) => canvas.width / canvas.clientWidth") == pytest.approx(
            2, 0.01
        )
        reader.page.set_viewport_size({"width": 600, "height": 700})
        reader.page.wait_for_function(
            "(canvas) => Math.abs(canvas.width - 2 * canvas.clientWidth) < 3"
            " && canvas.clientWidth < 600",
            arg=canvas.element_handle(),
        )
        drawn(canvas)


def test_titles_are_text(browser: Browser, tmp_path: Path, iframe_api: IFrameStandIn) -> None:
    bad = "</script><img src=x onerror=alert(1)>"
    folder = tmp_path / "vault" / "x"
    folder.mkdir(parents=True)
    cited = '<a class="yt-timestamp" data-t="00:00:10">[00:00:10]</a>'
    for name, other in (("a", "b"), ("b", "a")):
        (folder / f"{name}.md").write_text(
            f"---\ntitle: '{name} {bad}'\nvideoId: dQw4w9WgXcQ\n---\n\nIt is [[{other}]] {cited}.\n"
        )
    with (
        served(built(tmp_path / "vault", tmp_path / "site")) as address,
        reading(browser, address) as reader,
    ):
        page = reader.open("x/a.html")
        page.get_by_role("tab", name="Graph").click()
        canvas_of(page).focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".graph [role=status]")).to_have_text(f"a {bad}, one link")
        page.get_by_text("As a list").click()
        expect(page.locator(".graph-list a")).to_have_text([f"b {bad}"])
        expect(page.locator("img")).to_have_count(0)
        assert reader.said == []
