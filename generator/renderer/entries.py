"""What the names of notes are looked up by, as text that an index outside of memory can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from generator.models import Note, VaultNote, statements_in
from generator.renderer.inflection import head
from generator.renderer.matching import MOST_WORDS, joined, telling
from generator.renderer.words import BETWEEN, tokens_of, words_of

_LONGEST_RUN = 40
_NO_WORD = re.compile("[^0-9a-z]+")

# An entry begins with what it is: a whole name, its words as one, how they begin in any order, …
_WHOLE, _AS_ONE, _ALIKE = "=", "+", "~"
# … and how the first two do, in a row.
_IN_A_ROW = ">"
_IN_TEXT = (_WHOLE, _IN_A_ROW)


def entries_of(note: VaultNote) -> frozenset[str]:
    """All that a note of the vault can be looked up by: its title and its aliases, word for word.

    Where `Linker.link` finds one of these names in another note, `entries_sought` of that note has
    an entry of the name.
    """
    found: set[str] = set()
    for name in dict.fromkeys((note.title, *note.aliases)):
        tokens = tokens_of(name)
        if not tokens:
            continue
        if len(tokens) <= MOST_WORDS:
            found.add(_ALIKE + bucket_of(tokens))
        if len(tokens) == 1 or len(tokens) > MOST_WORDS:  # any other is among those alike
            found.add(_WHOLE + BETWEEN.join(tokens))
        if is_run(tokens):
            found.add(_IN_A_ROW + start_of(tokens))
        if len(tokens) > 1 and (together := joined(tokens)):
            found.add(_AS_ONE + together)
    return frozenset(found)


def entries_sought(note: Note) -> frozenset[str]:
    """All that is looked up when a note's statements and mentions are linked."""
    found: set[str] = set()
    for statement in statements_in(note):
        found |= entries_of_text(statement.text)
        for mention in statement.mentions:
            found |= entries_of_concept(mention.concept)
    return frozenset(found)


def entries_of_concept(concept: str) -> frozenset[str]:
    """All that a mention's concept is looked up by."""
    tokens = tokens_of(concept)
    together = joined(tokens)
    as_one = (_WHOLE + together, _AS_ONE + together)
    return frozenset((_WHOLE + BETWEEN.join(tokens), _ALIKE + bucket_of(tokens), *as_one))


def entries_of_text(text: str) -> set[str]:
    """All that is looked up in a text besides its mentions."""
    plain = plain_text(text)
    words = [word.folded for word in words_of(text)] if plain is None else plain.split()
    heads = [*map(head, words), ""]
    found = {_WHOLE + word for word in words}
    found.update([_IN_A_ROW + heads[n] + BETWEEN + heads[n + 1] for n in range(len(words))])
    return found


def plain_text(text: str) -> str | None:
    """The words of a text as `words_of` folds them, spaces between; None where it is not plain."""
    if text.isascii() and text.isprintable() and "+" not in text and "#" not in text:
        return _NO_WORD.sub(" ", text.lower().replace("'", ""))
    return None


def signs_of(entries: Iterable[str]) -> list[tuple[str, ...]]:
    """For each entry what a text has all of, as `plain_text` gives it, that has the entry."""
    return [tuple(entry[1:].split(BETWEEN)) for entry in entries if entry[0] in _IN_TEXT]


def bucket_of(tokens: Sequence[str]) -> str:
    """What all names that are like a name share: how its words begin, whatever their order."""
    return BETWEEN.join(sorted(map(head, telling(tokens))))


def is_run(tokens: Sequence[str]) -> bool:
    """Whether words are looked for in a row; so many say no text, but one made to take long."""
    return 1 < len(tokens) <= _LONGEST_RUN


def start_of(tokens: Sequence[str]) -> str:
    """How the first two words of a run begin."""
    return head(tokens[0]) + BETWEEN + head(tokens[1])
