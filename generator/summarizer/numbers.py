"""Reads the numbers in a text: digits as they are grouped and marked, and English number words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from generator.summarizer.folding import is_unspaced

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SMALL = {word: value for value, word in enumerate(_UNITS.split())}
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_LAST = {word: value for value, word in enumerate(_ORDINALS.split())}
_LAST |= {word[:-1] + "ieth": value for word, value in _SMALL.items() if word.endswith("ty")}
_LAST_SCALES = {word + "th": value for word, value in _SCALES.items()}

_NUMBER_WORDS = frozenset(_SMALL) | frozenset(_LAST) | frozenset(_SCALES) | frozenset(_LAST_SCALES)

AMBIGUOUS = frozenset({"one", "first", "second"})
"""Number words that mostly count nothing: “the one that”, “at first”, “a second later”."""

# Digits in groups of three (comma, point, thin and other spaces, apostrophe), or plain; a decimal
# part; and what makes an ordinal or a decade of them.
_DIGITS = re.compile(
    r"(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:\.\d{3})+(?=,\d)"
    r"|\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+"
    r"|\d+)(?!\d)(?P<part>[.,]\d+)?(?:st|nd|rd|th|s)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*")
_LETTERS = re.compile(r"[a-z]+")
_JOIN = re.compile(r"[\s\-‐‑]+")
MAX_DIGITS = 30
"""A longer run of digits is taken for a name."""


@dataclass(frozen=True, slots=True)
class Number:
    """The characters `start:end` of a text that say a number.

    `value` is it in digits, without grouping, with a point before decimals. `readings` holds it and
    what else it may be: “1.500” is 1.5, or 1500 as much of Europe writes it; “nineteen eighty” is
    1980, or 19 and 80. `words` says whether it is written in words.
    """

    start: int
    end: int
    value: str
    readings: frozenset[str]
    words: bool


def numbers_in(text: str, language: str = "en") -> list[Number]:
    """The numbers of a text in order; those in words where the language is English or unknown."""
    found = list(_in_digits(text))
    if language.partition("-")[0].casefold() not in ("en", "und", ""):
        return found
    if _NUMBER_WORDS.isdisjoint(_LETTERS.findall(text.casefold())):
        return found
    return sorted(_in_words(text, found), key=lambda number: number.start)


def _in_digits(text: str) -> Iterator[Number]:
    end = 0
    for match in _DIGITS.finditer(text):
        start = match.start()
        before, after = text[max(end, start - 1) : start], text[match.end() : match.end() + 1]
        if _is_of_word(before) or _is_of_word(after):
            continue
        if len(match["whole"]) > MAX_DIGITS or len(match["part"] or "") > MAX_DIGITS:
            continue
        end = match.end()
        whole = _plain(re.sub(r"\D", "", match["whole"]))
        part = match["part"] or ""
        decimals = "".join(str(int(digit)) for digit in part[1:]).rstrip("0")
        value = f"{whole}.{decimals}" if decimals else whole
        readings = {value}
        if len(part) == 4 and len(whole) <= 3:
            readings.add(_plain(whole + part[1:]))
        if " " in match["whole"]:
            readings.update(_plain(group) for group in match["whole"].split(" "))
        yield Number(start, end, value, frozenset(readings), words=False)


def _is_of_word(char: str) -> bool:
    return char == "_" or (char.isalnum() and not is_unspaced(char))


def _plain(digits: str) -> str:
    return str(int(digits or "0"))


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a number: `small` is below a hundred, `scale` multiplies, `ends` an ordinal."""

    start: int
    end: int
    small: int | None = None
    scale: int | None = None
    ends: bool = False
    point: bool = False


def _token(match: re.Match[str]) -> _Token | None:
    word = match[0].casefold()
    small, scale = _SMALL.get(word, _LAST.get(word)), _SCALES.get(word, _LAST_SCALES.get(word))
    if small is None and scale is None and word != "point":
        return None
    ends = word in _LAST or word in _LAST_SCALES
    return _Token(match.start(), match.end(), small, scale, ends, point=word == "point")


def _in_words(text: str, digits: list[Number]) -> list[Number]:
    """The numbers in words, and those in digits, which a scale may follow: “5 million”."""
    found: list[Number] = []
    by_end = {number.end: number for number in digits}
    saying: _Saying | None = None
    last, passed_and = -1, False
    for match in _WORD.finditer(text):
        joined = last >= 0 and _JOIN.fullmatch(text, last, match.start()) is not None
        if saying and joined and match[0].casefold() == "and" and saying.takes_and:
            last, passed_and = match.end(), True
            continue
        token = _token(match)
        gap = _JOIN.match(text, last) if saying is None else None
        before = by_end.get(last) if gap and gap.end() == match.start() else None
        if token and before and token.scale:
            by_end.pop(last)
            found.append(_scaled(before, token))
            last = match.end()
            continue
        fits = token and saying and joined and (not passed_and or token.small is not None)
        passed_and = False
        if not (fits and token and saying and saying.take(token)):
            found += saying.numbers() if saying else []
            saying = _Saying.begin(token) if token else None
        last = match.end()
    found += saying.numbers() if saying else []
    return [*by_end.values(), *found]


def _scaled(number: Number, token: _Token) -> Number:
    value = format((Decimal(number.value) * (token.scale or 1)).normalize(), "f")
    return Number(number.start, token.end, value, frozenset({value}), words=False)


@dataclass(slots=True)
class _Saying:
    """A number as it is being said: `total` is what scales have closed, `part` what is open."""

    start: int
    end: int
    total: int = 0
    part: int = 0
    last: _Token | None = None
    smallest: int = 10**18
    century: int | None = None
    decimals: str | None = None
    pending: int | None = None  # where the number ended before a “point” that nothing followed yet

    @classmethod
    def begin(cls, token: _Token) -> _Saying | None:
        """A number that begins with a word; None where none can."""
        saying = cls(token.start, token.end)
        return saying if not token.point and saying.take(token) else None

    @property
    def takes_and(self) -> bool:
        """Whether “and” may stand here: after “hundred” and larger."""
        return bool(self.last and self.last.scale and not self.last.ends)

    def take(self, token: _Token) -> bool:
        """Says one word more; False where it begins another number."""
        if self.last and self.last.ends:
            return False
        if token.point:
            fits = self.decimals is None and self.century is None
            if fits:
                self.decimals, self.pending = "", self.end
        elif self.decimals is not None:
            fits = token.small is not None and token.small < 10 and not token.ends
            if fits:
                self.decimals += str(token.small)
                self.pending = None
        else:
            fits = self._small(token.small) if token.small is not None else self._scale(token)
        if fits:
            self.end, self.last = token.end, token
        return fits

    def _small(self, value: int) -> bool:
        last = self.last
        tens = last and last.small and last.small >= 20 and last.small % 10 == 0
        if last is None or last.scale or (tens and 0 < value < 10):
            self.part += value
        elif self.century is None and not self.total and 10 <= self.part < 100 and value >= 10:
            self.century, self.part = self.part, self.part * 100 + value
        else:
            return False
        return True

    def _scale(self, token: _Token) -> bool:
        scale = token.scale or 1
        if self.century is not None:
            return False
        if scale == 100:
            if self.part >= 100 or (self.last and not self.part):
                return False
            self.part = (self.part or 1) * 100
        else:
            if scale >= self.smallest or (self.last and not self.part):
                return False
            self.total += (self.part or 1) * scale
            self.part, self.smallest = 0, scale
        return True

    def numbers(self) -> list[Number]:
        """What was said."""
        end = self.end if self.pending is None else self.pending
        value = str(self.total + self.part)
        readings = {value}
        if self.decimals and self.decimals.rstrip("0"):
            value += "." + self.decimals.rstrip("0")
            readings = {value}
        if self.century is not None:
            readings |= {str(self.century), str(self.part - 100 * self.century)}
        return [Number(self.start, end, value, frozenset(readings), words=True)]
