"""Which notes a change of the vault can give other links: the keys that an index finds them by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from generator.models import Note, VaultNote, statements_in
from generator.renderer.inflection import is_open, may_be_forms, opening
from generator.renderer.matching import joined, telling
from generator.renderer.words import bare, tokens_of

_ENOUGH = 12

Key = tuple[str, ...]
"""Words that must all be there, in any order; one that ends in `*` stands for how a word begins."""


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


def may_be_named(names: Iterable[str], words: Sequence[str]) -> bool:
    """Whether a note with these words may link to one with these names: fewer than `meets` tells.

    It holds wherever `meets` has to, and looks at each word: “his” begins as “history” does, but is
    no form of it.
    """
    for name in names:
        tokens = tokens_of(name)
        if tokens and all(_is_said(word, words) for word in telling(tokens)):
            return True
        if len(tokens) > 1 and (together := joined(tokens)) and bare(together) in words:
            return True
    return False


def _is_said(word: str, words: Sequence[str]) -> bool:
    if not is_open(word):
        return bare(word) in words
    start = opening(word)
    return any(may_be_forms(word, each) for each in words if each.startswith(start))


def _key(word: str) -> str:
    return opening(word) + "*" if is_open(word) else bare(word)


def _is_among(word: str, words: Collection[str]) -> bool:
    if word.endswith("*"):
        return any(each.startswith(word[:-1]) for each in words)
    return word in words
