"""Any text, written as Markdown, shows as the characters that it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from generator.renderer.escape import escape, escaped_characters, is_plain, wiki_label
from generator.text import clean

# What Markdown dialects give a meaning to, and letters and spaces for them to lean on.
SIGNS = "\\`*_~=%|<>&[]#^$/@.!():;-+{}\"'“”,? 1a5я中€"
WORDS = (
    "http https:// www. a@b.c [[ ]] ![ == %% ~~ *** ``` --- &amp; &#35; <a <!-- 1. ftp://x.de"
    " //x.com <b> [^1] #tag $x$ ::: [x]"
)
PIECES = st.sampled_from([*SIGNS, *WORDS.split(), "- "])
LINES = st.lists(PIECES, max_size=14).map("".join).map(clean).filter(bool)


def readers() -> list[MarkdownIt]:
    gfm = MarkdownIt("gfm-like")
    assert gfm.linkify is not None
    gfm.linkify.set({"fuzzy_link": False})  # GFM links www. and schemes, not every a.com
    return [MarkdownIt("commonmark"), gfm]


READERS = readers()


def inline_of(reader: MarkdownIt, markdown: str) -> list[Token]:
    """The inline tokens of Markdown that must be one paragraph."""
    tokens = reader.parse(markdown)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert tokens[1].children is not None
    return tokens[1].children


def heading_of(reader: MarkdownIt, markdown: str) -> list[Token]:
    tokens = reader.parse(markdown)
    assert [token.type for token in tokens] == ["heading_open", "inline", "heading_close"]
    assert tokens[1].children is not None
    return tokens[1].children


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words, 3 * 4 and snake_case", "plain words, 3 * 4 and snake_case"),
        ("AT&T & R&D at ~5 km", "AT&T & R&D at ~5 km"),
        ("&lt; is <", "&amp;lt; is &lt;"),
        ("*bold* _it_ __x__", r"\*bold\* \_it\_ \_\_x\_\_"),
        ("[[a]] ![b](c) [^1]", r"\[\[a\]\] !\[b\](c) \[^1\]"),
        ("costs $5 or $6", r"costs \$5 or \$6"),
        ("a == b, %%gone%%, ~~no~~", r"a =\= b, %\%gone%\%, \~\~no\~\~"),
        ("C# and #tag", r"C# and \#tag"),
        ("back\\slash and `code`", r"back\\slash and \`code\`"),
        ("https://a.b www.c.d e@f.g", r"https:\//a.b www\.c.d e\@f.g"),
        ("and/or 1//2", r"and/or 1\//2"),
        ("end ^block", r"end \^block"),
        ("a | b", r"a \| b"),
    ],
)
def test_only_what_could_mean_something_is_escaped(text: str, expected: str) -> None:
    assert escape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("-5 degrees", "-5 degrees"),
        ("+ no item", r"\+ no item"),
        ("* no item", r"\* no item"),
        ("> no quote", r"\> no quote"),
        ("1. no item", r"1\. no item"),
        ("12) no item", r"12\) no item"),
        ("1.5 litres", "1.5 litres"),
        ("--- no rule", r"\--- no rule"),
        ("_ _ _", r"\_ _ _"),
        ("***", r"\***"),
        ("::: no box", r"\::: no box"),
        ("===", r"\=\=\="),
    ],
)
def test_a_blocks_first_word_makes_no_block(text: str, expected: str) -> None:
    assert escape(text, block_start=True) == expected


@settings(max_examples=150)
@given(LINES | st.text().map(clean).filter(bool))
@example("*a* _b_*c*")
@example("https://https://a")
@example("a@b@c.de")
@example("https://€")
@example("****** ******")
def test_any_line_shows_as_it_is(text: str) -> None:
    written = escape(text, block_start=True)
    for reader in READERS:
        children = inline_of(reader, written)
        assert {token.type for token in children} == {"text"}
        assert "".join(token.content for token in children) == text


@given(LINES)
def test_any_heading_shows_as_it_is(text: str) -> None:
    written = "## " + escape(text, block_start=True)
    for reader in READERS:
        children = heading_of(reader, written)
        assert {token.type for token in children} == {"text"}
        assert "".join(token.content for token in children) == text


@given(LINES)
def test_obsidian_finds_nothing_of_its_own(text: str) -> None:
    written = escape(text, block_start=True)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "x", written)
    assert not re.search(r"==|%%|\[|\]|\$|~~|(^|\s)#\S|\s\^\S", bare)
    assert not re.search(r"==|%%|\[\[|\]\]", written)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** *c* `d`", "a <strong>b</strong> <em>c</em> <code>d</code>"),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        ("中**粗**文", "中<strong>粗</strong>文"),
        ("a **b and *c", "a **b and *c"),
        ("a **b *c** d*", "a <strong>b *c</strong> d*"),
        ("a `b", "a `b"),
        ("``a`` `b`", "``a`` <code>b</code>"),
        ("`*a*` <b>*c*", "<code>*a*</code> &lt;b&gt;<em>c</em>"),
        ("2 * 3 *a*", "2 * 3 <em>a</em>"),
        ("_a_ and [b](c)", "_a_ and [b](c)"),
        ("**** and ***a***", "**** and <em><strong>a</strong></em>"),
        ("***a *b* c***", "***a <em>b</em> c***"),
        ("`<b>` and $a$", "<code>&lt;b&gt;</code> and $a$"),
    ],
)
def test_markup_in_pairs_is_kept_and_nothing_else(text: str, html: str) -> None:
    written = escape(text, block_start=True, markup=True)
    for reader in READERS:
        assert reader.render(written) == f"<p>{html}</p>\n"


def shown(children: list[Token]) -> str:
    return "".join(token.content for token in children)


@settings(max_examples=150)
@given(st.lists(st.sampled_from([*'**``__ab中 .("[$\\<€', "**", "***"]), max_size=16).map("".join))
def test_any_markup_keeps_all_characters_but_its_own(text: str) -> None:
    text = clean(text)
    if not text:
        return
    for reader in READERS:
        children = inline_of(reader, escape(text, block_start=True, markup=True))
        kinds = {token.type for token in children}
        assert kinds <= {"text", "code_inline", "em_open", "em_close", "strong_open"} | {
            "strong_close"
        }
        assert re.sub(r"[*`\s]", "", shown(children)) == re.sub(r"[*`\s]", "", text)


def test_a_formula_is_kept_when_asked_for() -> None:
    text = "the sum $a_1*b_1 < c<d$ costs $5"
    assert escape(text, markup=True, math=True) == r"the sum $a_1*b_1 < c< d$ costs \$5"
    assert escape(text, math=True) == escape(text)
    assert "$" not in escape("$[[a]]$", markup=True, math=True).replace("\\$", "")


@given(LINES)
def test_a_label_cannot_leave_its_link(text: str) -> None:
    assert not re.search(r"[\[\]|<\\`]|%%", wiki_label(text))


def test_a_hundred_thousand_characters() -> None:
    for piece in ("*", "_a", "`", "$", "[", "<", "*a ", " *a", "&", "//", "www."):
        text = piece * (100_000 // len(piece))
        assert escape(clean(text), markup=True, math=True)


@given(LINES, st.booleans(), st.booleans(), st.sets(st.integers(0, 14)))
def test_what_is_plain_is_written_as_it_is(
    text: str, block_start: bool, markup: bool, edges: set[int]
) -> None:
    if is_plain(text, block_start=block_start):
        written = escaped_characters(
            text, block_start=block_start, markup=markup, math=True, edges=edges
        )
        assert "".join(written) == text


def test_words_without_signs_are_plain() -> None:
    assert is_plain("The Moon pulls the sea. It does, twice", block_start=True)
    assert not is_plain("www.example.com")
    assert not is_plain("- a", block_start=True)
