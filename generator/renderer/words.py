"""Words of text and of names as links compare them: folded, with what stands between them."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from generator.renderer.slugs import slug_key

# A word is what stands between spaces and punctuation; an apostrophe belongs to it, and the signs
# that tell C from C++ and C#. Scripts that write without spaces (Han, kana, Thai, Lao, Khmer,
# Burmese) have words of one character.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_BREAKS = (
    r"\s!-&(-/:-@\[-`{-\x7f¡§«¶·»¿\u2010-\u2018\u201a-\u205e\u3000-\u3003\u3008-\u301f\uff01-\uff0f"
)
_IN_WORD = f"[^{_BREAKS}{_SPACELESS}]"
_SIGNED = rf"(?:(?<=[A-Za-z])(?:\+\+|#)(?!{_IN_WORD}))?"
_WORD = re.compile(rf"[{_SPACELESS}]|{_IN_WORD}+{_SIGNED}")
# The same for text without signs, and for such text in ASCII, in half the time.
_PLAIN_WORD = re.compile(rf"[{_SPACELESS}]|{_IN_WORD}+")
_ASCII_WORD = re.compile(r"[0-9A-Za-z'\x00-\x08\x0e-\x1b]+")
_UNSPACED = re.compile(f"[{_SPACELESS}]")
_APOSTROPHES = re.compile("['’ʼ]")
_QUOTES = "'’ʼ"
_GAP = re.compile(r"[\s\-‐‑–]+")

# What no index takes into a word, and what says a sign in letters.
_NOT_IN_KEYS = re.compile(r"[^0-9a-z\x80-\ud7ff\ue000-\U0010ffff]")
_SPELLED = (("+", "plus"), ("#", "sharp"))
_NOTHING = "\u2400"

BETWEEN = "\x1f"
"""Stands between the words of a key, and in no word."""

_LETTERS_OF_A_NAME = 4
_LETTERS_AFAR = 8


class Word(NamedTuple):
    """The characters `start:end` of a text, and the word that they are, folded."""

    start: int
    end: int
    folded: str


@lru_cache(maxsize=512)  # a note's statements are read for its links, and for its keys
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in order."""
    words = []
    pattern = _WORD
    if "+" not in text and "#" not in text:
        pattern = _ASCII_WORD if text.isascii() else _PLAIN_WORD
    for match in pattern.finditer(text):
        raw = match[0]
        start, end = match.span()
        if raw[0] in _QUOTES or raw[-1] in _QUOTES:
            start += len(raw) - len(raw.lstrip(_QUOTES))
            end = max(start, end - len(raw) + len(raw.rstrip(_QUOTES)))
        if folded := fold_word(raw):
            words.append(Word(start, end, folded))
    return tuple(words)


def tokens_of(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return text.lower().split()  # what `fold_word` makes of each
    return [word.folded for word in words_of(text)]


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """A word without regard to case, composition, apostrophes and the dots of a Russian `ё`.

    Empty where only invisible characters are left.
    """
    if word.isascii() and word.isalnum():  # what nearly all are
        return sys.intern(word.lower())
    return sys.intern(_folded(word))


def _folded(text: str) -> str:
    """As `fold_word`, of words with anything between them."""
    kept = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text))
    if not kept.isascii():
        unseen = [char for char in set(kept) if unicodedata.category(char) == "Cf"]
        kept = kept.translate(dict.fromkeys(map(ord, unseen))) if unseen else kept
    return slug_key(kept).replace("ё", "е")


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """A folded word without accents and of characters alone that every index takes into a word.

    Never empty; equal for words that are the same but for their accents.
    """
    if word.isascii() and word.isalnum():
        return word
    for sign, spelled in _SPELLED:
        word = word.replace(sign, spelled)
    letters = (c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
    plain = unicodedata.normalize("NFC", "".join(letters)).casefold()
    return sys.intern(_NOT_IN_KEYS.sub("", plain) or _NOTHING)


def key_of(name: str) -> str:
    """What names with the same folded words have in common; empty for one without words."""
    return BETWEEN.join(tokens_of(name))


def has_apostrophe(word: str) -> bool:
    """Whether a word as it is written has an apostrophe."""
    return _APOSTROPHES.search(word) is not None


def is_unspaced(word: str) -> bool:
    """Whether a folded word is of a script that is written without spaces."""
    return _UNSPACED.match(word) is not None


def gaps_of(text: str, words: Sequence[Word]) -> tuple[str, ...]:
    """What stands between words, spaces and hyphens being alike."""
    between = [text[words[index].end : words[index + 1].start] for index in range(len(words) - 1)]
    return tuple(_GAP.sub(" ", gap) for gap in between)


def is_acronym(name: str) -> bool:
    """Whether a name is two to five capitals, which in lower case may be a common word."""
    letters = [char for char in name if char.isalpha()]
    return 2 <= len(letters) <= 5 and all(char.isupper() for char in letters)


def is_telling(words: Iterable[str], name: str) -> bool:
    """Whether the folded words of a name alone stand for its concept wherever they are said."""
    words = tuple(words)
    if all(_says_nothing(word) for word in words):
        return len(words) == 1 and is_acronym(name)
    letters = sum(map(len, words))
    return (
        letters >= _LETTERS_OF_A_NAME
        or len(words) > 1
        or (letters > 1 and any(map(str.isdigit, words[0])))
        or is_acronym(name)
    )


def is_telling_afar(words: Iterable[str]) -> bool:
    """Whether the folded words of a name stand for its concept whoever says them, of any subject.

    So do several words that each say something; one alone is another thing elsewhere. Four
    characters of a script without spaces are several words.
    """
    words = tuple(words)
    unspaced = sum(map(is_unspaced, words))
    telling = [word for word in words if not _says_nothing(word)]
    if unspaced == len(words):
        return unspaced >= _LETTERS_OF_A_NAME and len(telling) >= _LETTERS_OF_A_NAME - 1
    spaced = [word for word in telling if not is_unspaced(word)]
    return len(spaced) > 1 and sum(map(len, spaced)) >= _LETTERS_AFAR


def _says_nothing(word: str) -> bool:
    return word in _common_words() or word.isnumeric()


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """Words that say nothing alone in one language or another."""
    import stopwordsiso

    listed = stopwordsiso.stopwords(stopwordsiso.langs())
    return frozenset(_folded("\n".join(map(str, listed))).split("\n"))  # one by one: half a second
