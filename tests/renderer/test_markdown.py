"""Notes and channels' pages as Markdown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator.errors import TemplateError
from generator.models import (
    Block,
    BulletList,
    Citation,
    Found,
    Link,
    Note,
    Paragraph,
    Section,
    Statement,
    VaultNote,
    Video,
)
from generator.renderer.markdown import (
    PageVideo,
    RenderOptions,
    render_channel_page,
    render_note,
)
from generator.renderer.statements import split_ending
from generator.text import clean

VIDEO = Video(
    "q7-Lm_0aBcD",
    "Why harbours breathe",
    "tide_talks",
    url="https://www.youtube.com/watch?v=q7-Lm_0aBcD",
    published=date(2023, 5, 4),
    tags=("North Sea", "2023"),
)


def says(text: str, *seconds: int, links: tuple[Link, ...] = (), markup: bool = False) -> Statement:
    citations = tuple(Citation(second, 0, 0, "words", Found.EXACT) for second in seconds)
    return Statement(text, citations=citations, links=links, markup=markup)


def note_of(*blocks: Block, sections: tuple[Section, ...] = ()) -> Note:
    return Note("Harbours and tides", ("Ebb",), "harbours_and_tides", VIDEO, blocks, sections)


def body(note: Note, options: RenderOptions | None = None) -> str:
    """What stands under the `From:` line."""
    return render_note(note, options).partition("<br/> \n\n")[2]


def anchor(stamp: str) -> str:
    return f'<a class="yt-timestamp" data-t="{stamp}">[{stamp}]</a>'


def test_a_note_to_the_character() -> None:
    sections = (
        Section(
            "What the moon does",
            2,
            (
                Paragraph((says("Water follows the moon.", 63, 75), says("It is late.", 3725))),
                BulletList(
                    (says("The ebb is slow.", 130), says("The flood is quick", 141)),
                    lead_in=says("Two things follow:", 120),
                ),
                Paragraph((says('He calls it "the breath."', 150),)),
            ),
            60,
            160,
        ),
        Section("At night", 3, (BulletList((says("Nobody looks.", 170),)),), 160, 180),
    )
    lead = Paragraph(
        (
            says("While harbours fill at noon,", 1),
            says("the spring tide empties them.", 2, links=(Link(4, 15, "spring_tide"),)),
        )
    )
    assert render_note(note_of(lead, sections=sections)) == (
        "---\n"
        "title: Harbours and tides\n"
        "videoId: q7-Lm_0aBcD\n"
        "---\n"
        "\n"
        "From: [[tide_talks]] <br/> \n"
        "\n"
        f"While harbours fill at noon {anchor('00:00:01')}, the [[spring_tide | spring tide]]"
        f" empties them {anchor('00:00:02')}.\n"
        "\n"
        "## What the moon does\n"
        "\n"
        f"Water follows the moon {anchor('00:01:03')}, {anchor('00:01:15')}."
        f" It is late {anchor('01:02:05')}.\n"
        "\n"
        "Two things follow:\n"
        f"*   The ebb is slow {anchor('00:02:10')}.\n"
        f"*   The flood is quick {anchor('00:02:21')}\n"
        "\n"
        f'He calls it "the breath" {anchor("00:02:30")}.\n'
        "\n"
        "### At night\n"
        "\n"
        f"*   Nobody looks {anchor('00:02:50')}.\n"
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Foo bar.", ("Foo bar", ".")),
        ("Foo bar", ("Foo bar", "")),
        ("Is it?!", ("Is it", "?!")),
        ("Well...", ("Well", "...")),
        ("他说了。", ("他说了", "。")),
        ("क्या है।", ("क्या है", "।")),
        ('the "world."', ('the "world"', ".")),
        ("the “world,”", ("the “world”", ",")),
        ("«Мир.»", ("«Мир»", ".")),
        ("who said “what?”", ("who said “what?”", "")),
        ("he said “well...”", ("he said “well...”", "")),
        ("(in brackets.)", ("(in brackets.)", "")),
        ("...", ("...", "")),
        ('."', ('."', "")),
    ],
)
def test_where_a_statement_ends(text: str, parts: tuple[str, str]) -> None:
    assert split_ending(text) == parts


def test_the_same_second_is_cited_once() -> None:
    assert body(note_of(Paragraph((says("Ebb.", 5, 5, 4),)))) == (
        f"Ebb {anchor('00:00:05')}, {anchor('00:00:04')}.\n"
    )


def test_a_lead_in_always_ends_with_a_colon() -> None:
    written = body(note_of(BulletList((says("Ebb.", 1),), lead_in=says("They are."))))
    assert written == f"They are:\n*   Ebb {anchor('00:00:01')}.\n"


def test_a_paragraph_can_lead_into_a_list() -> None:
    opening = Paragraph((says("They are slow.", 1), says("1. Two things follow:", 2)))
    bullets = BulletList((says("Ebb.", 3),))
    assert body(note_of(opening, bullets)) == (
        f"They are slow {anchor('00:00:01')}. 1. Two things follow:\n"
        f"*   Ebb {anchor('00:00:03')}.\n"
    )
    assert body(note_of(Paragraph(opening.statements[1:]), bullets)) == (
        f"1\\. Two things follow:\n*   Ebb {anchor('00:00:03')}.\n"
    )
    own = replace(bullets, lead_in=says("Namely:"))
    assert body(note_of(opening, own)) == (
        f"They are slow {anchor('00:00:01')}. 1. Two things follow {anchor('00:00:02')}:\n"
        "\n"
        f"Namely:\n*   Ebb {anchor('00:00:03')}.\n"
    )


def test_a_statement_needs_citations_and_text() -> None:
    with pytest.raises(ValueError, match="without citations"):
        render_note(note_of(Paragraph((says("Ebb."),))))
    with pytest.raises(ValueError, match="without citations"):
        render_note(note_of(BulletList((says("Ebb."),))))
    with pytest.raises(ValueError, match="without text"):
        render_note(note_of(Paragraph((says(" \u200b", 1),))))


def test_empty_blocks_and_headings() -> None:
    sections = (
        Section("\u202e", 7, (Paragraph(()), BulletList((), says("None:"))), 65.5, 70),
        Section("C# #", 1, (), 70, 80),
    )
    assert body(note_of(sections=sections)) == "### 00:01:05\n\n## C# \\#\n"


def test_all_front_matter() -> None:
    options = RenderOptions(front_matter=("tags", "aliases", "published", "channel", "url"))
    assert render_note(note_of(), options).startswith(
        "---\n"
        "title: Harbours and tides\n"
        "videoId: q7-Lm_0aBcD\n"
        "url: https://www.youtube.com/watch?v=q7-Lm_0aBcD\n"
        "channel: tide_talks\n"
        "published: 2023-05-04\n"
        "aliases:\n"
        "  - Ebb\n"
        "tags:\n"
        "  - North-Sea\n"
        "---\n"
    )
    with pytest.raises(ValueError, match="colour"):
        RenderOptions(front_matter=("colour",))


def test_citations_link_only_where_there_is_a_video() -> None:
    note = note_of(Paragraph((says("Ebb.", 90),)))
    options = RenderOptions(timestamp_links=True)
    assert 'data-t="00:01:30" href="https://youtu.be/q7-Lm_0aBcD?t=90">[00:01:30]' in body(
        note, options
    )
    local = replace(note, video=replace(VIDEO, url=""))
    assert body(local, options) == f"Ebb {anchor('00:01:30')}.\n"


@pytest.mark.parametrize(
    ("text", "links", "expected"),
    [
        ("the moon rises.", (Link(4, 8, "moon"),), "the [[moon | moon]] rises"),
        ("moon(x)", (Link(0, 4, "moon"),), r"[[moon | moon]]\(x)"),
        ("wow!moon", (Link(4, 8, "moon"),), r"wow\![[moon | moon]]"),
        ("a [b] c", (Link(2, 5, "b"),), r"a \[b\] c"),
        ("a | c", (Link(0, 5, "b"),), r"a \| c"),
        ("the moon", (Link(4, 8, "a]] [[b"),), "the moon"),
        ("the moon", (Link(4, 8, "a|b"),), "the moon"),
        ("the moon", (Link(4, 80, "moon"),), "the moon"),
        ("the moon", (Link(4, 8, "moon"), Link(0, 8, "m")), "[[m | the moon]]"),
        ("a b c", (Link(0, 5, "x"), Link(0, 1, "y"), Link(2, 3, "z")), "[[x | a b c]]"),
        ("it's_moon", (Link(5, 9, "moon"),), r"it's\_[[moon | moon]]"),
        ("moon.", (Link(0, 5, "moon"),), "moon"),
    ],
)
def test_links_that_cannot_break_out(text: str, links: tuple[Link, ...], expected: str) -> None:
    written = body(note_of(Paragraph((says(text, 1, links=links),))))
    assert written.partition(" <a")[0] == expected


def test_markup_is_kept_where_it_is_meant() -> None:
    text = "the **moon** `a*b` <b> $x$"
    plain, meant = says(text, 1), says(text, 1, markup=True, links=(Link(6, 10, "moon"),))
    options = RenderOptions(math=True)
    assert body(note_of(Paragraph((plain,))), options).startswith(
        r"the \*\*moon\*\* \`a\*b\` &lt;b> \$x\$ <a"
    )
    assert body(note_of(Paragraph((meant,))), options).startswith(
        "the **[[moon | moon]]** `a*b` &lt;b> $x$ <a"
    )
    assert r"\$x\$" in body(note_of(Paragraph((meant,))))


HOSTILE = st.text(alphabet='<a>[]|`*_~=$#\\&;:/@.!^%- \n\u202e“”",1b中').filter(
    lambda text: bool(clean(text))
)


@given(HOSTILE, HOSTILE, HOSTILE, st.booleans())
def test_any_text_stays_text(said: str, heading: str, title: str, markup: bool) -> None:
    item = says(said, 3, markup=markup)
    blocks = (Paragraph((item, item)), BulletList((item,), lead_in=item))
    note = replace(note_of(*blocks, sections=(Section(heading, 2, blocks, 0, 9),)), title=title)
    front, _, text = render_note(note).removeprefix("---\n").partition("\n---\n")
    assert "\n---" not in front
    tokens = MarkdownIt("commonmark").parse(text)
    kinds = [token.type for token in tokens if token.type != "inline"]
    paragraph = ["paragraph_open", "paragraph_close"]
    items = ["list_item_open", *paragraph, "list_item_close"]
    written = [*paragraph, *paragraph, "bullet_list_open", *items, "bullet_list_close"]
    assert kinds == [*paragraph, *written, "heading_open", "heading_close", *written]
    html = {
        child.content
        for token in tokens
        for child in token.children or []
        if child.type in {"html_inline", "link_open", "image"}
    }
    assert html == {"<br/>", '<a class="yt-timestamp" data-t="00:00:03">', "</a>"}


@given(HOSTILE)
def test_any_statement_shows_as_it_is(text: str) -> None:
    words, ending = split_ending(clean(text))
    written = body(note_of(Paragraph((says(text, 3),))))
    (inline,) = [
        token for token in MarkdownIt("commonmark").parse(written) if token.type == "inline"
    ]
    shown = "".join(child.content for child in inline.children or [] if child.type == "text")
    assert shown == f"{words} [00:00:03]{ending}"


def test_ones_own_template(tmp_path: Path) -> None:
    (tmp_path / "note.md.j2").write_text(
        "{{ front_matter }}# {{ title }} ({{ published }})\n"
        "{% for block in lead %}{{ block.paragraph }}{% endfor %}\n\n\n",
        encoding="utf-8",
    )
    note = replace(note_of(Paragraph((says("<Ebb>.", 1),))), title="*Tides*")
    assert render_note(note, RenderOptions(templates=tmp_path)) == (
        '---\ntitle: "*Tides*"\nvideoId: q7-Lm_0aBcD\n---\n# \\*Tides\\* (2023-05-04)\n'
        f"&lt;Ebb> {anchor('00:00:01')}.\n"
    )


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ colour }}", "colour"),
        ("a\n{% if %}", "line 2"),
        ("{{ title.__class__.__mro__ }}", "unsafe"),
        ("{% for part in sections %}{{ part.__class__ }}{% endfor %}", "unsafe"),
        ("{% for part in sections %}{{ part.__dataclass_fields__ }}{% endfor %}", "unsafe"),
        ("{% for part in sections %}{{ part.colour }}{% endfor %}", "colour"),
        ("{{ 1 // 0 }}", "zero"),
        ('{% include "none.j2" %}', "there is no template “none.j2”"),
    ],
)
def test_a_template_that_cannot_be_filled(tmp_path: Path, template: str, reason: str) -> None:
    (tmp_path / "note.md.j2").write_text(template, encoding="utf-8")
    note = replace(note_of(), sections=(Section("The Moon", 2, (), 0.0, 9.0),))
    with pytest.raises(TemplateError, match=reason):
        render_note(note, RenderOptions(templates=tmp_path))


def test_a_folder_of_templates_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no folder"):
        render_note(note_of(), RenderOptions(templates=tmp_path / "gone"))


def test_a_folder_without_any_of_the_templates(tmp_path: Path) -> None:
    (tmp_path / "note.j2").write_text("{{ title }}", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"none of note\.md\.j2, channel\.md\.j2"):
        render_note(note_of(), RenderOptions(templates=tmp_path))


def vault_note(slug: str, title: str) -> VaultNote:
    return VaultNote("tide_talks", slug, title, VIDEO.id, f"tide_talks/{slug}.md")


def test_a_channels_page_to_the_character() -> None:
    entries = [
        PageVideo("a", "Ebb [live] & flow", VIDEO.url, (vault_note("ebb", "The ebb"),)),
        PageVideo("b", "# At home", "", (vault_note("a", "A | b]]"), vault_note("c", "C"))),
        PageVideo("c", "No notes", VIDEO.url, ()),
        PageVideo("d", "", "javascript:alert(1)", (vault_note("d", "D"),)),
        PageVideo("e", "E", 'https://e.f/a) "b" <c>', (vault_note("e", "…"),)),
    ]
    assert render_channel_page("tide_talks", entries) == (
        "---\n"
        "title: tide_talks\n"
        "---\n"
        "### [Ebb \\[live\\] & flow](https://www.youtube.com/watch?v=q7-Lm_0aBcD)\n"
        "- [[ebb | The ebb]]\n"
        "\n"
        "### \\# At home\n"
        "- [[a | A / b))]]\n"
        "- [[c | C]]\n"
        "\n"
        "### d\n"
        "- [[d | D]]\n"
        "\n"
        "### [E](https://e.f/a%29%20%22b%22%20%3Cc%3E)\n"
        "- [[e | …]]\n"
    )


def test_a_channels_page_asks_where_its_links_lead() -> None:
    entries = [PageVideo("a", "A", VIDEO.url, (vault_note("ebb", "Ebb"),))]
    page = render_channel_page("tides", entries, target=lambda note: f"{note.channel}/{note.slug}")
    assert "- [[tide_talks/ebb | Ebb]]\n" in page


def test_nothing_of_a_page_is_invented() -> None:
    assert render_channel_page("tides", []) == "---\ntitle: tides\n---\n"
    assert not re.search(r"\n\n\n", render_note(note_of()))
