"""A vault that changes: what a change alters, and how what it alters is found again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.models import (
    Mention,
    Note,
    Paragraph,
    Statement,
    VaultNote,
    Video,
    statements_in,
)
from generator.renderer.entries import entries_of, entries_of_text, plain_text, signs_of
from generator.renderer.keys import (
    forms_of_names,
    keys_of_names,
    keys_of_note,
    keys_of_vault_note,
    meets,
)
from generator.renderer.links import Linker, Naming
from generator.renderer.words import fold_word, tokens_of, words_of

# Words that are forms of each other, or nearly; that tie others; and what is made to break things.
_FAMILIES = """
    spring springs Spring's SPRINGS springer | tide tides | sea seas | time travel
    Mobilization mobilizations mobility | vertex vertices | GPU GPUs | AIDS aid | A a | I II
    1 11 | C C++ C# c | мирные мирных мирным мир | переговоры переговоров переговорами
    Ёлка елки | Krieg Kriege Krieger | Buch Bücher Büchern | café cafe cafes | and или 
    post-war postwar | data-set dataset | data set
    潮 潮汐 汐 | 和平 平和 | é \u0345 ́ | ﬁ ½ ℀ µ | ก ำ กำ | \u200b \x01 | İ i ß ss ẞ
"""
FAMILIES = [family.split() for family in _FAMILIES.replace("\n", "|").split("|") if family.strip()]
GAPS = (" ", " ", " ", " ", "-", ", ", "", ". ", " the ", " of ", " in ", " and ")


@st.composite
def variants(draw: st.DrawFn, base: tuple[int, ...]) -> str:
    """A name of words of these families: some form of each, in about this order."""
    order = draw(st.permutations(base)) if draw(st.integers(0, 3)) == 0 else base
    words = [draw(st.sampled_from(FAMILIES[family])) for family in order]
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=len(words), max_size=len(words)))
    article = draw(st.sampled_from(("", "", "The ")))
    return article + "".join(w + gap for w, gap in zip(words, ["", *gaps[1:]], strict=False))


bases = st.lists(st.integers(0, len(FAMILIES) - 1), min_size=1, max_size=3).map(tuple)


@st.composite
def vault_notes(draw: st.DrawFn, named: st.SearchStrategy[str]) -> VaultNote:
    channel = draw(st.sampled_from(("tide_talks", "moon_talks")))
    slug = draw(st.sampled_from(("a", "b", "A", "tide_talks", "moon_talks")))
    path = f"{channel}/{draw(st.sampled_from(('', 'moved/')))}{slug}.md"
    published = draw(st.sampled_from((None, date(2020, 1, 1), date(2021, 1, 1))))
    aliases = tuple(draw(st.lists(named, max_size=2)))
    video = draw(st.sampled_from(("aaaaaaaaaaa", "bbbbbbbbbbb")))
    return VaultNote(channel, slug, draw(named), video, path, aliases, published)


@st.composite
def notes(draw: st.DrawFn, named: st.SearchStrategy[str]) -> Note:
    statements = []
    for text in draw(st.lists(named.filter(bool), min_size=1, max_size=3)):
        mentions, said = (), text
        if draw(st.booleans()):
            mentions = (Mention(0, len(text.strip()), draw(named)),)
            said = "x" * len(text)
        statements.append(Statement(f"{said} und das ist alles.", mentions=mentions))
    channel = draw(st.sampled_from(("tide_talks", "moon_talks")))
    video = Video("aaaaaaaaaaa", "T", channel)
    return Note("N", (), draw(st.sampled_from("abc")), video, (Paragraph(tuple(statements)),), ())


@st.composite
def vaults(draw: st.DrawFn) -> tuple[list[VaultNote], list[VaultNote], Note]:
    """The notes of a vault, others, and one to link: all with names of a few words."""
    some = draw(st.lists(bases, min_size=1, max_size=2))
    named = st.one_of(*map(variants, some)) | st.text(max_size=4)
    vault = draw(st.lists(vault_notes(named), max_size=4))
    return vault, draw(st.lists(vault_notes(named), min_size=1, max_size=4)), draw(notes(named))


def has_forms(names: list[str], words: frozenset[str]) -> bool:
    """Whether an index of this note alone would find it for these names."""
    asked = forms_of_names(names, lambda start: [w for w in words if w.startswith(start)])
    return any(all(not words.isdisjoint(of) for of in forms) for forms in asked)


@given(vaults(), st.booleans())
@settings(deadline=None)
def test_what_a_change_alters_is_found_by_keys(
    given: tuple[list[VaultNote], list[VaultNote], Note], goes: bool
) -> None:
    vault, (changing, *_), note = given
    linker = Linker([*vault, changing] if goes else vault)
    before = linker.link(note)
    there = [each for each in vault if each.path == changing.path and not goes]
    retargeted = linker.discard(changing) if goes else linker.add(changing)
    if linker.link(note) != before:
        touched = [changing, *there, *retargeted]
        keys = {key for each in touched for key in keys_of_vault_note(each)}
        assert meets(keys, keys_of_note(note))
        names = [name for each in touched for name in (each.title, *each.aliases)]
        assert has_forms(names, keys_of_note(note))
        assert Naming(touched).is_in(note)


@settings(deadline=None)
@given(vaults())
def test_a_linker_that_was_changed_is_as_one_made_anew(
    given: tuple[list[VaultNote], list[VaultNote], Note],
) -> None:
    first, then, note = given
    linker = Linker(first)
    linker.link(note)
    left = {each.path: each for each in first}
    for index, each in enumerate(then):
        if index % 2:
            linker.discard(each)
            left.pop(each.path, None)
        else:
            linker.add(each)
            left[each.path] = each
        linker.link(note)
    anew = Linker(reversed(left.values()))
    assert linker.link(note) == anew.link(note)
    assert [linker.target(each) for each in left.values()] == [
        anew.target(each) for each in left.values()
    ]
    for each in left.values():
        linker.discard(each)
    assert linker.link(note) == Linker([]).link(note)


@settings(deadline=None)
@given(vaults(), st.data())
def test_with_an_index_links_are_as_with_all_names_at_hand(
    given: tuple[list[VaultNote], list[VaultNote], Note], data: st.DataObject
) -> None:
    first, then, note = given
    vault = list({each.path: each for each in first}.values())
    of = {each.path: entries_of(each) for each in vault}
    asked: list[Collection[str]] = []

    def index(entries: Collection[str]) -> list[str]:
        asked.append(entries)
        return [path for path, found in of.items() if not found.isdisjoint(entries)]

    unindexed = data.draw(st.sets(st.sampled_from(list(of)))) if of else set()
    of = {path: found for path, found in of.items() if path not in unindexed}
    some, every = Linker(vault, (), index, unindexed), Linker(vault)
    if data.draw(st.booleans()):
        assert some.link(note) == every.link(note)
        assert asked
    for at, each in enumerate(then):
        for linker in (some, every):
            linker.discard(each) if at % 2 else linker.add(each)
        if data.draw(st.booleans()):
            other = replace(note, lead=note.lead[:0] if at % 3 else note.lead)
            assert some.link(other) == every.link(other)
    assert some.link(note) == every.link(note)


@settings(deadline=None)
@given(vaults())
def test_an_index_takes_the_keys_as_they_are(
    given: tuple[list[VaultNote], list[VaultNote], Note],
) -> None:
    vault, others, note = given
    words = keys_of_note(note)
    with sqlite3.connect(":memory:") as library:
        library.execute("CREATE VIRTUAL TABLE said USING fts5(words, tokenize = 'ascii')")
        library.execute("INSERT INTO said VALUES (?)", (" ".join(sorted(words)),))
        for key in {key for each in [*vault, *others] for key in keys_of_vault_note(each)}:
            query = " ".join(re.sub(r"^(.*?)(\*?)$", r'"\1"\2', word) for word in key)
            found = library.execute("SELECT count(*) FROM said WHERE said MATCH ?", (query,))
            assert found.fetchone()[0] == meets([key], words)


def known(title: str, slug: str, *aliases: str, channel: str = "tide_talks") -> VaultNote:
    return VaultNote(channel, slug, title, "bbbbbbbbbbb", f"{channel}/{slug}.md", aliases)


def linked(linker: Linker, text: str) -> list[str]:
    video = Video("aaaaaaaaaaa", "T", "tide_talks")
    note = Note("Note", (), "note", video, (Paragraph((Statement(text),)),), ())
    (block,) = linker.link(note).lead
    assert isinstance(block, Paragraph)
    return [link.target for link in block.statements[0].links]


def test_a_note_that_arrives_changes_or_goes() -> None:
    linker = Linker([])
    ebb = known("Ebb tide", "ebb_tide")
    assert linker.add(ebb) == []
    assert linked(linker, "the ebb tide") == ["ebb_tide"]
    assert linker.add(replace(ebb, title="Flood tide")) == []
    assert linked(linker, "the ebb tide") == []
    assert linked(linker, "the flood tide") == ["ebb_tide"]
    assert linker.discard(ebb) == []
    assert linked(linker, "the flood tide") == []
    assert linker.discard(ebb) == []


def test_who_has_another_target_is_told() -> None:
    ebb = known("Ebb tide", "ebb")
    linker = Linker([ebb])
    twin = known("Ebb tide", "EBB", channel="moon_talks")
    third = known("Ebb tide", "ebb", channel="star_talks")
    assert linker.add(twin) == [ebb]
    assert linker.add(third) == []
    assert linker.discard(twin) == []
    assert linker.discard(third) == [ebb]
    page = known("Moon", "moon_talks")
    assert linker.add(page) == []
    assert linker.add(twin) == [ebb, page]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Peace negotiations with Ukraine", {("negotiat*", "pea*", "ukr*")}),
        ("Tides", {("tid*",)}),
        ("Post-war", {("pos*", "war*"), ("postwar",)}),
        ("World War II", {("ii", "war*", "wor*"), ("worldwarii",)}),
        ("C++ in 2024", {("2024", "cplus*")}),
        ("潮汐", {("汐", "潮")}),
        ("…", set()),
    ],
)
def test_keys_of_names(name: str, keys: set[tuple[str, ...]]) -> None:
    assert keys_of_names([name]) == keys


@given(st.text("aB1 xY", max_size=12))
def test_plain_words_are_folded_as_all_others(text: str) -> None:
    assert tokens_of(text) == [fold_word(word) for word in text.split()]


def test_who_links_many_notes_has_all_names_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.renderer.links.MANY", 1)
    asked: list[Collection[str]] = []

    def index(entries: Collection[str]) -> list[str]:
        asked.append(entries)
        return []

    linker = Linker([known("Ebb tide", "ebb_tide")], (), index)
    assert linked(linker, "the ebb tide") == []  # as an index says that has nothing of it
    assert linked(linker, "the ebb tide") == ["ebb_tide"]
    assert len(asked) == 1


@given(vaults())
@settings(deadline=None)
def test_a_text_with_an_entry_has_all_signs_of_it(
    given: tuple[list[VaultNote], list[VaultNote], Note],
) -> None:
    vault, changing, note = given
    entries = {entry for each in (*vault, *changing) for entry in entries_of(each)}
    for statement in statements_in(note):
        text = statement.text
        named = entries & entries_of_text(text)
        plain = plain_text(text)
        if plain is not None:
            assert all(sign in plain for of in signs_of(named) for sign in of)
            assert plain.split() == [word.folded for word in words_of(text)]
        assert len(signs_of(named)) == len(named)


def test_a_note_that_names_nothing_of_what_changed_is_told() -> None:
    video = Video("aaaaaaaaaaa", "T", "tide_talks")
    naming = Naming([known("Ebb tide", "ebb_tide")])

    def is_in(text: str) -> bool:
        return naming.is_in(Note("N", (), "n", video, (Paragraph((Statement(text),)),), ()))

    assert is_in("It falls with the ebb tide.")
    assert not is_in("The tide is at its ebb.")
