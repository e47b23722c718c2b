"""What is searched of a page: its words, and nothing that only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.site.searched import has_words, searched_html, spaced


def searched(tmp_path: Path, html: str, title: str = "T", aliases: tuple[str, ...] = ()) -> str:
    page = tmp_path / "page.html"
    page.write_text(html, "utf-8")
    return searched_html(title, aliases, page)


CITE = '<a class="cite" id="c-0" href="https://www.youtube.com/watch?v=x&amp;t=80s">1:20</a>'


def test_citations_leave_no_trace(tmp_path: Path) -> None:
    html = f"<main><p>Lit {CITE}, {CITE}. Bent, too {CITE}, and seen {CITE}.</p></main>"
    assert "<main><p>Lit. Bent, too, and seen.</p></main>" in searched(tmp_path, html)


def test_of_what_stands_before_citations_one_comma_goes(tmp_path: Path) -> None:
    html = f"<main>a, \n{CITE}b,, {CITE}{CITE} ,{CITE} c <a class='cite'>1:20</a></main>"
    assert "<main>ab,  c <a class='cite'>1:20</a></main>" in searched(tmp_path, html)


def test_only_the_main_part_is_searched_with_the_title_that_is_told(tmp_path: Path) -> None:
    html = (
        "<header>Site</header><main data-pagefind-body><h1 data-pagefind-meta='x'>Old</h1><p>Text"
        '</p><script type="application/json">{"x": "hidden"}</script></main><footer>End</footer>'
    )
    told = searched(tmp_path, html, "A < B & C", ("D", "<E>"))
    assert told == "<h1>A &lt; B &amp; C</h1><p>D, &lt;E&gt;</p><main><p>Text</p></main>"


def test_the_list_of_other_notes_is_left_out(tmp_path: Path) -> None:
    html = (
        '<main><p>Text</p><nav class="siblings" aria-labelledby="x" data-pagefind-ignore>\n'
        '<h2 id="x">More</h2><ul><li><a href="y.html">Other</a></li></ul>\n</nav>'
        '<section class="siblings">Own</section></main>'
    )
    told = searched(tmp_path, html)
    assert told.endswith('<main><p>Text</p><section class="siblings">Own</section></main>')


@pytest.mark.parametrize("html", ["", "<main>", "</main><main>", "<p>no main part</p>"])
def test_a_page_without_a_main_part_has_its_title(tmp_path: Path, html: str) -> None:
    assert searched(tmp_path, html, "Alone") == "<h1>Alone</h1><p></p>"


def test_letters_of_scripts_without_spaces_stand_alone() -> None:
    assert spaced('<a title="灯塔">灯塔 A</a>').split() == [
        "<a",
        'title="灯塔">',
        "灯",
        "塔",
        "A</a>",
    ]
    assert spaced("ที่นี่").split() == ["ที่", "นี่"]
    assert spaced("<p>plain & simple</p>") == "<p>plain & simple</p>"


def test_marks_that_some_take_for_spaces_are_dropped(tmp_path: Path) -> None:
    told = searched(tmp_path, "<main>light\u200bhouse\ufeff \u0085lamp</main>", "a\u200bb")
    assert told == "<h1>ab</h1><p></p><main>lighthouse lamp</main>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [("<p>a</p>", True), ("<p class='a'>…&amp;</p>", False), ("", False), ("<b>7</b>", True)],
)
def test_words(html: str, expected: bool) -> None:
    assert has_words(html) is expected
