"""Text folded for comparison: case, punctuation and spacing do not count."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

ENOUGH_WORDS = 3
"""A quote has at least so many words, or it could stand anywhere."""

ENOUGH_CHARACTERS = 6
"""The same for scripts that put no spaces between words."""

_APOSTROPHES = "'’‘ʼ`´"


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is words joined by single spaces; its character `i` comes from `source[origin[i]]`."""

    text: str
    source: str
    origin: tuple[int, ...]

    def find(self, quote: str) -> tuple[int, int] | None:
        """The first place of a folded quote, as whole words: a span of the source, or None."""
        at = self._at(quote, 0)
        return None if at < 0 else self._span(at, at + len(quote))

    def find_once(self, quote: str) -> tuple[int, int] | None:
        """The place of a folded quote that occurs just once; None where it does not."""
        at = self._at(quote, 0)
        if at < 0 or self._at(quote, at + 1) >= 0:
            return None
        return self._span(at, at + len(quote))

    def _at(self, quote: str, start: int) -> int:
        if not quote:
            return -1
        at = self.text.find(quote, start)
        while at >= 0 and not self._is_whole(at, at + len(quote)):
            at = self.text.find(quote, at + 1)
        return at

    def _is_whole(self, start: int, end: int) -> bool:
        return _is_boundary(self.text, start) and _is_boundary(self.text, end)

    def _span(self, start: int, end: int) -> tuple[int, int]:
        return self.origin[start], self.origin[end - 1] + 1


def fold(source: str) -> Folded:
    """The letters, marks and digits of a text, case folded, in Unicode NFKC; the rest is spaces.

    Apostrophes vanish, so that “don't” and “don’t” are one word.
    """
    chars: list[str] = []
    origin: list[int] = []
    gap = False
    for index, char in enumerate(source):
        if char in _APOSTROPHES:
            continue
        folded = [c for c in unicodedata.normalize("NFKC", char).casefold() if _is_kept(c)]
        if not folded:
            gap = True
            continue
        if gap and chars and not (is_unspaced(chars[-1]) and is_unspaced(folded[0])):
            chars.append(" ")
            origin.append(index)
        gap = False
        chars.extend(folded)
        origin.extend([index] * len(folded))
    return Folded("".join(chars), source, tuple(origin))


def is_enough(quote: Folded) -> bool:
    """Whether a quote is long enough to be found in one place."""
    if sum(is_unspaced(char) for char in quote.text) >= ENOUGH_CHARACTERS:
        return True
    return len(quote.text.split()) >= ENOUGH_WORDS


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


def _is_kept(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def _is_boundary(text: str, at: int) -> bool:
    if at in (0, len(text)) or text[at] == " " or text[at - 1] == " ":
        return True
    return is_unspaced(text[at]) or is_unspaced(text[at - 1])
