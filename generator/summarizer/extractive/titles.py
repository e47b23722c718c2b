"""Take a video's title apart for the other names that its note goes by."""

from __future__ import annotations

import re
from collections import Counter

from generator.summarizer.extractive.function_words import primary
from generator.summarizer.extractive.terms import Language, words_of

_BAR = re.compile(r"\s+[|｜│]\s+")
_BRACKETS = re.compile(r"\s*[(（\[]([^()（）\[\]]+)[)）\]]\s*$")
_PART = re.compile(
    r"(?:part|chapter|episode|ep|lecture|lesson|section|day|week|vol|volume|season|s\d+e\d+|часть"
    r"|глава|серия|выпуск|лекция|урок|teil|kapitel|folge|partie|chapitre|épisode|parte|capítulo"
    r"|episodio|capitolo|puntata|deel|część|odcinek|bölüm|第)?[\s.#№:]*[\divxlc]*[\s話回集章课講]*",
    re.IGNORECASE,
)
MAX_WORDS = 8


def aliases_of(title: str, language: str) -> tuple[str, ...]:
    """Other names for a title's matter, in order: none of them the title or a bare stop word.

    What stands before ` | `, before a colon, before brackets at the end, and in these brackets
    where it reads like a name.
    """
    words = Language(primary(language), Counter())
    found: list[str] = []

    def add(name: str) -> None:
        name = name.strip(" \t-–—:|,;.")
        known = {alias.casefold() for alias in found} | {title.casefold()}
        if name.casefold() not in known and _is_name(name, words):
            found.append(name)

    head = _BAR.split(title)[0]
    add(head)
    brackets = _BRACKETS.search(head)
    if brackets:
        head = head[: brackets.start()]
        add(head)
        inside = words_of(brackets[1])
        if 1 <= len(inside) <= 4 and brackets[1][:1].isupper():
            add(brackets[1])
    before, colon, _ = head.partition(": ")
    if colon and len(words_of(before)) <= 5:
        add(before)
    return tuple(found)


def _is_name(name: str, language: Language) -> bool:
    words = [word.casefold() for word in words_of(name)]
    if not words or len(words) > MAX_WORDS or _PART.fullmatch(name):
        return False
    return any(len(w) > 2 and not w.isdigit() and not language.is_stop(w) for w in words)
