"""Make the evidence of a sentence: its line, and its first words as the captions have them."""

from __future__ import annotations

import bisect
import re
import unicodedata

from generator.models import Evidence, Line
from generator.summarizer.extractive.sentences import Sentence
from generator.summarizer.extractive.speech import Speech
from generator.summarizer.folding import Folded, fold, is_enough, is_unspaced
from generator.summarizer.grounding import MAX_QUOTE_CHARACTERS

MAX_WORDS = 12
MAX_UNSPACED = 24
_WORD = re.compile(r"\S+")


class Quoting:
    """Quotes from one transcript that grounding finds at the very place they are from."""

    def __init__(self, speech: Speech, lines: tuple[Line, ...]) -> None:
        self._speech = speech
        self._lines = lines
        self._firsts = [line.first for line in lines]
        self._folded: dict[int, Folded] = {}

    def evidence(self, sentence: Sentence) -> Evidence:
        """The line in which a sentence begins and the words it begins with.

        They stay within the sentence's first cue where they are enough there, else run on; longer
        where the same words stand in the line before; and past the line's end only where the
        sentence has too few words in it. Where no such words tell the place, it is the whole line
        or, if that is too long to be looked for, the first words nevertheless.
        """
        line = self._lines[max(0, bisect.bisect_right(self._firsts, sentence.first) - 1)]
        speech = self._speech
        open_at = speech.starts[line.first]
        line_end = speech.starts[line.last] + len(speech.cues[line.last].text)
        cue_end = speech.starts[sentence.first] + len(speech.cues[sentence.first].text)
        ends = self._ends(sentence.offset)
        within = [end for end in ends if end <= min(cue_end, sentence.stop)]
        best = within[:MAX_WORDS][-1:]
        later = [end for end in ends if end <= line_end and not (best and end <= best[0])]
        for end in [*best, *later]:
            if self._is_found(line, open_at, sentence.offset, end):
                return Evidence(line.number, speech.text[sentence.offset : end])
        for end in ends[3:]:
            if end > line_end and is_enough(fold(speech.text[sentence.offset : end])):
                return Evidence(line.number, speech.text[sentence.offset : end])
        if line_end - open_at > MAX_QUOTE_CHARACTERS:
            return Evidence(line.number, speech.text[sentence.offset : ends[:MAX_WORDS][-1]])
        return Evidence(line.number, speech.text[open_at:line_end])

    def _ends(self, offset: int) -> list[int]:
        """Where a quote from `offset` on could end: after each word, or some characters."""
        text = self._speech.text[offset : offset + 1000]
        ends: list[int] = []
        for word in _WORD.finditer(text):
            if any(is_unspaced(char) for char in word[0][:MAX_UNSPACED]):
                ends += [
                    offset + at + 1
                    for at in range(word.start(), word.end())
                    if at % 6 == 5 and not _is_mark(text[at + 1 : at + 2])
                ]
            ends.append(offset + word.end())
            if len(ends) > 4 * MAX_WORDS:
                break
        return ends

    def _is_found(self, line: Line, open_at: int, offset: int, end: int) -> bool:
        quote = fold(self._speech.text[offset:end])
        if line.number not in self._folded:
            self._folded[line.number] = fold(line.text)
        there = self._folded[line.number]
        if not (is_enough(quote) or quote.text == there.text):
            return False
        place = there.find(quote.text)
        if place is None or open_at + place[0] < offset:
            return False
        between = self._speech.text[offset : open_at + place[0]]
        return not any(char.isalnum() for char in between)


def _is_mark(char: str) -> bool:
    """Whether a character belongs to the one before it, such as a vowel sign."""
    return bool(char) and unicodedata.category(char)[0] == "M"
