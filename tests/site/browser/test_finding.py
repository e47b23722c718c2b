"""Finding a way: the search goes to the statement, and the graph to the note."""

from __future__ import annotations

import json
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.site.browser.reading import CHANNEL, NOTE, Reader

pytestmark = pytest.mark.xdist_group("browser")

A_NODE = """(canvas) => {
  const scale = canvas.width / canvas.clientWidth;
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const wanted = getComputedStyle(canvas).getPropertyValue("--graph-own").trim();
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
  const is = (at) => data[at] === red && data[at + 1] === green && data[at + 2] === blue;
  for (let y = 0; y < height; y += 1) {
    let run = 0;
    for (let x = 0; x < width; x += 1) {
      run = is(4 * (y * width + x)) ? run + 1 : 0;
      if (run >= 6 * scale) return { x: (x - run / 2) / scale, y: (y + 3) / scale };
    }
  }
  return null;
}"""
"""A place within the first disc, from the top, that stands for another note."""


def test_the_search_finds_a_statement_and_goes_to_it(reader: Reader) -> None:
    page = reader.open("index.html")
    page.keyboard.press("/")
    expect(page.get_by_role("dialog", name="Search")).to_be_visible()
    page.keyboard.type("twenty-seven million times the mass")
    found = page.locator("#search a", has_text="twenty-seven million times").first
    expect(found).to_have_attribute("href", f"{NOTE}#s-1")
    expect(found.locator("mark").first).to_be_visible()
    found.click()
    expect(page).to_have_url(f"{reader.address}{NOTE}#s-1")
    expect(page.locator("#s-1")).to_be_in_viewport()
    assert reader.abroad == []

    page.wait_for_load_state("load")  # what hears keys is there
    page.keyboard.press("/")
    expect(page.get_by_role("dialog", name="Search")).to_be_visible()
    page.keyboard.type("two thousandths of a second")
    page.locator("#search a", has_text="two thousandths").first.click()
    expect(page.locator("h1")).to_have_text("Tide prediction and tidal friction")
    assert [said for said in reader.said if "error" in said.lower()] == []


def test_a_statement_of_the_same_page_closes_the_search(reader: Reader) -> None:
    page = reader.open(NOTE)
    page.get_by_role("button", name="Search").click()
    page.keyboard.type("British charts")
    page.locator("#search a", has_text="On British charts").first.click()
    expect(page.locator("#search")).to_be_hidden()
    expect(page.locator("#s-7")).to_be_in_viewport()


def test_what_nobody_said_is_not_found(reader: Reader) -> None:
    page = reader.open(NOTE)
    page.keyboard.press("/")
    page.keyboard.type("qqqqqq")
    expect(page.locator("#search [role=status]")).to_contain_text("No")
    expect(page.locator("#search a")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_hidden()


def test_a_click_in_the_graph_goes_to_the_note(reader: Reader) -> None:
    page = reader.open(NOTE)
    graph = json.loads(page.locator("#graph-data").text_content() or "")
    others = {urljoin(page.url, node["url"]) for node in graph["nodes"] if not node.get("here")}
    assert len(others) > 3
    page.get_by_role("tab", name="Graph").click()
    canvas = page.locator("#graph canvas")
    expect(canvas).to_be_visible()
    place = page.wait_for_function(
        f"(canvas) => ({A_NODE})(canvas)", arg=canvas.element_handle()
    ).json_value()
    canvas.click(position=place)
    expect(page).not_to_have_url(f"{reader.address}{NOTE}")
    assert page.url in others


def test_the_graph_of_a_channel_is_walked_by_keys(reader: Reader) -> None:
    page = reader.open(f"{CHANNEL}/graph.html")
    canvas = page.locator("canvas")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".graph [role=status]")).to_contain_text("link")
    named = (page.locator(".graph [role=status]").text_content() or "").rpartition(",")[0]
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(named)
