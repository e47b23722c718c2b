"""Text whose words may have times, which stay with their words when the text is cleaned and cut.

A source gives pieces: characters, and the second at which they are said, if it tells. They are
cleaned and joined here, and only then are the offsets of words counted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from generator.models import Cue, WordTime
from generator.summarizer.folding import is_unspaced
from generator.text import clean

Piece = tuple[str, float | None]
"""Characters of a caption, and the second at which they are said; None where that is unknown."""

LAST_SECOND = 99 * 3600 + 59 * 60 + 59
"""The last second that a timestamp can show."""

TOLERANCE = 1.0
"""How many seconds a word may begin before its caption or after the caption's end."""

_RUN = re.compile(r"\S+")
_SURPLUS_SPACE = re.compile(r"^ +| +$| +(?= )")


@dataclass(frozen=True, slots=True)
class TimedText:
    """Text, and the second at which each of its words is said, as far as the source tells.

    `words` are in the order of the text. Their seconds are as the source gives them:
    `plausible_words` says whether they can be right.
    """

    text: str
    words: tuple[WordTime, ...] = ()

    def after(self, offset: int) -> TimedText:
        """Return the text from the character at `offset` on."""
        kept = (word for word in self.words if word.offset >= offset)
        return TimedText(
            self.text[offset:], tuple(WordTime(word.offset - offset, word.start) for word in kept)
        )

    def sub(self, pattern: re.Pattern[str], replacement: str = "") -> TimedText:
        """Replace all matches of a pattern, as `re.sub` does; `replacement` is taken literally.

        A word that is matched as a whole loses its time. One whose beginning is matched begins
        after the match.
        """
        spans = [match.span() for match in pattern.finditer(self.text)]
        if not spans:
            return self
        text = pattern.sub(lambda _: replacement, self.text)
        words: list[WordTime] = []
        at = shift = 0
        for offset, start in self.words:
            while at < len(spans) and spans[at][1] <= offset:
                shift += len(replacement) - (spans[at][1] - spans[at][0])
                at += 1
            if at == len(spans) or offset < spans[at][0]:
                words.append(WordTime(offset + shift, start))
                continue
            begin, end = spans[at]
            if end < self._end_of_word(offset):
                words.append(WordTime(begin + len(replacement) + shift, start))
        return TimedText(text, tuple(words))

    def stripped(self) -> TimedText:
        """Remove spaces at both ends, and all but one of several in a row."""
        return self.sub(_SURPLUS_SPACE)

    def _end_of_word(self, offset: int) -> int:
        space = self.text.find(" ", offset)
        return len(self.text) if space < 0 else space


def timed_text(pieces: Iterable[Piece]) -> TimedText:
    """Join pieces that follow each other directly, and clean the text as `clean` does.

    A word gets the time of the piece that its first character is in. In scripts without spaces
    between words, every piece begins a word.
    """
    given = [piece for piece in pieces if piece[0]]
    whole = "".join(text for text, _ in given)
    if all(start is None for _, start in given):
        return TimedText(clean(whole))
    ends: list[int] = []
    for text, _ in given:
        ends.append(len(text) + (ends[-1] if ends else 0))
    words: list[WordTime] = []
    cleaned: list[str] = []
    length = at = 0
    for run in _RUN.finditer(whole):
        while ends[at] <= run.start():
            at += 1
        text = clean(run[0])
        if not text:
            continue
        _add_word(words, length, given[at][1])
        while ends[at] < run.end():
            inner, at = ends[at], at + 1
            if is_unspaced(whole[inner]):
                head = len(clean(whole[run.start() : inner]))
                if head < len(text):
                    _add_word(words, length + head, given[at][1])
        cleaned.append(text)
        length += len(text) + 1
    return TimedText(" ".join(cleaned), tuple(words))


def _add_word(words: list[WordTime], offset: int, start: float | None) -> None:
    if start is not None and (not words or words[-1].offset < offset):
        words.append(WordTime(offset, start))


def timed_lines(pieces: Iterable[Piece]) -> tuple[TimedText, ...]:
    """Join and clean pieces as `timed_text` does, with one text for each line that is not empty."""
    lines: list[list[Piece]] = [[]]
    for text, start in pieces:
        for part in text.splitlines(keepends=True):
            lines[-1].append((part, start))
            if part.splitlines()[0] != part:
                lines.append([])
    return tuple(line for each in lines if (line := timed_text(each)).text)


def joined(lines: Iterable[TimedText]) -> TimedText:
    """Join lines that are not empty by single spaces."""
    words: list[WordTime] = []
    texts: list[str] = []
    length = 0
    for line in lines:
        words += (WordTime(length + offset, start) for offset, start in line.words)
        texts.append(line.text)
        length += len(line.text) + 1
    return TimedText(" ".join(texts), tuple(words))


def plausible_words(
    words: Sequence[WordTime], start: float, end: float | None
) -> tuple[WordTime, ...]:
    """Return the words of a caption if all their times can be right, else none.

    They can be if they are in order and not far from the caption, which is shown from `start` to
    `end` (None where the source does not tell).
    """
    earliest = max(0.0, start - TOLERANCE)
    latest = LAST_SECOND if end is None or not math.isfinite(end) else end + TOLERANCE
    for word in words:
        if not earliest <= word.start <= latest:  # nor is NaN
            return ()
        earliest = word.start
    return tuple(words)


def time_single_words(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Give the only word of a cue the cue's start, where the other cues time their words.

    Sources that time words leave this one out: it is said when the caption appears.
    """
    given = tuple(cues)
    if not any(cue.words for cue in given):
        return given
    return tuple(
        cue if cue.words or " " in cue.text else replace(cue, words=(WordTime(0, cue.start),))
        for cue in given
    )
