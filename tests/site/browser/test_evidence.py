"""The evidence beside the timestamps: what was said, the quoted words marked."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.site.browser.reading import CHANNEL, DEMO, NOTE, Reader

pytestmark = pytest.mark.xdist_group("browser")

SLUG = NOTE.split("/")[1].removesuffix(".html")


def quotes() -> list[tuple[int, str]]:
    """Second and quote of each citation of the note, as its sidecar has them."""
    path = DEMO / ".generator" / "notes" / CHANNEL / f"{SLUG}.json"
    sidecar = json.loads(path.read_text(encoding="utf-8"))
    return [
        (citation["second"], citation["quote"])
        for statement in sidecar["statements"]
        if not statement["leadIn"]
        for citation in statement["citations"]
    ]


def test_each_timestamp_shows_the_words_it_rests_on_with_no_network(reader: Reader) -> None:
    page = reader.open(NOTE)
    reader.settle()
    page.context.set_offline(True)
    asked = len(reader.requests)
    evidence = page.locator(".evidence")
    known = quotes()
    assert page.locator("article .cite").count() == len(known) > 10
    for number, (second, quote) in enumerate(known):
        citation = reader.citation(number)
        expect(citation).to_have_attribute("data-t", str(second))
        citation.focus()
        expect(citation).to_have_attribute("aria-describedby", "said")
        marked = " ".join(evidence.locator("mark").all_text_contents())
        assert " ".join(marked.split()) == quote
        assert quote in " ".join(evidence.locator("blockquote p").all_text_contents())
    expect(evidence).to_contain_text("Quoted word for word")
    assert len(reader.requests) == asked


def test_it_opens_on_hover_stays_under_the_pointer_and_goes_by_escape(reader: Reader) -> None:
    page = reader.open(NOTE)
    evidence = page.locator(".evidence")
    expect(evidence).to_have_count(1)
    expect(evidence).to_be_hidden()
    reader.citation(2).hover()
    expect(evidence).to_be_visible()
    expect(evidence).to_contain_text("4:17 – 4:24")
    evidence.hover()
    # Longer than it takes to go when the pointer is elsewhere.
    page.evaluate("new Promise((done) => setTimeout(done, 400))")
    expect(evidence).to_be_visible()
    page.keyboard.press("Escape")
    expect(evidence).to_be_hidden()
    reader.citation(2).hover()
    page.locator("h1").hover()
    reader.citation(3).hover()
    expect(evidence).to_contain_text("three hundred and ninety times")
    page.locator("h1").hover()
    expect(evidence).to_be_hidden()


def test_it_opens_on_focus_and_goes_with_it(reader: Reader) -> None:
    page = reader.open(NOTE)
    reader.citation(2).focus()
    expect(page.get_by_role("tooltip")).to_contain_text("twenty-seven million times")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()
    expect(reader.citation(2)).to_be_focused()
    page.keyboard.press("Tab")  # to a link in the text between them
    page.keyboard.press("Tab")
    expect(reader.citation(3)).to_have_attribute("aria-describedby", "said")
    expect(page.get_by_role("tooltip")).to_contain_text("three hundred and ninety times")
    page.locator(".home").focus()
    expect(page.get_by_role("tooltip")).to_be_hidden()


def test_a_tap_shows_it_inside_the_window(phone: Reader) -> None:
    page = phone.open(NOTE)
    for number in (2, 6, 13):
        phone.citation(number).tap()
        expect(phone.citation(number)).to_have_attribute("aria-describedby", "said")
        box = page.locator(".evidence").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375
