"""The names of a vault's notes, ready to be found: by a concept, and in text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.models import VaultNote
from generator.renderer.entries import bucket_of, is_run, start_of
from generator.renderer.inflection import are_forms, head
from generator.renderer.matching import MOST_WORDS, are_one, joined, likeness
from generator.renderer.slugs import slug_key
from generator.renderer.words import (
    BETWEEN,
    Word,
    gaps_of,
    has_apostrophe,
    is_acronym,
    is_telling,
    is_telling_afar,
    tokens_of,
    words_of,
)

_MANY_TITLES = 8
"""Notes under one name with more titles than this are on more than one concept."""

_MANY_TREATMENTS = 10_000


@dataclass(frozen=True, slots=True)
class Treatment:
    """The notes that treat what a name stands for.

    `is_one` says whether they are all on one concept: one of their titles is a name of all.
    """

    notes: tuple[VaultNote, ...]
    by_video: dict[str, VaultNote]
    identities: frozenset[tuple[str, str]]
    is_one: bool

    def for_video(self, video_id: str) -> VaultNote | None:
        """The note of the same video, else the newest; None where they are on two concepts."""
        if not self.is_one or not self.notes:
            return None
        return self.by_video.get(video_id) or self.notes[-1]


_UNTREATED = Treatment((), {}, frozenset(), True)


@dataclass(frozen=True, slots=True)
class Place:
    """The characters `start:end` of a text, which are a name, and what treats it."""

    start: int
    end: int
    name: str
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A name as text is searched for it.

    `gaps` is what stands between its words. `exact` is the only spelling that counts, for what
    lower case would make a common word; empty for any. `near` and `afar` say whether it is found in
    notes of its own channel and of others, `inflects` whether its other forms are.
    """

    words: tuple[str, ...]
    gaps: tuple[str, ...]
    exact: str
    near: bool
    afar: bool

    @property
    def inflects(self) -> bool:
        """Whether other forms of its words are the same concept, wherever they are said."""
        return self.afar


class Concepts:
    """The titles and aliases of all notes of a vault."""

    def __init__(self) -> None:
        self._notes: dict[str, list[VaultNote]] = {}
        # Names by their words, by their words joined, by how their words begin in any order, …
        self._same: dict[str, list[str]] = {}
        self._joined: dict[str, list[str]] = {}
        self._alike: dict[str, list[str]] = {}
        # … and in their own order, with the lengths that there are for the first two words.
        self._runs: dict[str, list[str]] = {}
        self._lengths: dict[str, dict[int, int]] = {}
        self._treatments: dict[tuple[tuple[str, ...], str, bool, str], Treatment] = {}

    def add(self, note: VaultNote) -> None:
        """Makes a note known by its title and aliases."""
        self._treatments.clear()
        for name in _names(note):
            if name in self._notes:
                self._notes[name].append(note)
            elif tokens := tokens_of(name):
                self._notes[name] = [note]
                for index, entry in self._entries(name, tokens):
                    index.setdefault(entry, []).append(name)
                if is_run(tokens):
                    lengths = self._lengths.setdefault(start_of(tokens), {})
                    lengths[len(tokens)] = lengths.get(len(tokens), 0) + 1

    def discard(self, note: VaultNote) -> None:
        """Forgets what `add` was given."""
        self._treatments.clear()
        for name in _names(note):
            notes = [each for each in self._notes.get(name, ()) if each.path != note.path]
            if notes:
                self._notes[name] = notes
            elif self._notes.pop(name, None):
                tokens = tokens_of(name)
                for index, entry in self._entries(name, tokens):
                    _remove(index, entry, name)
                if is_run(tokens):
                    lengths = self._lengths[start_of(tokens)]
                    lengths[len(tokens)] -= 1
                    if not lengths[len(tokens)]:
                        del lengths[len(tokens)]
                    if not lengths:
                        del self._lengths[start_of(tokens)]

    def named(self, concept: str, channel: str, language: str = "") -> Treatment | None:
        """The notes on a concept: of a channel, else of all others.

        Those that have its very words as a name, else those that have them in other forms or in
        another order.
        """
        tokens = tokens_of(concept)
        together = joined(tokens)
        tiers: tuple[Callable[[], list[str]], ...] = (
            lambda: self._same.get(BETWEEN.join(tokens), []),
            lambda: self._same.get(together, []) + self._joined.get(together, []),
            lambda: [
                name
                for name in self._alike.get(bucket_of(tokens), ())
                if likeness(concept, name, language)
            ],
        )
        for own in (True, False):
            for names in tiers:
                found = self._treatment(names(), channel, own, language)
                if found.notes:
                    return found
        return None

    def found_in(
        self, text: str, words: Sequence[Word], channel: str, language: str = ""
    ) -> Iterator[Place]:
        """Every place where a text names a note, places within others included.

        Names of the channel's notes are found in other forms, too, if they are several words; those
        of other channels' notes only if they are, and word for word.
        """
        heads = [head(word.folded) for word in words]
        for first, (word, one, two) in enumerate(zip(words, heads, [*heads, ""][1:], strict=True)):
            runs = [(1, names)] if (names := self._same.get(word.folded)) else []
            for length in self._lengths.get(one + BETWEEN + two, ()):
                if names := self._runs.get(BETWEEN.join(heads[first : first + length])):
                    runs.append((length, names))
            for length, names in runs:
                said = words[first : first + length]
                if found := self._said(names, text, said, channel, language):
                    yield found

    def _said(
        self, names: Sequence[str], text: str, run: Sequence[Word], channel: str, language: str
    ) -> Place | None:
        """The place that a run of words is, if it is one of some names."""
        start, end = run[0].start, run[-1].end
        spelled = text[start:end]
        folded = tuple(word.folded for word in run)
        phrases = [(name, _phrase(name)) for name in names]
        same = [
            (name, phrase)
            for name, phrase in phrases
            if phrase.words == folded and phrase.exact in {"", spelled}
        ]
        forms = [
            (name, phrase)
            for name, phrase in phrases
            if phrase.inflects
            and phrase.words != folded
            and _are_forms(phrase, run, text, language)
        ]
        if not same and not forms:
            return None
        gaps = gaps_of(text, list(run))
        tiers = (
            ([name for name, phrase in same if phrase.near and phrase.gaps == gaps], True),
            (
                [
                    n
                    for n, phrase in forms
                    if phrase.gaps == gaps and likeness(spelled, n, language)
                ],
                True,
            ),
            ([name for name, phrase in same if phrase.afar and phrase.gaps == gaps], False),
        )
        for found, own in tiers:
            treatment = self._treatment(found, channel, own, language)
            if treatment.notes:
                return Place(start, end, spelled, treatment)
        return None

    def _treatment(self, names: Sequence[str], channel: str, own: bool, language: str) -> Treatment:
        """The notes under some names, of a channel or of all others, oldest first."""
        if not names:
            return _UNTREATED
        key = (tuple(sorted(names)), channel, own, language)
        if key not in self._treatments:
            if len(self._treatments) >= _MANY_TREATMENTS:
                self._treatments.clear()
            notes = {
                note.path: note
                for name in names
                for note in self._notes[name]
                if (note.channel == channel) is own
            }
            self._treatments[key] = _treatment_of(list(notes.values()), names, language)
        return self._treatments[key]

    def _entries(
        self, name: str, tokens: Sequence[str]
    ) -> Iterator[tuple[dict[str, list[str]], str]]:
        """Where a name is found: the indexes, and what it is under in each."""
        yield self._same, BETWEEN.join(tokens)
        if len(tokens) <= MOST_WORDS:
            yield self._alike, bucket_of(tokens)
        if is_run(tokens):
            yield self._runs, BETWEEN.join(map(head, tokens))
        if len(tokens) > 1 and (together := joined(tokens)):
            yield self._joined, together


def _names(note: VaultNote) -> Iterable[str]:
    return dict.fromkeys((note.title, *note.aliases))


def _remove(index: dict[str, list[str]], entry: str, name: str) -> None:
    names = index.get(entry, [])
    if name in names:
        names.remove(name)
    if not names:
        index.pop(entry, None)


@lru_cache(maxsize=4096)
def _phrase(name: str) -> _Phrase:
    words = words_of(name)
    folded = tuple(word.folded for word in words)
    is_short = len(words) == 1 and is_acronym(name)
    return _Phrase(
        words=folded,
        gaps=gaps_of(name, words),
        exact=name.strip() if is_short else "",
        near=is_telling(folded, name),
        afar=is_telling_afar(folded),
    )


def _are_forms(phrase: _Phrase, run: Sequence[Word], text: str, language: str) -> bool:
    """Whether a run of words is a name's, in other forms; a genitive's apostrophe makes none."""
    for word, said in zip(phrase.words, run, strict=True):
        if word != said.folded and (
            has_apostrophe(text[said.start : said.end])
            or not are_forms(word, said.folded, language)
        ):
            return False
    return True


def _treatment_of(notes: list[VaultNote], names: Sequence[str], language: str) -> Treatment:
    notes.sort(key=lambda note: (note.published.isoformat() if note.published else "", note.path))
    return Treatment(
        notes=tuple(notes),
        by_video={note.video_id: note for note in notes},
        identities=frozenset((note.channel, slug_key(note.slug)) for note in notes),
        is_one=len(notes) < 2 or _is_one_concept(notes, names, language),
    )


def _is_one_concept(notes: Sequence[VaultNote], names: Sequence[str], language: str) -> bool:
    """Whether a title of some notes is a name of all of them."""
    titles = sorted({note.title for note in notes})
    titled = [title for title in titles if title in names]
    return any(
        all(any(are_one(title, name, language) for name in _names(note)) for note in notes)
        for title in (titled or titles)[:_MANY_TITLES]
    )
