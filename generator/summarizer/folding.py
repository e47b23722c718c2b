"""Text folded for comparison: case, punctuation and spacing do not count."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

ENOUGH_WORDS = 3
"""A quote has at least so many words, or it could stand anywhere."""

ENOUGH_CHARACTERS = 6
"""The same for scripts that put no spaces between words; so two characters count as a word."""

_RUN = re.compile(r"\S+")
_LONGEST_KEPT = 40

APOSTROPHES = "'’‘ʼ`´"


@dataclass(frozen=True)
class Folded:
    """`text` is words joined by single spaces; its character `i` comes from `source[origin[i]]`.

    A character of a script without spaces is a word, so that what is found between spaces is whole
    words in every script.
    """

    text: str
    source: str

    @cached_property
    def origin(self) -> array[int]:
        """Where in the source each character of the text is from; of a space, where the next is."""
        origin = array("l")
        for run in _RUN.finditer(self.source):
            text, places = _fold_run(run[0])
            if not text:
                continue
            start = run.start()
            if origin:
                origin.append(start)
            origin.extend([start + place for place in places])
        return origin

    def find(self, quote: str, before: int | None = None) -> tuple[int, int] | None:
        """The first place of a folded quote, as whole words: a span of the source, or None.

        With `before`, the place begins before that character of the source.
        """
        place = self._span(self._at(quote, 0), len(quote))
        return None if place is None or (before is not None and place[0] >= before) else place

    def find_once(self, quote: str) -> tuple[int, int] | None:
        """The place of a folded quote that occurs just once; None where it does not."""
        at = self._at(quote, 0)
        if at < 0 or self._at(quote, at + 1) >= 0:
            return None
        return self._span(at, len(quote))

    def holds(self, quote: str) -> bool:
        """Whether a folded quote occurs, as whole words."""
        return self._at(quote, 0) >= 0

    def _at(self, quote: str, start: int) -> int:
        """Where it stands, or -1. Leaves to `str.find` what would be quadratic here."""
        if not quote:
            return -1
        if start == 0 and (self.text == quote or self.text.startswith(quote + " ")):
            return 0
        inside = self.text.find(f" {quote} ", max(0, start - 1))
        if inside >= 0:
            return inside + 1
        last = len(self.text) - len(quote)
        return last if last >= max(1, start) and self.text.endswith(" " + quote) else -1

    def _span(self, at: int, length: int) -> tuple[int, int] | None:
        return None if at < 0 else (self.origin[at], self.origin[at + length - 1] + 1)


def fold(source: str) -> Folded:
    """The letters, marks and digits of a text, case folded, in Unicode NFKC; the rest is spaces.

    Apostrophes vanish, so that “don’t” and “don't” are one word.
    """
    texts = [_fold_run(run)[0] for run in _RUN.findall(source)]
    return Folded(" ".join(filter(None, texts)), source)


def _fold_run(run: str) -> tuple[str, tuple[int, ...]]:
    """What stands between white space, folded, and the place of each character of that in it."""
    return _fold_short_run(run) if len(run) <= _LONGEST_KEPT else _fold_characters(run)


@lru_cache(maxsize=50_000)
def _fold_short_run(run: str) -> tuple[str, tuple[int, ...]]:
    return _fold_characters(run)


def _fold_characters(run: str) -> tuple[str, tuple[int, ...]]:
    chars: list[str] = []
    origin: list[int] = []
    gap = False
    for index, char in enumerate(run):
        for each in _fold_character(char):
            if each == " ":
                gap = True
                continue
            if chars and (gap or _parts(chars[-1], each)):
                chars.append(" ")
                origin.append(index)
            gap = False
            chars.append(each)
            origin.append(index)
    return "".join(chars), tuple(origin)


def folded_words(source: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The words that `fold` makes of the characters `start:end`, and where each is from."""
    for run in _RUN.finditer(source, start, end):
        at = run.start()
        for text, first, beyond in _words_of_run(run[0]):
            yield text, at + first, at + beyond


@lru_cache(maxsize=50_000)
def _words_of_run(run: str) -> tuple[tuple[str, int, int], ...]:
    text, places = _fold_run(run)
    words, at = [], 0
    for word in text.split(" ") if text else ():
        beyond = at + len(word)
        words.append((word, places[at], places[beyond - 1] + 1))
        at = beyond + 1
    return tuple(words)


def is_enough(quote: Folded) -> bool:
    """Whether a quote is long enough to be found in one place."""
    words = quote.text.split()
    unspaced = sum(is_unspaced(word[0]) for word in words)
    each = ENOUGH_CHARACTERS // ENOUGH_WORDS
    return (len(words) - unspaced) * each + unspaced >= ENOUGH_CHARACTERS


@lru_cache(maxsize=4096)
def is_unspaced(char: str) -> bool:
    """Whether a character belongs to a script that puts no spaces between words."""
    code = ord(char)
    return (
        0x0E00 <= code <= 0x0EFF  # Thai, Lao
        or 0x1000 <= code <= 0x109F  # Myanmar
        or 0x1780 <= code <= 0x17FF  # Khmer
        or 0x3040 <= code <= 0x30FF  # kana
        or 0x3400 <= code <= 0x9FFF  # Han
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )


@lru_cache(maxsize=4096)
def _fold_character(char: str) -> str:
    """What a character is folded to: letters, marks and digits, spaces for all else, or nothing."""
    if char in APOSTROPHES:
        return ""
    folded = unicodedata.normalize("NFKC", char).casefold()
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded)


@lru_cache(maxsize=65536)
def _parts(left: str, right: str) -> bool:
    """Whether a word ends between two characters. A mark stays with what it is on."""
    if unicodedata.category(right)[0] == "M":
        return False
    return is_unspaced(left) or is_unspaced(right)
