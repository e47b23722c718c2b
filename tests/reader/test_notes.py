"""Notes that others wrote, taken apart and written back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.models import (
    BulletList,
    Citation,
    Found,
    Link,
    Note,
    Paragraph,
    Section,
    Statement,
    Video,
)
from generator.reader.blocks import Heading, ParsedList, ParsedParagraph, RawBlock
from generator.reader.inlines import CitationAnchor, Span, WikiLink
from generator.reader.notes import Edit, ParsedNote, Position, parse_note
from generator.renderer.markdown import RenderOptions, render_note

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


def anchor(stamp: str) -> str:
    return f'<a class="yt-timestamp" data-t="{stamp}">[{stamp}]</a>'


NOTE = (
    "---\n"
    "title: Harbours and tides\n"
    "videoId: q7-Lm_0aBcD\n"
    "---\n"
    "\n"
    "From: [[tide_talks]] <br/> \n"
    "\n"
    f"Ports fill {anchor('00:00:07')}, {anchor('00:00:09')}. The [[ebb | Ebb]] empties"
    f" them {anchor('00:01:05')}, slowly {anchor('00:01:09')}.\n"
    "\n"
    f"## [[moon | The moon]] pulls {anchor('00:01:00')}\n"
    "\n"
    f"It is **near** {anchor('00:02:00')}. Two things follow:\n"
    f"*   One \\* `[[two]]` &lt;b> {anchor('00:02:02')}.\n"
    "*   **More**:\n"
    f"    *   [[spring_tide]] {anchor('00:02:03')}\n"
    "\n"
    "### Table\n"
    "\n"
    f"| a | [[b\\|c]] |\n|---|---|\n| {anchor('00:03:00')} | d |\n"
    "\n"
    "```\n[[not a link]]\n```\n"
    "\n"
    f"> Quoted\n> words {anchor('00:04:00')}.\n"
)


def test_the_parts_of_a_note() -> None:
    note = parse_note(NOTE)
    assert (note.title, note.video_id, note.channel) == (
        "Harbours and tides",
        "q7-Lm_0aBcD",
        "tide_talks",
    )
    assert [type(block) for block in note.lead] == [ParsedParagraph]
    assert [section.heading.text for section in note.sections] == ["The moon pulls", "Table"]
    assert [section.heading.level for section in note.sections] == [2, 3]
    paragraph, bullets = note.sections[0].blocks
    assert isinstance(paragraph, ParsedParagraph)
    assert paragraph.leads_in
    assert isinstance(bullets, ParsedList)
    assert [(item.depth, item.ordered, item.leads_in) for item in bullets.items] == [
        (1, False, False),
        (1, False, True),
        (2, False, False),
    ]
    kinds = [block.kind for block in note.sections[1].blocks if isinstance(block, RawBlock)]
    assert kinds == ["table", "fence", "blockquote"]
    assert [link.target for link in note.links()] == ["ebb", "moon", "spring_tide", "b"]
    assert [citation.second for citation in note.citations()] == [
        *(7, 9, 65, 69, 60, 120, 122, 123, 180, 240)
    ]


def test_the_statements_of_a_note() -> None:
    note = parse_note(NOTE)
    statements = note.statements()
    assert [
        (said.text, [citation.second for citation in said.citations], said.section, said.leads_in)
        for said in statements
        if said.section != "Table"
    ] == [
        ("Ports fill.", [7, 9], "", False),
        ("The Ebb empties them,", [65], "", False),
        ("slowly.", [69], "", False),
        ("It is near.", [120], "The moon pulls", False),
        ("Two things follow:", [], "The moon pulls", True),
        ("One * [[two]] <b>.", [122], "The moon pulls", False),
        ("More:", [], "The moon pulls", True),
        ("spring_tide", [123], "The moon pulls", False),
    ]
    assert statements[-1].text == "Quoted words."
    first = statements[0]
    assert NOTE[slice(*first.span)] == (f"Ports fill {anchor('00:00:07')}, {anchor('00:00:09')}.")
    assert note.position(first.span.start) == Position(8, 1)
    assert note.position(NOTE.index("**More")) == Position(14, 5)


def test_what_is_rendered_is_understood() -> None:
    """The renderer's escapes are undone by the reader: each statement's words come back."""
    video = Video("q7-Lm_0aBcD", "T", "tide_talks", published=date(2024, 1, 1))
    texts = ["a *b* _c_ [d](e) <f> & &amp; `g`.", "# h == %% ~~ $ \\ \\* | x", "1. “q”, www.a.b?"]
    said = [
        Statement(text, citations=(Citation(at, 0, 0, "q", Found.EXACT),))
        for at, text in enumerate(texts)
    ]
    blocks = (Paragraph(tuple(said)), BulletList(tuple(said), lead_in=Statement("List [x]:")))
    made = Note("T", (), "t", video, blocks, (Section("# [[H]] *", 2, blocks, 0, 1),))
    note = parse_note(render_note(made))
    once = [*texts, "List [x]:", *texts]
    assert [statement.text for statement in note.statements()] == once * 2
    assert [section.heading.text for section in note.sections] == ["# [[H]] *"]


def every_part(note: ParsedNote) -> list[tuple[Span, str]]:
    parts = [(part.span, part.source) for part in (*note.blocks, *note.inlines)]
    parts += [(item.span, item.source) for block in note.blocks for item in items_of(block)]
    return parts + ([(note.from_line.span, note.from_line.source)] if note.from_line else [])


def items_of(block: object) -> list[ParsedParagraph]:
    return list(block.items) if isinstance(block, ParsedList) else []  # type: ignore[arg-type]


PIECES = st.sampled_from(
    [
        *(
            "---\n",
            "title: x\n",
            "From: [[c]] <br/> \n",
            "# a\n",
            "## [[b|c]] #\r\n",
            "*   ",
            "1. ",
        ),
        *(
            "\n",
            "\r\n",
            "\r",
            "    ",
            "\t",
            "\ufeff",
            "text ",
            "| a | b |\n",
            "|---|---|\n",
            "```\n",
        ),
        *(anchor("00:00:01"), "<a data-t='1:2' class=x>y</a>", "<a ", "[[", "]]", "[", "`", "``"),
        *("<!--", "-->", "<b>", "**", "===\n", "\x00", "\x0b", "\u2028", "[x]: y\n", "- - a\n"),
        *("\\", "> ", ".", ", ", "1. ", "  * "),
    ]
)


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text())
def test_any_text_comes_back_and_every_part_is_where_it_says(text: str) -> None:
    note = parse_note(text)
    assert render_note(note) == text
    for span, source in every_part(note):
        assert text[slice(*span)] == source
    for block in note.blocks:
        if isinstance(block, ParsedParagraph | Heading) and block.inlines:
            spans = [part.span for part in block.inlines]
            assert [span.end for span in spans[:-1]] == [span.start for span in spans[1:]]
    for statement in note.statements():
        assert statement.text or statement.citations
        line, column = note.position(statement.span.start)
        assert (line, column) >= (1, 1)


@given(st.lists(PIECES, max_size=25).map("".join), st.integers(0, 359_999))
def test_moving_a_citation_changes_nothing_else(text: str, second: int) -> None:
    note = parse_note(text + "\n\nEbb " + anchor("00:00:59") + ".\n")
    if not note.citations():
        return
    citation = note.citations()[-1]
    moved = note.with_second(citation, second)
    assert moved.source[: citation.span.start] == note.source[: citation.span.start]
    assert moved.source.endswith(note.source[citation.span.end :])
    assert len(moved.citations()) == len(note.citations())
    assert moved.citations()[-1].second == second


def test_moving_a_citation_that_links() -> None:
    text = 'A <a href="https://youtu.be/x?a=1&amp;t=5" data-t=00:00:05 class="yt-timestamp">?</a>.'
    (citation,) = parse_note(text).citations()
    assert citation.href == "https://youtu.be/x?a=1&t=5"
    assert parse_note(text).with_second(citation, 61).source == (
        'A <a href="https://youtu.be/x?a=1&amp;t=61" data-t=00:01:01 class="yt-timestamp">'
        "[00:01:01]</a>."
    )


@pytest.mark.parametrize(
    ("html", "data_t", "second", "label"),
    [
        (anchor("01:17:00"), "01:17:00", 4620, "[01:17:00]"),
        ("<a data-t='00:01:00' class='x yt-timestamp'>60</a>", "00:01:00", 60, "60"),
        ('<A CLASS="yt-timestamp" DATA-T="1:00">[1:00]</A >', "1:00", None, "[1:00]"),
        ('<a class="yt-timestamp"></a>', None, None, ""),
        ('<a\nclass="yt-timestamp"\n  data-t = "00:00:01"  >[x]</a>', "00:00:01", 1, "[x]"),
    ],
)
def test_citations_in_any_shape(
    html: str, data_t: str | None, second: int | None, label: str
) -> None:
    (citation,) = parse_note(f"Words {html}.").citations()
    assert (citation.data_t, citation.second, citation.label) == (data_t, second, label)
    assert citation.source == html


@pytest.mark.parametrize(
    "text",
    [
        "`" + anchor("00:00:01") + "`",
        "\\" + anchor("00:00:01"),
        "<!-- " + anchor("00:00:01") + " -->",
        '<a href="x">y</a>',
        "    " + anchor("00:00:01"),
        "```\n" + anchor("00:00:01"),
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert parse_note(text).citations() == ()


@pytest.mark.parametrize(
    ("text", "target", "label", "note"),
    [
        ("[[a]]", "a", None, "a"),
        ("[[ c/a#b | L ]]", "c/a#b", "L", "c/a"),
        ("[[a|]]", "a", "", "a"),
        ("[[[[a | b]]", "a", "b", "a"),
        ("![[a]]", "a", None, "a"),
    ],
)
def test_links_in_any_shape(text: str, target: str, label: str | None, note: str) -> None:
    (link,) = parse_note(text).links()
    assert (link.target, link.label, link.note) == (target, label, note)
    assert text[slice(*link.target_span)] == target
    assert link.embed == text.startswith("!")


@pytest.mark.parametrize("text", ["[[]]", "[[a\nb]]", "[[a]", r"\[[a]]", "`[[a]]`", "[[a [b] c]]"])
def test_what_is_no_link(text: str) -> None:
    assert parse_note(text).links() == ()


def test_several_edits_at_once() -> None:
    note = parse_note("a [[b]] c [[d]]")
    first, second = note.links()
    edits = [Edit(second.target_span, "dd"), Edit(first.span, "b")]
    assert note.edited(edits).source == "a b c [[dd]]"
    with pytest.raises(ValueError, match="cannot be replaced"):
        note.edited([Edit(first.span, "x"), Edit(first.target_span, "y")])
    with pytest.raises(ValueError, match="cannot be replaced"):
        note.edited([Edit(Span(0, 99), "x")])


def test_front_matter_that_yaml_cannot_read() -> None:
    note = parse_note("\ufeff---\r\ntitle: Ebb: and flow\r\nvideoId: abc\r\n---\r\n# a")
    assert note.front_matter.error
    assert (note.title, note.video_id) == ("Ebb: and flow", "abc")
    assert [section.heading.level for section in note.sections] == [1]


@pytest.mark.parametrize("text", ["From: [[c]] <br/> \nEbb.", "\ufeffFrom: [[c]]\rEbb."])
def test_text_right_below_the_from_line(text: str) -> None:
    note = parse_note(text)
    assert note.channel == "c"
    assert [block.source for block in note.lead] == ["Ebb."]
    assert note.position(note.lead[0].span.start) == Position(2, 1)


@pytest.mark.parametrize(
    "text", ["", "Words. From: [[c]]", "From: c", "## From: [[c]]", "---\n---"]
)
def test_no_from_line(text: str) -> None:
    assert parse_note(text).from_line is None
    assert parse_note(text).channel == ""


def test_headings_of_every_kind() -> None:
    note = parse_note("# a #\n\nb\nc\n===\n\n##\n\n####### no\n\n###### 6 ## 6")
    assert [(s.heading.level, s.heading.text) for s in note.sections] == [
        (1, "a"),
        (1, "b c"),
        (2, ""),
        (6, "6 ## 6"),
    ]


def test_a_list_after_a_blank_line_has_no_lead_in() -> None:
    paragraph, bullets = parse_note("Two things:\n\n*   One.\n").lead
    assert isinstance(bullets, ParsedList)
    assert isinstance(paragraph, ParsedParagraph)
    assert not paragraph.leads_in
    assert not parse_note("Two things:\n\n*   One.\n").statements()[0].leads_in


def test_items_of_every_kind() -> None:
    (block,) = parse_note("1. 1\n\n   two\n   > q\n2. b\n   - c\n\n     d\n").lead
    assert isinstance(block, ParsedList)
    assert [
        (item.depth, item.ordered, "".join(part.source for part in item.inlines), len(item.raw))
        for item in block.items
    ] == [(1, True, "1\n\n   two", 1), (1, True, "b", 0), (2, False, "c\n\n     d", 0)]


@pytest.mark.parametrize("piece", ["[[", "<a ", "`a", "> ", "* ", "<!--", "**a", "![[", "\\", "|"])
def test_a_long_text_of_one_kind(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert parse_note(text).source == text
    assert parse_note(text).statements() is not None


def test_deep_nesting() -> None:
    text = "\n".join(" " * 2 * depth + f"* a{depth}" for depth in range(300))
    note = parse_note(text)
    assert note.source == text
    assert note.statements()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published notes are not at ../shared")
def test_published_notes_come_back_with_all_that_is_in_them() -> None:
    paths = sorted([*SHARED.glob("vault/*/*.md"), *SHARED.glob("seed/*.md")])
    assert len(paths) > 90
    for path in paths:
        text = path.read_bytes().decode()
        note = parse_note(text)
        assert render_note(note) == text
        assert len(note.citations()) == text.count('class="yt-timestamp"'), path.name
        assert len(note.links()) + bool(note.from_line) == text.count("[["), path.name
        raw = {block.kind for block in note.blocks if isinstance(block, RawBlock)}
        assert raw <= {"blockquote"}, path.name


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published note is not at ../shared")
def test_the_published_note_is_what_the_renderer_writes() -> None:
    """Read back into the renderer's own words, the seed is written again to the character."""
    (path,) = SHARED.glob("seed/*.md")
    text = path.read_bytes().decode()
    note = parse_note(text)
    video = Video(note.video_id, "", note.channel)
    made = Note(
        note.title,
        (),
        path.stem,
        video,
        as_blocks(note.lead),
        tuple(
            Section(section.heading.text, section.heading.level, as_blocks(section.blocks), 0, 0)
            for section in note.sections
        ),
    )
    assert render_note(made, RenderOptions()) == text + "\n"


def as_blocks(blocks: tuple[object, ...]) -> tuple[Paragraph | BulletList, ...]:
    """Parsed blocks as the ones that are rendered: all there can be in the published note."""
    made: list[Paragraph | BulletList] = []
    for block in blocks:
        if isinstance(block, ParsedList):
            made.append(BulletList(tuple(as_statement(item.source[1:]) for item in block.items)))
        elif isinstance(block, ParsedParagraph):
            said = re.findall(r".+?</a>[.,]|.+$", block.source)
            made.append(Paragraph(tuple(as_statement(source) for source in said)))
    return tuple(made)


def as_statement(source: str) -> Statement:
    source = source.strip()
    note = parse_note(source)
    citations = [part for part in note.inlines if isinstance(part, CitationAnchor)]
    links = [part for part in note.inlines if isinstance(part, WikiLink)]
    text = re.sub(r" <a [^>]*>[^<]*</a>", "", source)
    found, at = [], 0
    for link in links:
        start = text.index(link.source, at)
        text = text[:start] + link.shown + text[start + len(link.source) :]
        at = start + len(link.shown)
        found.append(Link(start, at, link.target))
    seconds = [citation.second or 0 for citation in citations]
    return Statement(
        text,
        citations=tuple(Citation(second, 0, 0, "q", Found.EXACT) for second in seconds),
        links=tuple(found),
    )
