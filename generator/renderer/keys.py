"""Which notes a change of the vault can give other links: the keys that an index finds them by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from generator.models import Note, VaultNote, statements_in
from generator.renderer.inflection import is_open, may_be_forms, opening
from generator.renderer.matching import joined, telling
from generator.renderer.words import bare, tokens_of

_ENOUGH = 12

Key = tuple[str, ...]
"""Words that must all be there, in any order; one that ends in `*` stands for how a word begins."""

Forms = tuple[tuple[str, ...], ...]
"""Words of each of which one must be there, in any order."""


def keys_of_note(note: Note) -> frozenset[str]:
    """The words of a note's statements and mentions by which names meet it.

    Words are folded, without accents, and have letters and digits only, all ASCII ones lower case
    or digits: SQLite's FTS5 takes each for one token with `tokenize = 'ascii'`.
    """
    found: set[str] = set()
    for statement in statements_in(note):
        found.update(map(bare, tokens_of(statement.text)))
        for mention in statement.mentions:
            tokens = tokens_of(mention.concept)
            found.update(map(bare, tokens))
            if together := joined(tokens):
                found.add(bare(together))
    return frozenset(found)


def keys_of_names(names: Iterable[str]) -> frozenset[Key]:
    """The keys of a note's title and aliases; of a long one the longest words.

    If adding, removing or changing a note of the vault changes what `Linker.link` makes of another
    one, then `meets` holds for the names of the former (those it had, and those it has) and the
    words of the latter. Where that is for a name's file, which makes targets of links longer or
    shorter, it holds for the names of the notes that `Linker.add` and `Linker.discard` return.
    """
    keys: set[Key] = set()
    for name in names:
        tokens = tokens_of(name)
        if tokens:
            words = sorted(
                {_key(word) for word in telling(tokens)}, key=lambda key: (-len(key), key)
            )
            keys.add(tuple(sorted(words[:_ENOUGH])))
        if len(tokens) > 1 and (together := joined(tokens)):
            keys.add((bare(together),))
    return frozenset(keys)


def keys_of_vault_note(note: VaultNote) -> frozenset[Key]:
    """The keys of the names of a note of the vault."""
    return keys_of_names((note.title, *note.aliases))


def meets(keys: Iterable[Key], words: Collection[str]) -> bool:
    """Whether a note with these words may link to one whose names have these keys."""
    return any(all(_is_among(word, words) for word in key) for key in keys)


def forms_of_names(
    names: Iterable[str], beginning: Callable[[str], Iterable[str]]
) -> Iterator[Forms]:
    """For each name the words of which a note has to have, of each of some, one.

    A note that has none of it has no link to one of these names: it holds wherever `meets` has to.
    It tells more apart: “his” begins as “history” does, but is no form of it. `beginning` gives the
    words of all notes that begin with some letters.
    """
    for name in names:
        tokens = tokens_of(name)
        forms = tuple(_forms(word, beginning) for word in telling(tokens))
        if forms and all(forms):
            yield forms
        if len(tokens) > 1 and (together := joined(tokens)):
            yield ((bare(together),),)


def _forms(word: str, beginning: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    if not is_open(word):
        return (bare(word),)
    return tuple(each for each in beginning(opening(word)) if may_be_forms(word, each))


def _key(word: str) -> str:
    return opening(word) + "*" if is_open(word) else bare(word)


def _is_among(word: str, words: Collection[str]) -> bool:
    if word.endswith("*"):
        return any(each.startswith(word[:-1]) for each in words)
    return word in words
