"""Doubts a statement's numbers and names of which nothing is said near its evidence.

A quote proves where a statement is from, not that it follows from there. What is doubted is
reported, not dropped: a name may be spelt otherwise in the captions, a sum may be the writer's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from generator.models import Line, Statement, Transcript
from generator.summarizer.folding import folded_words
from generator.summarizer.likeness import is_inflected, is_misspelt
from generator.summarizer.numbers import AMBIGUOUS, Number, numbers_in
from generator.summarizer.places import cited_lines, text_of

MARGIN = 3
"""So many lines before and after the evidence are near it."""

_SMALL = 12
"""Up to here numbers are mostly words in captions, which are read in English alone."""

_NOUNS_CAPITALISED = frozenset({"de", "lb"})
_LONG = 4
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’ʼ\-‐‑][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’ʼ]s$|['’ʼ]$")
_ENOUGH = 2000
_ROMAN = re.compile(r"[IVXLC]+")
# What a sentence begins after, and what may stand between that and its first word.
_SENTENCE_START = re.compile(r"(?:^|[.!?:…。！？]\s)[\s\"'“”„«»‘’(\[*_`¿¡—–-]*$")
_NEVER_NAMES = frozenset({"i", "im", "ive", "id", "ill"})
_BEFORE = 40


class DoubtKind(StrEnum):
    """What is doubted."""

    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words `text` of a statement that stand nowhere near its evidence."""

    statement: str
    kind: DoubtKind
    text: str


def doubts_of(
    statement: Statement,
    transcript: Transcript,
    lines: tuple[Line, ...],
    allowed: Iterable[str] = (),
    language: str = "en",
) -> tuple[Doubt, ...]:
    """The numbers and names of a cited statement that are not said near its citations, in order.

    `language` is the note's (BCP 47). `allowed` are texts that names and numbers may come from
    besides: the video's title, channel and description. Judged is only what can be compared: what
    is in the script that most letters near the evidence are of; number words in English alone, so
    that numbers up to `_SMALL` are passed over in other talks; names in scripts with capitals, and
    in languages that keep them for names. A number is the same in digits and in words, grouped or
    not, cardinal or ordinal; a name may be inflected, or differ in a letter.
    """
    runs = cited_lines(statement.citations, transcript, lines, MARGIN)
    near = "\n".join(text_of(run) for run in runs)
    script = _script_of(near)
    if script is None:
        return ()
    said = [_heard(near, transcript.language)]
    said += [_heard(text, language) for text in allowed]
    found = _names(statement.text, script, said, _primary(language) in _NOUNS_CAPITALISED)
    if _script_of(statement.text) in (script, None):
        in_words = _primary(transcript.language) in ("en", "und", "")
        found += _numbers(statement.text, language, said, in_words)
    found.sort(key=lambda doubt: doubt[0])
    return tuple(Doubt(statement.text, kind, text) for _, kind, text in found)


def _primary(language: str) -> str:
    return language.partition("-")[0].casefold()


_Found = tuple[int, DoubtKind, str]


@dataclass(frozen=True)
class _Heard:
    """What is said in a text.

    Its words, folded, also by first letter; what neighbours make if written as one; the initials of
    all in a row, and of long neighbours; and the readings of its numbers.
    """

    words: frozenset[str]
    joined: frozenset[str]
    by_letter: dict[str, list[str]]
    initials: str
    pairs: frozenset[str]
    numbers: frozenset[str]

    def has_name(self, name: str) -> bool:
        """Whether a folded name is said: as it is, inflected, in other spelling, or by initials."""
        if name in self.words or name in self.joined:
            return True
        alike = self.by_letter.get(name[0], ())
        if any(is_inflected(name, word, "und") or is_misspelt(name, word) for word in alike):
            return True
        return name in self.pairs or (len(name) > 2 and name in self.initials)


@lru_cache(maxsize=256)
def _heard(text: str, language: str) -> _Heard:
    """As told of a text; that of a video is asked for with each of its statements."""
    words = [word for word, _, _ in folded_words(text, 0, len(text))]
    joined = {a + b for a, b in pairwise(words)}
    joined |= {a + b + c for a, b, c in zip(words, words[1:], words[2:], strict=False)}
    joined |= {"".join(words[at : at + n]) for n in (4, 5) for at in _spelt(words)}
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in sorted(set(words)):
        by_letter[word[0]].append(word)
    readings = (number.readings for number in numbers_in(text, language))
    return _Heard(
        frozenset(words),
        frozenset(joined),
        by_letter,
        "".join(word[0] for word in words),
        frozenset(a[0] + b[0] for a, b in pairwise(words) if len(a) >= _LONG and len(b) >= _LONG),
        frozenset().union(*readings),
    )


def _spelt(words: list[str]) -> Iterator[int]:
    """Where single letters begin that an acronym may be spelt with."""
    return (index for index, word in enumerate(words) if len(word) == 1)


def _numbers(text: str, language: str, said: list[_Heard], in_words: bool) -> Iterator[_Found]:
    for number in numbers_in(text, language):
        written = text[number.start : number.end]
        if written.casefold() in AMBIGUOUS or _is_said(number, said):
            continue
        if not in_words and _is_small(number):
            continue
        yield number.start, DoubtKind.NUMBER, written


def _is_said(number: Number, said: list[_Heard]) -> bool:
    return any(not number.readings.isdisjoint(heard.numbers) for heard in said)


def _is_small(number: Number) -> bool:
    return number.value.isdigit() and int(number.value) <= _SMALL


def _names(text: str, script: str, said: list[_Heard], acronyms_only: bool) -> list[_Found]:
    doubtful: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match[0])
        start, end = match.start(), match.start() + len(word)
        if not _is_name(word, acronyms_only) or _script_of(word) != script:
            continue
        if not _is_acronym(word) and _begins_sentence(text, start):
            continue
        if all(any(heard.has_name(part) for heard in said) for part in _name_parts(word)):
            continue
        if doubtful and text[doubtful[-1][1] : start].isspace():
            doubtful[-1] = (doubtful[-1][0], end)
        else:
            doubtful.append((start, end))
    return [(start, DoubtKind.NAME, text[start:end]) for start, end in doubtful]


def _is_name(word: str, acronyms_only: bool) -> bool:
    letters = [char for char in word if char.isalpha()]
    if len(letters) < 2 or _ROMAN.fullmatch(word):
        return False
    if _is_acronym(word):
        return True
    return not acronyms_only and word[0].isupper() and _folded(word) not in _NEVER_NAMES


def _is_acronym(word: str) -> bool:
    """Whether a part has capitals past its first letter: “NATO”, “U.S.”, “iPhone”."""
    return any(part[1:] != part[1:].casefold() for part in re.split("[-‐‑]", word))


def _begins_sentence(text: str, start: int) -> bool:
    return bool(_SENTENCE_START.search(text[max(0, start - _BEFORE) : start]))


def _name_parts(word: str) -> list[str]:
    """The parts of a name that are names: both of “Navier-Stokes”, one of “Moscow-based”."""
    parts = [part for part in re.split("[-‐‑]", word) if part != part.casefold()]
    return [folded for folded in map(_folded, parts) if len(folded) > 1]


def _folded(word: str) -> str:
    return "".join(part for part, _, _ in folded_words(word, 0, len(word)))


def _script_of(text: str) -> str | None:
    """The script that most letters are of, as Unicode names it; None where there are none."""
    text = text[:_ENOUGH]
    if text.isascii():  # most texts are, and they are many
        return "LATIN" if any(map(str.isalpha, text)) else None
    counts: Counter[str] = Counter()
    for char, number in Counter(filter(str.isalpha, text)).items():
        counts[_script(char)] += number
    return max(counts, key=lambda script: counts[script]) if counts else None


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    name = unicodedata.name(char, "").partition(" ")[0].partition("-")[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "FULLWIDTH") else name
