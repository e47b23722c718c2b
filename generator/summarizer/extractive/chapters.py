"""Take the author's chapters as sections, where they can be right."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from itertools import pairwise

from generator.models import Chapter
from generator.summarizer.extractive.sentences import Sentence
from generator.text import clean

BEFORE = 30.0
"""Seconds of speech before the first chapter that make a section of their own."""

_TIME = re.compile(r"^[\s(\[]*\d{1,2}(?::\d{2}){1,2}[\s)\]]*[-–—:.|]*\s*")
_NUMBER = re.compile(
    r"^(?:(?:chapter|part|глава|часть|kapitel|teil|chapitre|partie|capítulo|parte|capitolo)\s+)?"
    r"\d{1,3}\s*[.):–—-]\s+(?=\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Sentences from `first` to the next span's; `title` is the author's, or empty."""

    first: int
    title: str


def chapter_spans(
    chapters: tuple[Chapter, ...], sentences: tuple[Sentence, ...]
) -> list[Span] | None:
    """The chapters in which something is said, or None where they cannot be trusted.

    They are not where fewer than two of them hold speech, where they are out of order, or where
    most of them start after the last word. A chapter begins with the sentence nearest to its start.
    """
    if any(b.start < a.start for a, b in pairwise(chapters)):
        return None
    within = [c for c in chapters if 0 <= c.start < sentences[-1].end]
    if len(within) < 2 or len(within) * 2 < len(chapters):
        return None
    starts = [sentence.start for sentence in sentences]
    spans: dict[int, Span] = {}
    for chapter in within:
        first = _nearest(starts, chapter.start)
        # Of chapters that begin with one sentence the last is the one that it belongs to.
        spans[first] = Span(first, clean_title(chapter.title))
    return _complete(list(spans.values()), sentences)


def _nearest(starts: list[float], start: float) -> int:
    after = bisect.bisect_left(starts, start)
    if after == len(starts):
        return after - 1
    if after and start - starts[after - 1] < starts[after] - start:
        return after - 1
    return after


def _complete(spans: list[Span], sentences: tuple[Sentence, ...]) -> list[Span] | None:
    """The spans with what is said before the first of them, each in cues of its own."""
    if spans and spans[0].first > 0:
        early = sentences[spans[0].first].start - sentences[0].start
        head = Span(0, "" if early >= BEFORE else spans[0].title)
        spans = [head, *(spans if early >= BEFORE else spans[1:])]
    kept: list[Span] = []
    for span in spans:
        if kept and sentences[kept[-1].first].first == sentences[span.first].first:
            continue
        kept.append(span)
    return kept if len(kept) > 1 else None


def clean_title(title: str) -> str:
    """A chapter's title without the time and the number that stand before it."""
    title = _TIME.sub("", clean(title))
    title = _NUMBER.sub("", title)
    title = title.strip(" \t-–—:|•·*#>_")
    return title if any(char.isalnum() for char in title) else ""
