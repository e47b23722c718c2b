"""Links between notes: which of a statement's words name what another note is about."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from generator.models import Block, Link, Note, Paragraph, Statement, VaultNote
from generator.renderer.escape import literal_spans
from generator.renderer.slugs import slug_key

# A word is what stands between spaces and punctuation; an apostrophe belongs to it. Scripts that
# write without spaces (Han, kana, Thai, Lao, Khmer, Burmese) have words of one character.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_BREAKS = (
    r"\s!-&(-/:-@\[-`{-\x7f¡§«¶·»¿\u2010-\u2018\u201a-\u205e\u3000-\u3003\u3008-\u301f\uff01-\uff0f"
)
_WORD = re.compile(f"[{_SPACELESS}]|[^{_BREAKS}{_SPACELESS}]+")
_APOSTROPHES = re.compile("['’ʼ]")
_GAP = re.compile(r"[\s\-‐‑–]+")
_NO_LABEL = re.compile(r"[\[\]|<>*`\\]")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    folded: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A title or alias that text is searched for. `gaps` is what stands between its words."""

    gaps: tuple[str, ...]
    exact: str = ""  # the only spelling that counts, for what lower case would make a common word


@dataclass(frozen=True, slots=True)
class _Found:
    """The characters `start:end` of a statement, and the notes on what they name."""

    start: int
    end: int
    notes: tuple[VaultNote, ...]


class Linker:
    """The notes of a vault, ready to be found in the statements of any number of other notes.

    `notes` are all notes of the vault; `other_names` the names of further Markdown files in it,
    without `.md`. Statements are searched for titles and aliases of their own channel's notes.
    """

    def __init__(self, notes: Iterable[VaultNote], other_names: Iterable[str] = ()) -> None:
        known = sorted(notes, key=lambda note: note.path)
        names = [note.slug for note in known]
        names += sorted({note.channel for note in known})  # the channels' pages
        self._names = Counter(slug_key(name) for name in [*names, *other_names])
        self._channels: dict[str, _Concepts] = defaultdict(_Concepts)
        for note in known:
            self._channels[note.channel].add(note)

    def target(self, note: VaultNote) -> str:
        """What a link to a note has in its brackets: the shortest form that is unambiguous."""
        alone = self._names[slug_key(note.slug)] <= 1
        return note.slug if alone else f"{note.channel}/{note.slug}"

    def link(self, note: Note) -> Note:
        """The note with the links that its statements can have, in place of those they had.

        A mention that an engine named counts before what is found by its words, the longer before
        the shorter. A concept is linked where a section (or the lead) first names it; to the note
        of the same video, else to the newest. A note is never linked to itself.
        """
        concepts = self._channels.get(note.video.channel)
        if concepts is None:
            concepts = _Concepts()
        linking = _Linking(self, concepts, note)
        sections = tuple(
            replace(section, blocks=linking.blocks(section.blocks)) for section in note.sections
        )
        return replace(note, lead=linking.blocks(note.lead), sections=sections)


class _Concepts:
    """The titles and aliases of one channel's notes, by their words."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str, ...], dict[str, VaultNote]] = defaultdict(dict)
        self._phrases: dict[tuple[str, ...], set[_Phrase]] = defaultdict(set)
        self._lengths: dict[str, set[int]] = defaultdict(set)

    def add(self, note: VaultNote) -> None:
        for name in (note.title, *note.aliases):
            words = _words(name)
            if not words:
                continue
            key = tuple(word.folded for word in words)
            self._notes[key][note.path] = note
            if _is_telling(key, name):
                exact = name.strip() if len(key) == 1 and _is_acronym(name) else ""
                self._phrases[key].add(_Phrase(_gaps(name, words), exact))
                self._lengths[key[0]].add(len(key))

    def named(self, concept: str) -> tuple[VaultNote, ...]:
        """The notes whose title or alias a concept is."""
        key = tuple(word.folded for word in _words(concept))
        return tuple(self._notes.get(key, {}).values())

    def found_in(self, text: str) -> list[_Found]:
        """Every place where a text names a note, places within others included."""
        words = _words(text)
        folded = [word.folded for word in words]
        found = []
        for first, word in enumerate(words):
            for length in self._lengths.get(word.folded, ()):
                key = tuple(folded[first : first + length])
                matched = words[first : first + length]
                if key in self._phrases and self._is_phrase(text, key, matched):
                    notes = tuple(self._notes[key].values())
                    found.append(_Found(word.start, matched[-1].end, notes))
        return found

    def _is_phrase(self, text: str, key: tuple[str, ...], words: list[_Word]) -> bool:
        gaps = _gaps(text, words)
        spelled = text[words[0].start : words[-1].end]
        return any(
            phrase.gaps == gaps and phrase.exact in {"", spelled} for phrase in self._phrases[key]
        )


class _Linking:
    """One note's statements on the way through."""

    def __init__(self, linker: Linker, concepts: _Concepts, note: Note) -> None:
        self._linker = linker
        self._concepts = concepts
        self._note = note
        self._itself = (note.video.channel, slug_key(note.slug))

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
        for found in self._places(statement):
            chosen = self._choose(found.notes)
            if chosen is None or chosen.path in seen:
                continue
            seen.add(chosen.path)
            links.append(Link(found.start, found.end, self._linker.target(chosen)))
        return replace(statement, links=tuple(links)) if links or statement.links else statement

    def _places(self, statement: Statement) -> list[_Found]:
        """What the statement names, in order and without overlaps."""
        text = statement.text
        barred = literal_spans(text, math=True) if statement.markup else []
        mentions = [
            _Found(mention.start, mention.end, notes)
            for mention in statement.mentions
            if 0 <= mention.start < mention.end <= len(text)
            and text[mention.start : mention.end].strip() == text[mention.start : mention.end]
            and (notes := self._concepts.named(mention.concept))
        ]
        scanned = self._concepts.found_in(text)
        scanned.sort(key=lambda found: (found.start - found.end, found.start))
        taken = bytearray(len(text))
        for start, end in barred:
            taken[start:end] = b"\1" * (end - start)
        places = []
        for found in [*mentions, *scanned]:
            span = slice(found.start, found.end)
            # A label with such characters could not be written; the words may be named again.
            if any(taken[span]) or _NO_LABEL.search(text, found.start, found.end):
                continue
            taken[span] = b"\1" * (found.end - found.start)
            places.append(found)
        return sorted(places, key=lambda found: found.start)

    def _choose(self, notes: tuple[VaultNote, ...]) -> VaultNote | None:
        """The note to link to of those on one concept; none where this note is one of them."""
        if any((note.channel, slug_key(note.slug)) == self._itself for note in notes):
            return None
        same = [note for note in notes if note.video_id == self._note.video.id]
        return max(
            same or notes,
            key=lambda note: (note.published.isoformat() if note.published else "", note.path),
            default=None,
        )


def _words(text: str) -> list[_Word]:
    words = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        while start < end and text[start] in "'’ʼ":
            start += 1
        while end > start and text[end - 1] in "'’ʼ":
            end -= 1
        if start < end:
            words.append(_Word(start, end, _folded(text[start:end])))
    return words


@lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    return slug_key(_APOSTROPHES.sub("", unicodedata.normalize("NFKC", word)))


def _gaps(text: str, words: list[_Word]) -> tuple[str, ...]:
    """What stands between words, spaces and hyphens being alike."""
    between = [text[words[index].end : words[index + 1].start] for index in range(len(words) - 1)]
    return tuple(_GAP.sub(" ", gap) for gap in between)


def _is_telling(key: tuple[str, ...], name: str) -> bool:
    """Whether the words of a title or alias alone name a concept wherever they stand."""
    if all(word in _common_words() or word.isnumeric() for word in key):
        return len(key) == 1 and _is_acronym(name)
    letters = sum(map(len, key))
    has_digit = any(char.isdigit() for word in key for char in word)
    return letters >= 4 or len(key) > 1 or (has_digit and letters > 1) or _is_acronym(name)


def _is_acronym(name: str) -> bool:
    letters = [char for char in name if char.isalpha()]
    return 2 <= len(letters) <= 5 and all(char.isupper() for char in letters)


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Words that say nothing alone in one language or another."""
    import stopwordsiso

    listed = stopwordsiso.stopwords(stopwordsiso.langs())
    return frozenset(_folded(str(word)) for word in listed)
