"""The search dialog over slices and languages, with keys alone, and what it says when it cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from generator.site import search
from tests.browsers import served
from tests.site.browser.reading import PHONE, Reader, built, reading

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.standins.iframe_api import IFrameStandIn

pytestmark = pytest.mark.xdist_group("browser")

ENGLISH = "The keeper of the tower winds the heavy clockwork and writes the weather into a book"
RUSSIAN = "Смотритель маяка заводит часы и записывает погоду в журнал, который лежит на столе"
CHINESE = "灯塔的光被玻璃弯曲成一束，船只从远处可以看到"
NASTY = "A &lt;img src=x onerror=alert(1)&gt; of the zebra and &amp;lt;b&amp;gt; after it"


def note(folder: Path, title: str, *statements: str) -> None:
    """A note of a video; each statement is cited ten seconds after the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    said = [
        f'{text} <a class="yt-timestamp" data-t="00:00:{10 + n:02}">[00:00:{10 + n:02}]</a>.'
        for n, text in enumerate(statements)
    ]
    name = re.sub(r"\W+", "_", title.lower())
    (folder / f"{name}.md").write_text(
        f"---\ntitle: {title!r}\nvideoId: dQw4w9WgXcQ\n---\n\nFrom: [[x]] <br/> \n\n"
        + " ".join(said)
        + "\n",
        "utf-8",
    )


def make_vault(root: Path) -> Path:
    for number in range(1, 13):
        rest = f"It was the {number}th of the year" + " and the wind was strong" * number
        note(root / "harbour", f"Log book {number}", ENGLISH, rest, "The lamps were lit at dusk")
    note(root / "harbour", "Clockwork", "The weights fall for four hours")
    note(root / "маяки", "Смотритель", "Ночью было тихо и ясно, но он не спал", RUSSIAN)
    note(root / "маяки", "Линза", "Линзы собирают свет в один луч, и он виден за двадцать миль")
    note(root / "灯塔", "灯塔的光", CHINESE)
    note(root / "harbour", "Nasty <script>alert(2)</script>", NASTY)
    return root


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of three languages, its index in slices of a few pages."""
    folder = tmp_path_factory.mktemp("languages")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(search, "SLICE", 5)
        out = built(make_vault(folder / "vault"), folder / "site")
    assert len(list((out / "pagefind").glob("en-*"))) > 2
    with served(out) as address:
        yield address


@pytest.fixture
def here(browser: Browser, site: str, iframe_api: IFrameStandIn) -> Iterator[Reader]:
    with reading(browser, site) as reader:
        yield reader


def look_for(page: Page, words: str) -> None:
    if not page.locator("#search").is_visible():
        page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_label("Words to find").fill(words)


def titles(page: Page) -> list[str]:
    return page.locator("#search .search-title").all_text_contents()


def test_all_slices_are_searched_as_one(here: Reader) -> None:
    page = here.open("harbour/clockwork.html")
    look_for(page, "lamps lit")
    expect(page.locator("#search-told")).to_have_text("12 notes found, the first 10 are shown.")
    assert len(titles(page)) == 10
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#search-told")).to_have_text("12 notes found.")
    assert sorted(titles(page)) == sorted(f"Log book {number}" for number in range(1, 13))
    expect(page.locator("#search a:focus")).to_have_count(1)
    assert here.abroad == []
    assert here.said == []


@pytest.mark.parametrize(
    ("words", "title", "marked"),
    [
        ("смотрителю", "Смотритель", "Смотритель"),
        ("линзу", "Линза", "Линзы"),
        ("船只从远处", "灯塔的光", "船只从远处"),
        ("weight", "Clockwork", "weights"),
    ],
)
def test_each_language_is_found_in_its_own_forms(
    here: Reader, words: str, title: str, marked: str
) -> None:
    page = here.open("harbour/clockwork.html")
    look_for(page, words)
    expect(page.locator("#search .search-title").first).to_have_text(title)
    expect(page.locator("#search .search-statement mark").first).to_have_text(marked)
    statement = page.locator("#search .search-statement").first
    assert " " not in (statement.text_content() or "") or title != "灯塔的光"
    statement.click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(":target")).to_contain_text(marked)


def test_a_title_comes_before_what_only_mentions_it(here: Reader) -> None:
    page = here.open("index.html")
    look_for(page, "clockwork")
    expect(page.locator("#search .search-title").first).to_have_text("Clockwork")
    expect(page.locator("#search .search-title")).to_have_count(10)


def test_words_are_all_asked_for_and_one_that_none_has_is_told(here: Reader) -> None:
    page = here.open("index.html")
    look_for(page, "weights journalism")
    expect(page.locator("#search-told")).to_have_text("No note has “journalism”. One note found.")
    look_for(page, "weights смотритель")
    expect(page.locator("#search-told")).to_have_text("Nothing found for “weights смотритель”.")
    look_for(page, "qqqqq")
    expect(page.locator("#search-told")).to_have_text("Nothing found for “qqqqq”.")
    expect(page.locator("#search a")).to_have_count(0)


def test_one_letter_finds_nothing_yet_and_short_words_count_with_others(here: Reader) -> None:
    page = here.open("index.html")
    look_for(page, "weights")
    expect(page.locator("#search-told")).to_have_text("One note found.")
    look_for(page, "w")
    expect(page.locator("#search-told")).to_have_text("Type words to find them in all notes.")
    expect(page.locator("#search a")).to_have_count(0)
    look_for(page, "погоду в журнал")
    expect(page.locator("#search-told")).to_have_text("One note found.")
    look_for(page, "灯")
    expect(page.locator("#search .search-title")).to_have_text("灯塔的光")


def test_marks_hold_words_without_what_stands_around_them(here: Reader) -> None:
    page = here.open("index.html")
    look_for(page, "журнал погоду")
    expect(page.locator("#search .search-statement").first).to_contain_text("погоду в журнал, ко")
    marks = page.locator("#search .search-statement").first.locator("mark")
    expect(marks).to_have_text(["погоду", "журнал"])
    look_for(page, "heavy clockwork")
    expect(page.locator("#search mark").first).to_have_text("heavy clockwork")


def test_one_channel_is_searched(here: Reader) -> None:
    page = here.open("index.html")
    look_for(page, "погоду")
    expect(page.locator("#search .search-where")).to_have_text(["маяки"])
    page.get_by_label("Channel to search in").select_option("harbour")
    expect(page.locator("#search-told")).to_have_text("Nothing found for “погоду”.")
    page.get_by_label("Channel to search in").select_option("маяки")
    expect(page.locator("#search-told")).to_have_text("One note found.")


def test_what_notes_hold_is_text(here: Reader) -> None:
    page = here.open("index.html")
    look_for(page, "zebra")
    statement = page.locator("#search .search-statement")
    expect(statement).to_have_text(
        "A <img src=x onerror=alert(1)> of the zebra and &lt;b&gt; after it."
    )
    expect(page.locator("#search .search-title")).to_have_text("Nasty <script>alert(2)</script>")
    expect(page.locator("#search img, #search script")).to_have_count(0)
    assert here.said == []


def test_keys_alone_find_and_follow(here: Reader) -> None:
    page = here.open("harbour/clockwork.html")
    page.keyboard.press("/")
    page.keyboard.type("dusk")
    links = page.locator("#search .search-found a")
    expect(links.nth(2)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Words to find")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("s")  # who types on, types words
    expect(page.get_by_label("Words to find")).to_have_value("dusks")
    page.keyboard.press("Backspace")
    expect(links.first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search")).to_be_hidden()
    page.keyboard.press("/")
    expect(links.first).to_be_visible()
    title = links.first.text_content() or ""
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_a_key_that_follows_the_closing_at_once_opens_it_again(here: Reader) -> None:
    page = here.open("harbour/clockwork.html")
    page.keyboard.press("/")
    expect(page.get_by_label("Words to find")).to_be_focused()
    page.evaluate("""() => {
      const dialog = document.getElementById("search");
      dialog.close();
      const slash = new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true });
      dialog.querySelector("input").dispatchEvent(slash);
    }""")
    expect(page.locator("#search")).to_be_visible()


def test_an_index_that_cannot_be_had_is_told_and_tried_again(here: Reader) -> None:
    page = here.open("index.html")
    cut = re.compile("/pagefind/index.json")

    def refuse(route: Route) -> None:
        route.abort()

    page.route(cut, refuse)
    look_for(page, "dusk")
    expect(page.locator("#search-told")).to_contain_text("cannot be loaded")
    page.unroute(cut, refuse)
    look_for(page, "dusk ")
    expect(page.locator("#search .search-found a").first).to_be_visible()


def test_a_small_screen_scrolls_nothing_sideways(
    browser: Browser, site: str, iframe_api: IFrameStandIn
) -> None:
    with reading(browser, site, PHONE, has_touch=True, is_mobile=True) as reader:
        page = reader.open("index.html")
        look_for(page, "wind strong")
        expect(page.locator("#search .search-statement").first).to_be_visible()
        wide = page.evaluate(
            "[...document.querySelectorAll('#search, #search *')]"
            ".filter((each) => each.getBoundingClientRect().right > innerWidth + 1).length"
        )
        assert wide == 0
        close = page.locator("#search .search-close").bounding_box()
        assert close is not None
        assert close["height"] >= 24
