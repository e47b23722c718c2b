"""What is told from a line's first characters is what the reader makes of the whole text."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.checker.notefile import read_note_file
from generator.checker.pieces import Piece, pieces_of, read
from generator.reader.frontmatter import split_front_matter
from generator.reader.inlines import WikiLink
from generator.reader.notes import FromLine, parse_note
from tests.checker.vaults import LENS_BODY, TOWER_BODY, note

LINES = [
    *("", " ", "\t", "\r", "    ", "---", "===", "***", "* * *", "___", "```", "~~~", "    code"),
    *("# One", "## Two", "## Two ##", "##", "#none", "####### seven", "## ", " ## in", "##\tTab"),
    *("*   item", "* item", "- item", "+ item", "*      code", "1. one", "1.5 metres", "12) x"),
    *("    *   below", "   - below", "  lazy", "*   [ ] task", "*   # no", "*  ", "- - -", "-item"),
    *("Words", "words go on", "**Bold** words", "*so*", "_so_", "__so__", "`code` is", "$x$"),
    *("> quote", ">quote", "| a | b |", "|---|---|", "a | b", "- | -", ":-- | --:", "--- | ---"),
    *("[[a]] is", "[[a | b]]", "[a]: /url", "[a]: <", "[[a]]: b", "![[a.png]]", "[x](y)", "\\# no"),
    *("<div>", "</div>", "<!-- a", "-->", "<a>", "<a b> text", "<script>", "</script>", "a <b> c"),
    *("From: [[lamps]] <br/> ", "From: [[a]]", "From: nobody", "Lead in:", "ё", "日本", "١. x"),
    'A <a class="yt-timestamp" data-t="00:00:10">[00:00:10]</a>.',
    '<a class="yt-timestamp" data-t="00:00:10">[00:00:10]</a>.',
    'B [[c|d]] <a class="yt-timestamp" data-t="0:10">[0:10]</a>, e',
    "\u00a0nbsp",
    "\x0c",
    "a\x0bb",
    "x\u2028y",
]
TEXTS = st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=12)), max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(lines))
)


def shown(found: tuple[FromLine | None, list[Piece]]) -> object:
    from_line, pieces = found
    return from_line and from_line.source, [
        (each.kind, each.start, each.end, each.level, each.leads_in, each.raw, each.inlines)
        for each in pieces
    ]


@settings(max_examples=200, deadline=None)
@given(TEXTS)
@example("## A\n```\n## b\n```\n\nC\n")
@example("A\n\n<div>\n## B\n</div>\n")
@example("> a\n## B\nlazy\n")
@example("*   a\n\n    b\n## C\n    d\n")
@example("[a]:\n## b\n")
@example("a | b\n- | -\n")
def test_the_quick_reading_is_the_readers(text):
    assert shown(pieces_of(text, 0)) == shown(read(text, 0))


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([each for each in LINES if each.strip()]), max_size=6).map(" ".join)
)
def test_what_a_plain_piece_says_of_itself_is_what_the_reader_finds(text):
    piece = Piece("paragraph", text, (0, len(text)))
    links = [part for part in piece.inlines if isinstance(part, WikiLink)]
    assert list(piece.links) == links
    assert piece.targets == [link.target for link in links]
    assert piece.stamps == [citation.data_t for citation in piece.citations]
    assert len(piece.words) == len(text)


@pytest.mark.parametrize("text", [note("Lens", LENS_BODY), note("Tower", TOWER_BODY)])
def test_a_note_in_the_usual_form_is_all_plain(text):
    assert read_note_file("lamps/x.md", "lamps", "x", text).odd == []


FRONTS = st.lists(
    st.sampled_from(
        [
            *("title: A note", "title: 'A: b'", 'title: "A: b"', "title: A: b", "title: A # b"),
            *(
                "title:",
                "title: ",
                "title: [a]",
                "title: yes",
                'title: "a\\"b"',
                "title: a ",
                "- a",
            ),
            *("videoId: abc", "videoId: -bc", "videoId: 123", "tags: [a, b]", "x: 'it''s'", "# c"),
            *("title: one", "videoId: 'a'", '"title": q', "title : a", "  title: in", "a", ""),
        ]
    ),
    max_size=4,
).map(lambda lines: "---\n" + "".join(f"{line}\n" for line in lines) + "---\nBody\n")


@settings(max_examples=150, deadline=None)
@given(FRONTS)
def test_front_matter_says_what_yaml_makes_of_it(text):
    quick, parsed = read_note_file("a/b.md", "a", "b", text), parse_note(text)
    assert quick.front_error == parsed.front_matter.error
    assert quick.start == len(split_front_matter(text)[0])
    if quick.front_error is None:
        assert (quick.title or "") == parsed.title
        assert (quick.video_id or "") == parsed.video_id
