"""Which words become links, and where they lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import stopwordsiso
from hypothesis import given
from hypothesis import strategies as st

from generator.models import (
    BulletList,
    Link,
    Mention,
    Note,
    Paragraph,
    Section,
    Statement,
    VaultNote,
    Video,
)
from generator.renderer import words
from generator.renderer.links import Linker

VIDEO = Video("aaaaaaaaaaa", "Tides", "tide_talks")


def known(
    title: str,
    slug: str,
    *aliases: str,
    video: str = "bbbbbbbbbbb",
    published: date | None = None,
    channel: str = "tide_talks",
) -> VaultNote:
    path = f"{channel}/{slug}.md"
    return VaultNote(channel, slug, title, video, path, aliases, published)


def note_of(*texts: str, markup: bool = False) -> Note:
    statements = tuple(Statement(text, markup=markup) for text in texts)
    return Note("Tides", (), "tides", VIDEO, (Paragraph(statements),), ())


def linked(text: str, *notes: VaultNote, markup: bool = False) -> list[tuple[str, str]]:
    (block,) = Linker(notes).link(note_of(text, markup=markup)).lead
    assert isinstance(block, Paragraph)
    (statement,) = block.statements
    assert statement.text == text
    return [(text[link.start : link.end], link.target) for link in statement.links]


SPRING = known("Spring tides", "spring_tides", "spring tide", "Syzygy")
SEA = known("The North Sea", "the_north_sea", "North Sea")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A spring tide comes.", [("spring tide", "spring_tides")]),
        ("SPRING-TIDES and syzygy.", [("SPRING-TIDES", "spring_tides")]),
        ("In the North Sea.", [("the North Sea", "the_north_sea")]),
        ("Every North Sea port.", [("North Sea", "the_north_sea")]),
        ("In spring, tides are high.", []),
        ("Spring tidesman", []),
        ("offspring tide", []),
        ("spring_tide", []),
        ("“Syzygy”!", [("Syzygy", "spring_tides")]),
        (
            "The North Sea's spring tide",
            [("spring tide", "spring_tides")],
        ),
    ],
)
def test_whole_words_in_any_case(text: str, expected: list[tuple[str, str]]) -> None:
    assert linked(text, SPRING, SEA) == expected


def test_the_longest_name_wins_wherever_it_begins() -> None:
    notes = (known("Sea level rise", "rise"), known("North sea", "ns"), known("Rise", "r"))
    assert linked("the north sea level rise", *notes) == [("sea level rise", "rise")]


def test_apostrophes_and_composition_make_no_difference() -> None:
    notes = (known("Harbours moons", "a"), known("Cafe\u0301 tide", "b"))
    assert linked("the harbour’s moons", known("Harbour's moons", "a")) == [
        ("harbour’s moons", "a")
    ]
    assert linked("the harbour's moons at Café Tide", *notes) == [
        ("harbour's moons", "a"),
        ("Café Tide", "b"),
    ]


def test_scripts_without_spaces() -> None:
    assert linked("月亮引起潮汐现象。", known("潮汐", "tide")) == [("潮汐", "tide")]
    assert linked("О приливах: Северное море.", known("северное море", "m")) == [
        ("Северное море", "m")
    ]


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("Ebb", "the ebb comes", False),
        ("GPS", "with GPS on", True),
        ("GPS", "gps", False),
        ("WHO", "who asks", False),
        ("WHO", "the WHO asks", True),
        ("M2", "the M2 tide", True),
        ("2024", "in 2024", False),
        ("However", "However, it ebbs", False),
        ("What it is", "this is what it is", False),
        ("Estuaries", "Estuaries fill", True),
        ("潮", "潮汐", False),
        ("…", "… and", False),
    ],
)
def test_a_name_that_says_little_is_no_name(title: str, text: str, found: bool) -> None:
    assert bool(linked(text, known(title, "x"))) is found


def test_a_mention_counts_even_so_and_comes_first() -> None:
    text = "the ebb of the North Sea"
    statement = Statement(text, mentions=(Mention(4, 7, "EBB"), Mention(8, 24, "Spring Tide")))
    note = Note("T", (), "t", VIDEO, (Paragraph((statement,)),), ())
    linked_note = Linker([known("Ebb", "ebb"), SPRING, SEA]).link(note)
    (block,) = linked_note.lead
    assert isinstance(block, Paragraph)
    assert block.statements[0].links == (Link(4, 7, "ebb"), Link(8, 24, "spring_tides"))


def test_a_mention_that_leads_nowhere() -> None:
    statement = Statement("the ebb", mentions=(Mention(4, 7, "Nothing"), Mention(4, 99, "Ebb")))
    note = Note("T", (), "t", VIDEO, (Paragraph((statement,)),), ())
    assert Linker([known("Ebb", "ebb")]).link(note) == note


def test_never_to_itself_nor_to_another_on_what_it_is_on() -> None:
    itself = known("Tides", "tides", video=VIDEO.id)
    assert linked("tides and tide", itself) == []
    assert linked("tides", itself, known("Tides", "tides_2")) == []
    assert linked("a tide", known("A tide", "a_tide")) == []


def test_to_another_channel_only_by_a_name_that_says_enough() -> None:
    afar = known("Spring tides", "afar", channel="moon_talks")
    assert linked("tides and spring tides", afar) == [("spring tides", "afar")]
    assert linked("a spring tide", afar) == []
    assert linked("spring tides", afar, SPRING) == [("spring tides", "spring_tides")]
    assert linked("a spring tide", afar, known("Spring tides", "near")) == [("spring tide", "near")]
    for title in ("Syzygy", "GPS", "M2", "潮汐", "What it is"):
        assert linked(title, known(title, "x", channel="moon_talks")) == []
    assert linked("平和交渉。", known("平和交渉", "x", channel="moon_talks")) == [("平和交渉", "x")]


def test_the_same_videos_note_else_the_newest() -> None:
    old = known("Ebb tide", "a", published=date(2020, 1, 1))
    new = known("Ebb tide", "b", published=date(2021, 1, 1))
    undated = known("Ebb tide", "c")
    own = known("Flow", "d", "Ebb tide", video=VIDEO.id)
    assert linked("ebb tide", new, old, undated) == [("ebb tide", "b")]
    assert linked("ebb tide", old, own, new) == [("ebb tide", "d")]
    assert linked("ebb tide", undated, known("Ebb tide", "e")) == [("ebb tide", "e")]


def test_once_in_a_section() -> None:
    says = Statement("Syzygy and syzygy.")
    again = Statement("A spring tide.")
    blocks = (Paragraph((says, again)), BulletList((says,), lead_in=again))
    note = Note("T", (), "t", VIDEO, blocks, (Section("S", 2, blocks[1:], 0, 1),))
    once = replace(says, links=(Link(0, 6, "spring_tides"),))
    lead_in = replace(again, links=(Link(2, 13, "spring_tides"),))
    expected = (Section("S", 2, (BulletList((says,), lead_in=lead_in),), 0, 1),)
    assert Linker([SPRING]).link(note) == replace(
        note, lead=(Paragraph((once, again)), blocks[1]), sections=expected
    )


def test_not_in_code_nor_formulas() -> None:
    text = "`syzygy` $syzygy$ *syzygy*"
    assert linked(text, SPRING, markup=True) == [("syzygy", "spring_tides")]
    assert linked("`syzygy`", SPRING, markup=True) == []
    assert linked("`syzygy`", SPRING) == [("syzygy", "spring_tides")]


def test_targets_are_as_short_as_can_be() -> None:
    other = known("Syzygy", "Spring_Tides", channel="moon_talks")
    page = known("Moon talks", "moon_talks")
    linker = Linker([SPRING, SEA, other, page], other_names=["The_North_Sea"])
    assert linker.target(SPRING) == "tide_talks/spring_tides"
    assert linker.target(SEA) == "tide_talks/the_north_sea"
    assert linker.target(page) == "tide_talks/moon_talks"
    assert Linker([SPRING]).target(SPRING) == "spring_tides"


def test_old_links_go() -> None:
    statement = Statement("Nothing here.", links=(Link(0, 7, "gone"),))
    note = Note("T", (), "t", VIDEO, (Paragraph((statement,)),), ())
    assert Linker([]).link(note).lead == (Paragraph((Statement("Nothing here."),)),)


@given(st.permutations([SPRING, SEA, known("Ebb tide", "a"), known("Ebb tide", "b")]))
def test_the_order_of_the_notes_makes_no_difference(notes: list[VaultNote]) -> None:
    assert linked("Ebb tide, spring tide, North Sea", *notes) == [
        ("Ebb tide", "b"),
        ("spring tide", "spring_tides"),
        ("North Sea", "the_north_sea"),
    ]


@given(st.text(), st.lists(st.text(), max_size=4))
def test_any_text_and_titles(text: str, titles: list[str]) -> None:
    notes = [known(title, f"n{index}") for index, title in enumerate([*titles, text])]
    (block,) = Linker(notes).link(note_of(text, markup=True)).lead
    assert isinstance(block, Paragraph)
    links = block.statements[0].links
    spans = [edge for link in links for edge in (link.start, link.end)]
    assert spans == sorted(spans)
    assert len({link.target for link in links}) == len(links)


def test_the_words_that_say_nothing_are_folded_as_each_of_them_is() -> None:
    listed = stopwordsiso.stopwords(stopwordsiso.langs())
    assert words._common_words() == {words.fold_word(word) for word in listed}
