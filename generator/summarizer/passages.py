"""Finds what is nearly a quote's words in the lines around the one that it is said to be from."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from generator.models import Line
from generator.summarizer.likeness import THRESHOLD, Sense, best_match
from generator.summarizer.wording import Word, Wording, words_of

NEAR_LINES = 2
"""A quote is looked for so many lines before and after its own."""

_STEP = 200
"""Passages run on past their line by a multiple of so many characters, to be kept for reuse."""


@dataclass(frozen=True, slots=True)
class Near:
    """The characters `start:end` of line number `line` and what follows it, joined by spaces.

    `likeness` is of 100, which is the quote but for how its numbers are written.
    """

    line: int
    start: int
    end: int
    likeness: float


class Passages:
    """The lines of one transcript, each with the words that follow it.

    `known` gives all words of the transcript, folded; `language` is a BCP 47 tag or `und`.
    """

    def __init__(
        self, lines: tuple[Line, ...], language: str, known: Callable[[], Collection[str]]
    ) -> None:
        self._lines = lines
        self._language = language
        self._sense = Sense(language, known)
        self._worded: dict[int, tuple[Word, ...]] = {}
        self._passages: dict[tuple[int, int], tuple[Wording, int]] = {}

    def nearest(
        self, number: int, quote: str, threshold: float = THRESHOLD, strict: bool = True
    ) -> Near | None:
        """The passage likest a quote that begins at most `NEAR_LINES` lines from line `number`.

        Of equals it is the one nearest that line, then the first. Without `strict`, which is for
        measuring, it may say something else. A `number` far off any line finds nothing.
        """
        around = range(number - NEAR_LINES, number + NEAR_LINES + 1)
        window = [at for at in around if 1 <= at <= len(self._lines)]
        wording = Wording(words_of(quote, self._language))
        if strict and not self._has_some(window, wording):
            return None
        best: Near | None = None
        for at in sorted(window, key=lambda at: abs(at - number)):
            if best and best.likeness >= 100:
                break
            found = self._within(at, wording, best.likeness if best else threshold, strict)
            if found and (best is None or found.likeness > best.likeness):
                best = found
        return best

    def _has_some(self, window: list[int], quote: Wording) -> bool:
        """Whether half the quote's words of matter stand around there: a quick look ahead."""
        missing = {word.text for word in quote.words if self._sense.is_matter(word)}
        most = len(missing) - max(1, len(missing) // 2)
        last = min(len(self._lines), window[-1] + 2) if window else 0
        for number in range(window[0], last + 1) if window else ():
            missing.difference_update([word.text for word in self._words(number)])
            if len(missing) <= most:
                return True
        return False

    def _within(self, number: int, quote: Wording, threshold: float, strict: bool) -> Near | None:
        passage, own = self._passage(number, 2 * len(quote.text))
        match = best_match(quote, passage, own, threshold)
        if match is None:
            return None
        wide = self._sense.widened(quote, passage, match)
        match = wide if wide.likeness >= threshold else match
        if strict and not self._sense.is_same(quote, passage, match):
            return None
        start, end = passage.words[match.first].start, passage.words[match.last].end
        return Near(number, start, end, match.likeness)

    def _passage(self, number: int, characters: int) -> tuple[Wording, int]:
        """The words of a line and of what follows, and how many of them are the line's own.

        At least so many characters follow, where there are so many.
        """
        key = (number, -(-characters // _STEP) * _STEP)
        if key not in self._passages:
            words = list(self._words(number))
            own, at, left = len(words), len(self._lines[number - 1].text) + 1, key[1]
            for line in self._lines[number:]:
                if left <= 0:
                    break
                for word in self._words(line.number):
                    if word.start >= left:
                        break
                    words.append(Word(word.text, at + word.start, at + word.end, word.number))
                at += len(line.text) + 1
                left -= len(line.text) + 1
            self._passages[key] = Wording(tuple(words)), own
        return self._passages[key]

    def _words(self, number: int) -> tuple[Word, ...]:
        if number not in self._worded:
            self._worded[number] = words_of(self._lines[number - 1].text, self._language)
        return self._worded[number]
