"""The text of a note as HTML: what is ours is made, all else is the text that it is."""

from __future__ import annotations

import pytest

from generator.site.arranging import Cited, Heading
from generator.site.prose import filled, prose_of
from tests.site.vaults import VIDEO, Elements, cited


def shown(text: str, *, math: bool = False) -> str:
    """The HTML of a text, with each link as `[number:label]`."""
    html = prose_of(text, video_id=VIDEO, math=math).html
    return filled(html, lambda number, label: f"[{number}:{label}]").strip()


def test_a_statement_goes_up_to_its_citation_and_the_punctuation_behind_it() -> None:
    found = shown(f"One thing {cited('00:01:20')}. Another, {cited('01:02:03')}! No more.")
    first, second = (
        f'href="https://www.youtube.com/watch?v={VIDEO}&amp;t={second}s" data-t="{second}"'
        for second in (80, 3723)
    )
    assert found == (
        f'<p><span class="statement" id="s-0">One thing <a class="cite" id="c-0" {first}'
        ' data-c="0" rel="noopener noreferrer">1:20</a>.</span> <span class="statement" id="s-1">'
        f'Another, <a class="cite" id="c-1" {second} data-c="1" rel="noopener noreferrer">1:02:03'
        "</a>!</span> No more.</p>"
    )


def test_citations_of_one_statement_stay_together() -> None:
    prose = prose_of(f"Both {cited('00:00:01')}, {cited('00:00:02')}. Next {cited('00:00:03')}.")
    assert prose.citations == (Cited(1, "Both."), Cited(2, "Both."), Cited(3, "Next."))
    assert prose.html.count("statement") == 2


def test_a_citation_within_emphasis_leaves_it_whole() -> None:
    found = shown(f"Told **in bold {cited('00:00:01')}. On** it goes {cited('00:00:02')}.")
    assert found.count("<strong>") == found.count("</strong>") == 1
    assert found.startswith('<p><span class="statement" id="s-0">Told <strong>')


@pytest.mark.parametrize(
    "source",
    [
        '<a class="yt-timestamp" data-t="at noon">[1:20]</a>',
        '<a class="yt-timestamp" data-t="00:75:00">[1:20]</a>',
        '<a class="yt-timestamp">[1:20]</a>',
    ],
)
def test_a_citation_whose_time_cannot_be_read_is_text(source: str) -> None:
    assert shown(f"Said {source}.") == "<p>Said [1:20].</p>"


def test_without_a_video_a_citation_leads_to_the_second_on_the_page() -> None:
    assert 'href="#t=80"' in prose_of(f"Said {cited('00:01:20')}.").html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<style>*{display:none}</style>",
        '<a href="javascript:alert(1)">x</a>',
        "<iframe src=https://evil.example></iframe>",
        "<!-- <b> -->",
        "<math><mi xlink:href='javascript:1'>x</mi></math>",
        "&lt;script&gt;",
    ],
)
def test_html_is_shown_as_the_characters_it_is(hostile: str) -> None:
    page = Elements(shown(f"Before {hostile} after."))
    assert [tag for tag, _ in page.found] == ["p"]
    assert page.text.startswith("Before <")
    assert page.text.endswith(" after.")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc",
        "//evil.example",
        "/etc",
        "\\\\evil",
        "java&#10;script:alert(1)",
        "&#x6A;avascript:alert(1)",
    ],
)
def test_only_addresses_of_the_web_and_of_mailboxes_become_links(address: str) -> None:
    for source in (f"[x]({address})", f"<{address}>", f"![x]({address})", f"[x]\n\n[x]: {address}"):
        assert "href" not in shown(source), source


def test_links_to_the_web_tell_it_nothing_and_images_become_links() -> None:
    assert shown("[x](https://a.example/?q=1&r) ![pic](https://b.example/p.png)") == (
        '<p><a href="https://a.example/?q=1&amp;r" rel="noopener noreferrer nofollow">x</a>'
        ' <a href="https://b.example/p.png" rel="noopener noreferrer nofollow">pic</a></p>'
    )
    assert shown("![a picture](picture.png)") == "<p>a picture</p>"


def test_links_to_notes_wait_for_where_they_lead() -> None:
    prose = prose_of("[[tower#Top | the <b>top</b>]], [[a/lens]], [md](b%20c.md#D), ![[embedded]]")
    assert filled(prose.html, lambda number, label: f"[{number}:{label}]") == (
        "<p>[0:the &lt;b&gt;top&lt;/b&gt;], [1:], [2:md], [3:]</p>\n"
    )
    assert [(each.target, each.heading) for each in prose.references] == [
        ("tower", "h-top"),
        ("a/lens", ""),
        ("./b c.md", "h-d"),
        ("embedded", ""),
    ]


def test_the_sentence_around_a_link_is_kept_with_the_link_marked() -> None:
    prose = prose_of(f"First {cited('00:00:01')}. A *bold* <b> [[x | claim]] {cited('00:00:02')}.")
    assert prose.references[0].sentence == "A bold &lt;b&gt; <mark>claim</mark>."


def test_of_a_long_sentence_only_what_is_around_the_link_is_kept() -> None:
    sentence = prose_of("word " * 200 + "[[x]] " + "word " * 200).references[0].sentence
    assert len(sentence) < 320
    assert sentence.startswith("…word")
    assert sentence.endswith("word…")


def test_nothing_in_a_note_can_stand_for_a_link_that_is_filled_in() -> None:
    prose = prose_of("\x020\x03label\x04 [[x | y]]")
    assert filled(prose.html, lambda number, label: f"[{number}:{label}]") == (
        "<p>0label [0:y]</p>\n"
    )


def test_headings_have_ids_of_their_own_and_are_the_contents() -> None:
    prose = prose_of("# Title\n\n## One & two\n\n### One & two\n\n#### Deep", title="Title")
    assert prose.html == (
        '<h2 id="h-one-two">One &amp; two</h2>\n<h3 id="h-one-two-2">One &amp; two</h3>\n'
        '<h4 id="h-deep">Deep</h4>\n'
    )
    assert prose.contents == (
        Heading("h-one-two", "One & two", 2),
        Heading("h-one-two-2", "One & two", 3),
    )
    assert prose_of("# Another", title="Title").html == '<h2 id="h-another">Another</h2>\n'


def test_characters_that_reorder_or_hide_text_go() -> None:
    assert shown("a\u202eb\u2066c\x07\ufeffd\ufffe") == "<p>abcd</p>"


def test_styles_are_classes() -> None:
    assert '<td class="align-right">' in shown("| a |\n|--:|\n| b |")
    assert shown("```js onclick\n<b>\n```") == "<pre><code>&lt;b&gt;\n</code></pre>"


def test_dollars_are_dollars_unless_formulas_are_asked_for() -> None:
    assert shown("From $5 to $6.") == "<p>From $5 to $6.</p>"
    assert "<math" in shown("Its area is $x^2$.", math=True)


def test_the_beginning_is_that_of_the_text() -> None:
    assert prose_of(f"## H\n\nA *b* [[c | d]] {cited('00:00:01')}.\n\nE").beginning == "A b d."


def test_a_page_of_brackets_takes_no_longer_than_it_should() -> None:
    for hostile in ("[" * 20_000, "[[" * 10_000, "<a " * 10_000, "`" * 20_001, "*a " * 10_000):
        assert prose_of(hostile).html


@pytest.mark.parametrize(("written", "second"), [("1:20", 80), ("25:56", 1556), ("1:02:03", 3723)])
def test_a_time_that_can_mean_one_second_only_opens_it(written: str, second: int) -> None:
    said = shown(f'Said <a class="yt-timestamp" data-t="{written}">[{written}]</a>.')
    assert f'data-t="{second}"' in said
