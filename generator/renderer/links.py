"""Links between notes: which of a statement's words name what another note is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from generator.models import Block, Link, Note, Paragraph, Statement, VaultNote, statements_in
from generator.renderer.concepts import Concepts, Place
from generator.renderer.entries import (
    entries_of,
    entries_of_concept,
    entries_of_text,
    entries_sought,
    plain_text,
    signs_of,
)
from generator.renderer.escape import literal_spans
from generator.renderer.inflection import language_of
from generator.renderer.matching import are_one
from generator.renderer.slugs import slug_key
from generator.renderer.words import Word, words_of

Index = Callable[[Collection[str]], Iterable[str]]
"""Gives the paths of the notes with any of some entries (see `entries_of`), and maybe of others."""

MANY = 300
"""Who links more notes than this has all names at hand: most would be asked for in the end."""

_NO_LABEL = re.compile(r"[\[\]|<>*`\\]")


class Linker:
    """The notes of a vault, ready to be found in the statements of any number of other notes.

    `notes` are all notes of the vault; `other_names` the names of further Markdown files in it,
    without `.md`. What a note costs to link depends on the note and not on the vault. With an
    `index` of the names of all these notes but those at the paths `unindexed`, so does what it
    costs to link the first: only those are looked at that can be found in it.
    """

    def __init__(
        self,
        notes: Iterable[VaultNote],
        other_names: Iterable[str] = (),
        index: Index | None = None,
        unindexed: Iterable[str] = (),
    ) -> None:
        # Made when a note is first linked: it takes most of the time, and many runs link none.
        self._made: Concepts | None = None
        self._index = index
        self._unindexed = set(unindexed)
        self._looked_at: set[str] = set()
        self._asked: set[str] = set()
        self._linked = 0
        self._notes: dict[str, VaultNote] = {}
        self._files: dict[str, list[VaultNote]] = {}
        self._channels: Counter[str] = Counter()
        self._pages = Counter(slug_key(name) for name in other_names)
        for note in notes:
            if note.path in self._notes:
                self.discard(note)
            self._enter(note)

    def add(self, note: VaultNote) -> list[VaultNote]:
        """Makes a note one that links can lead to, in place of the one that had its path.

        Returns the other notes to which links have another target now.
        """
        changed = self.discard(note)
        before = self._targets(note)
        self._enter(note)
        self._unindexed.add(note.path)
        if self._made is not None:
            self._look_at(note, self._made)
        return _merged(changed, self._changed(before))

    def discard(self, note: VaultNote) -> list[VaultNote]:
        """Makes the note at a path one that no link leads to, if there is one.

        Returns the other notes to which links have another target now.
        """
        known = self._notes.get(note.path)
        if known is None:
            return []
        before = self._targets(known)
        del self._notes[known.path]
        files = self._files[slug_key(known.slug)]
        files.remove(known)
        if not files:
            del self._files[slug_key(known.slug)]
        self._channels[known.channel] -= 1
        if not self._channels[known.channel]:
            del self._channels[known.channel]
            self._pages[slug_key(known.channel)] -= 1
        if self._made is not None and known.path in self._looked_at:
            self._looked_at.discard(known.path)
            self._made.discard(known)
        return self._changed(before)

    def target(self, note: VaultNote) -> str:
        """What a link to a note has in its brackets: the shortest form that is unambiguous."""
        key = slug_key(note.slug)
        alone = len(self._files.get(key, ())) + self._pages[key] <= 1
        return note.slug if alone else f"{note.channel}/{note.slug}"

    def link(self, note: Note) -> Note:
        """The note with the links that its statements can have, in place of those they had.

        A mention that an engine named counts before what is found by its words, the longer before
        the shorter. A concept is linked where a section (or the lead) first names it; to the note
        of the same video, else to the newest; to one of its own channel, else of others; to none
        where notes on two concepts have the name. A note is never linked to itself.
        """
        linking = _Linking(self, self._concepts_for(note), note)
        sections = tuple(
            replace(section, blocks=linking.blocks(section.blocks)) for section in note.sections
        )
        return replace(note, lead=linking.blocks(note.lead), sections=sections)

    def _enter(self, note: VaultNote) -> None:
        self._notes[note.path] = note
        self._files.setdefault(slug_key(note.slug), []).append(note)
        self._channels[note.channel] += 1
        if self._channels[note.channel] == 1:
            self._pages[slug_key(note.channel)] += 1

    def _concepts_for(self, note: Note) -> Concepts:
        """The names of all notes of the vault that can be found in this one."""
        concepts = self._made
        if concepts is None:
            concepts = self._made = Concepts()
            self._look_at_all(self._unindexed if self._index else self._notes, concepts)
        if self._index:
            self._linked += 1
            if self._linked > MANY:
                self._index = None
                self._look_at_all(self._notes, concepts)
            elif sought := entries_sought(note) - self._asked:
                self._asked |= sought
                self._look_at_all(self._index(sought), concepts)
        return concepts

    def _look_at_all(self, paths: Iterable[str], concepts: Concepts) -> None:
        for path in paths:
            note = self._notes.get(path)
            if note and path not in self._looked_at:
                self._look_at(note, concepts)

    def _look_at(self, note: VaultNote, concepts: Concepts) -> None:
        concepts.add(note)
        self._looked_at.add(note.path)

    def _targets(self, note: VaultNote) -> list[tuple[VaultNote, str]]:
        """The targets of all notes whose names a note's file or its channel's page may share."""
        names = dict.fromkeys((slug_key(note.slug), slug_key(note.channel)))
        # Of more than one all have long targets, whatever comes or goes, but for the last two.
        return [
            (each, self.target(each))
            for name in names
            if len(files := self._files.get(name, [])) <= 2
            for each in files
            if each.path != note.path
        ]

    def _changed(self, before: list[tuple[VaultNote, str]]) -> list[VaultNote]:
        return [note for note, target in before if self.target(note) != target]


class Naming:
    """Tells which notes name any of some notes of a vault, and so may have other links with them.

    Where `Linker.link` would make something else of a note if these came, went or were others, the
    note names one of them as it was or as it is; both are to be among `notes`.
    """

    def __init__(self, notes: Iterable[VaultNote]) -> None:
        self._concepts = Concepts()
        self._entries: set[str] = set()
        for note in dict.fromkeys(notes):
            self._concepts.add(note)
            self._entries |= entries_of(note)
        self._signs = signs_of(self._entries)

    def is_in(self, note: Note) -> bool:
        """Whether a statement of the note, or a mention, names one of them."""
        statements = list(statements_in(note))
        may_name = [each for each in statements if self._may_be_in(each)]
        if not may_name:
            return False
        channel = note.video.channel
        words = {each.text: words_of(each.text) for each in statements}
        language = language_of(word.folded for of in words.values() for word in of)
        return any(
            self._concepts.named(mention.concept, channel, language)
            for statement in may_name
            for mention in statement.mentions
        ) or any(
            any(self._concepts.found_in(each.text, words[each.text], channel, language))
            for each in may_name
        )

    def _may_be_in(self, statement: Statement) -> bool:
        """Whether a statement may name one of them, as a quick look tells."""
        return self._may_be_in_text(statement.text) or any(
            not self._entries.isdisjoint(entries_of_concept(mention.concept))
            for mention in statement.mentions
        )

    def _may_be_in_text(self, text: str) -> bool:
        plain = plain_text(text)
        # In a tenth of the time, nearly all are found not to have what any entry is made of.
        if plain is not None and not any(all(map(plain.__contains__, of)) for of in self._signs):
            return False
        return not self._entries.isdisjoint(entries_of_text(text))


def _merged(some: list[VaultNote], others: list[VaultNote]) -> list[VaultNote]:
    return list({note.path: note for note in [*some, *others]}.values())


class _Linking:
    """One note's statements on the way through."""

    def __init__(self, linker: Linker, concepts: Concepts, note: Note) -> None:
        self._linker = linker
        self._concepts = concepts
        self._note = note
        self._channel = note.video.channel
        self._itself = (self._channel, slug_key(note.slug))
        self._words: dict[str, tuple[Word, ...]] = {}
        for statement in statements_in(note):
            self._words[statement.text] = words_of(statement.text)
        self._language = language_of(
            word.folded for words in self._words.values() for word in words
        )

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """The blocks of one section, linked."""
        seen: set[str] = set()
        linked: list[Block] = []
        for block in blocks:
            if isinstance(block, Paragraph):
                statements = tuple(self._statement(said, seen) for said in block.statements)
                linked.append(replace(block, statements=statements))
            else:
                lead_in = self._statement(block.lead_in, seen) if block.lead_in else None
                items = tuple(self._statement(item, seen) for item in block.items)
                linked.append(replace(block, items=items, lead_in=lead_in))
        return tuple(linked)

    def _statement(self, statement: Statement, seen: set[str]) -> Statement:
        links = []
        for place in self._places(statement):
            chosen = self._choose(place)
            if chosen is None or chosen.path in seen:
                continue
            seen.add(chosen.path)
            links.append(Link(place.start, place.end, self._linker.target(chosen)))
        return replace(statement, links=tuple(links)) if links or statement.links else statement

    def _places(self, statement: Statement) -> list[Place]:
        """What the statement names, in order and without overlaps."""
        text = statement.text
        barred = literal_spans(text, math=True) if statement.markup else []
        mentions = [
            Place(mention.start, mention.end, mention.concept, treatment)
            for mention in statement.mentions
            if 0 <= mention.start < mention.end <= len(text)
            and text[mention.start : mention.end].strip() == text[mention.start : mention.end]
            and (treatment := self._concepts.named(mention.concept, self._channel, self._language))
        ]
        words = self._words[text]
        scanned = list(self._concepts.found_in(text, words, self._channel, self._language))
        if not mentions and not scanned:
            return []
        scanned.sort(key=lambda place: (place.start - place.end, place.start))
        taken = bytearray(len(text))
        for start, end in barred:
            taken[start:end] = b"\1" * (end - start)
        places = []
        for place in [*mentions, *scanned]:
            span = slice(place.start, place.end)
            # A label with such characters could not be written; the words may be named again.
            if any(taken[span]) or _NO_LABEL.search(text, place.start, place.end):
                continue
            taken[span] = b"\1" * (place.end - place.start)
            places.append(place)
        return sorted(places, key=lambda place: place.start)

    def _choose(self, place: Place) -> VaultNote | None:
        """The note to link to at a place; none where this note is on what is named there."""
        if self._itself in place.treatment.identities:
            return None
        own = (self._note.title, *self._note.aliases)
        if any(are_one(place.name, name, self._language) for name in own):
            return None
        return place.treatment.for_video(self._note.video.id)
