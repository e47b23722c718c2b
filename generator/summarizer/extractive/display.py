"""Show sentences as sentences: capitals, punctuation and names, in the words that were said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from generator.models import Video
from generator.summarizer.extractive.boundaries import (
    TEXT_LANGUAGES,
    bare,
    usual_spellings,
    vocabulary_index,
)
from generator.summarizer.extractive.function_words import connectives
from generator.summarizer.extractive.sentences import Sentence, tidy
from generator.summarizer.extractive.speech import Speech
from generator.summarizer.extractive.terms import words_of

_OPENING = re.compile(r"^[\s\"'“‘«„(\[¿¡]*")
_WORD = re.compile(r"[^\W_][\w'’.-]*")
_SENTENCE_START = re.compile(r"(?:^[\W\d_]*|[.!?:|–—\n(\[“\"]\s*|\s-\s)$")
_SPACE_BEFORE = re.compile(r"(?<=\w)\s+([,.;:?!])(?=\s|$)")
_DOUBLED = re.compile(r"(,)(?:\s*,)+")
_SPACED = frozenset({"fr"})
"""Languages that put a space before some punctuation."""

_POSSESSIVE = re.compile(r"['’]s$")
# Words that are part of a name before some others.
_BEFORE_NAMES = {
    "great": "Britain",
    "united": "States Kingdom Nations",
    "new": "Zealand York England Jersey Orleans Mexico Delhi Guinea Hampshire",
    "north": "America Africa Korea Carolina Dakota",
    "south": "America Africa Korea Carolina Dakota Australia",
}

TITLE_CASE = 0.6
"""A line with a larger share of capitals among its longer words says nothing by a capital."""


class Display:
    """Writes one talk's sentences down.

    Names are spelled as the video's title, description and chapters spell them, and English ones
    otherwise as usual. That changes only talks whose captions have no capitals.
    """

    def __init__(self, speech: Speech, video: Video) -> None:
        self._speech = speech
        words = [match[0] for match in re.finditer(r"[^\W\d_]+", speech.spoken)]
        capitals = sum(word[0].isupper() for word in words)
        self._has_capitals = capitals > 0.02 * len(words) or not _has_case(speech.spoken)
        self._spellings = {} if self._has_capitals else spellings(video, speech.language)

    def statement(self, sentence: Sentence) -> tuple[str, Sentence]:
        """Give a sentence's text, and the sentence from its first word that is shown on."""
        sentence = self._without_connectives(sentence)
        text = sentence.text
        if not self._has_capitals or sentence.commas or sentence.stops:
            text = self._spelled(sentence)
        if self._speech.language not in _SPACED:
            text = _DOUBLED.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text))
        text = capitalized(text)
        if sentence.ended:
            return text, sentence
        wide = any("\u3040" <= char <= "\u9fff" for char in text[-3:])
        mark = ("？" if wide else "?") if sentence.asks else ("。" if wide else ".")
        return text.rstrip(" ,;:-–—、，；：") + mark, sentence

    def phrase(self, text: str) -> str:
        """Give a phrase of the talk with its names spelled."""
        return _WORD.sub(lambda match: self._name(match[0]), text)

    def _without_connectives(self, sentence: Sentence) -> Sentence:
        """The sentence without the “so” or “and” before what stands by itself."""
        words = [word.casefold() for word in words_of(sentence.text)]
        count = connectives(words, self._speech.language)
        if not count:
            return sentence
        shown = self._speech.spoken[sentence.offset : sentence.stop]
        places = [match.start() for match in re.finditer(r"\S*\w\S*", shown)]
        if len(places) <= count:
            return sentence
        offset = sentence.offset + places[count]
        return replace(
            sentence,
            offset=offset,
            text=tidy(self._speech.spoken[offset : sentence.stop]),
            first=self._speech.cue_at(offset),
            start=self._speech.time_at(offset),
        )

    def _spelled(self, sentence: Sentence) -> str:
        shown = self._speech.spoken[sentence.offset : sentence.stop]
        words: list[str] = []
        for match in re.finditer(r"\S+", shown):
            place = sentence.offset + match.start()
            word = _WORD.sub(lambda found: self._name(found[0]), match[0])
            if place in sentence.stops and words:
                words[-1] = words[-1].rstrip(",;:") + "."
                word = capitalized(word)
            elif place in sentence.commas and words:
                words[-1] = words[-1].rstrip(",") + ","
            if words and word.rstrip(",.?!") in _BEFORE_NAMES.get(words[-1], "").split():
                words[-1] = capitalized(words[-1])
            words.append(word)
        return " ".join(words)

    def _name(self, word: str) -> str:
        if self._has_capitals:
            return word
        plain = bare(word)
        whole = self._spellings.get(plain)
        if whole is not None:
            return word.lower().replace(plain, whole)
        ending = _POSSESSIVE.search(word)
        if ending:
            return self._name(word[: ending.start()]) + ending[0]
        return word


def capitalized(text: str) -> str:
    """A text with its first letter as a capital, after quotes and brackets."""
    opening = _OPENING.match(text)
    at = opening.end() if opening else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def spellings(video: Video, language: str) -> Mapping[str, str]:
    """Learn how names are spelled from what the author wrote: bare words and their spelling.

    A capital inside a sentence counts; in a line where most words have one, only on a word that is
    not usual in English, or one with a capital inside (LaTeX).
    """
    known = vocabulary_index() if language in TEXT_LANGUAGES else {}
    found: dict[str, Counter[str]] = {}
    lines = [video.title, *video.description.splitlines(), *(c.title for c in video.chapters)]
    for line in lines:
        words = list(_WORD.finditer(line))
        longer = [match[0] for match in words if len(match[0]) > 3]
        shouted = sum(word[0].isupper() for word in longer) > TITLE_CASE * max(2, len(longer))
        for match in words:
            word = match[0].rstrip(".'’-")
            plain = bare(_POSSESSIVE.sub("", word))
            inside = any(char.isupper() for char in word[1:])
            opens = bool(_SENTENCE_START.search(line[: match.start()]))
            unusual = bool(known) and plain not in known and len(plain) > 2
            proper = word[0].isupper() and not opens and (not shouted or unusual)
            if inside and not line.isupper():
                proper = proper or not word.isupper() or not shouted
            count = found.setdefault(plain, Counter())
            count[_POSSESSIVE.sub("", word) if proper else plain] += 1
    usual = usual_spellings() if language in TEXT_LANGUAGES else {}
    own = {}
    for plain, count in found.items():
        best = max(count, key=lambda form: (count[form], form != plain, form))
        if best != plain:
            own[plain] = best
    return {**usual, **own}


def _has_case(text: str) -> bool:
    """Whether a text is in a script with capitals."""
    return any(char.islower() or char.isupper() for char in text[:2000])
