"""Find the sentences of a talk, in any script, with or without punctuation."""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.summarizer.extractive.boundaries import (
    TEXT_LANGUAGES,
    Chances,
    Words,
    bare,
    chances,
    silences,
    weights,
)
from generator.summarizer.extractive.function_words import is_question, openers
from generator.summarizer.extractive.speech import Speech, Token, count_unspaced

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CUT = 0.4
"""A stretch is parted before a word whose chance to begin a sentence is higher."""

COMMA_CUT = 0.6
"""A comma is shown before a word if the chance of punctuation is higher, where there is none."""

STOP_CUT = 0.85
"""A full stop is shown inside a statement if its chance is higher."""

QUESTION_CUT = 0.3
"""A sentence is taken for a question if the chance is higher."""

CUE_EDGE = 0.2
"""What is added to the chance of a word that opens a cue, where little else is known."""

LONGEST = 150
"""A longer sentence, in words, is taken as several that lack their punctuation."""

LONGEST_BARE = 40
"""The same for one that ends without punctuation."""

LONGEST_FOUND = 36
"""A longer stretch, in words, is parted at its likeliest place, however unlikely that is."""

SHORTEST = 4
"""A stretch is not parted so close to its ends, in words."""

SMALL = 0.2
"""Small letters begin sentences if a larger share begins with one; else these are no sentences."""

MAX_SECONDS = 30.0
"""A stretch that lasts longer is parted, too."""

_STOPS = ".!?…‼⁇-⁉。．｡！？؟۔।॥።፧။។։"
_CLOSING = "\"'’”»›)\\]」』）】"
_ENDING = re.compile(rf"[{_STOPS}][{_CLOSING}]*$")
# The splitter takes “No.” for the abbreviation of “number” even before a word.
_ANSWER = re.compile(r"(?:^|(?<=[.!?] ))No\.\s+(?=[^\W\d])")
_WORD = re.compile(r"\s*([^\W\d_]+)")
_EDGES = " ,;:.-–—…、，"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it was spoken, without what `unspoken` leaves out.

    Where the text has no punctuation, `joined` makes one of several.

    `first` and `last` are the cues it begins and ends in; `offset` and `stop` its place in the text
    of all cues joined by spaces; `start` and `end` in seconds; `pause` is the silence before it, in
    seconds. `ended` says whether it has its own punctuation, `asks` whether it is a question.
    `begins` and `ends` are the chances that a sentence begins and ends there, 1 where the text is
    punctuated; `commas` and `stops` are the offsets of words before which a comma or a full stop
    belongs that the text lacks.
    """

    text: str
    first: int
    last: int
    offset: int
    stop: int
    start: float
    end: float
    pause: float
    ended: bool
    asks: bool
    begins: float = 1.0
    ends: float = 1.0
    commas: tuple[int, ...] = ()
    stops: tuple[int, ...] = ()

    @property
    def certainty(self) -> float:
        """The chance that it begins and ends where sentences do."""
        return self.begins * self.ends


@dataclass(frozen=True, slots=True)
class _Span:
    """Tokens `first` to `last` (exclusive) between two places where a sentence ends."""

    first: int
    last: int
    begins: float = 1.0
    ends: float = 1.0
    found: bool = False


def find_sentences(
    speech: Speech, pauses: Mapping[str, NDArray[np.float32]] | None = None
) -> tuple[Sentence, ...]:
    """Find the sentences that have a letter or a digit, in the order they were said.

    Punctuation decides where there is any; where speech runs on without, the learned model does,
    joined by `pauses` (default: what the package keeps).
    """
    tokens = speech.tokens
    if not tokens:
        return ()
    spans = _punctuated(speech)
    words = words_of_talk(speech)
    silence, _ = silences(words)
    stretches = [(span.first, span.last) for span in spans if _runs_on(speech, span)]
    found = chances(words, stretches, pauses or weights()) if stretches else None
    if found is not None and not speech.is_timed and speech.language not in TEXT_LANGUAGES:
        found = _with_cue_edges(speech, found)
    parted: list[_Span] = []
    for span in spans:
        if found is not None and _runs_on(speech, span):
            parted.extend(_part(tokens, span, found))
        else:
            parted.append(span)
    sentences = (_sentence(speech, span, silence, found) for span in parted)
    return tuple(sentence for sentence in sentences if sentence)


def _with_cue_edges(speech: Speech, found: Chances) -> Chances:
    """Raise the chance of words that open a cue, where neither words nor their times tell more."""
    import numpy as np

    opening = np.isin([token.offset for token in speech.tokens], speech.starts)
    return replace(found, begins=np.minimum(1.0, found.begins + CUE_EDGE * opening))


def words_of_talk(speech: Speech) -> Words:
    """The talk's words as the models see them."""
    import numpy as np

    return Words(
        texts=[bare(speech.spoken[token.offset : token.stop]) for token in speech.tokens],
        starts=np.array([token.start for token in speech.tokens]),
        timed=speech.is_timed,
        language=speech.language,
        stop_words=_stop_words(speech.language),
        openers=openers(speech.language),
    )


@cache
def _stop_words(language: str) -> frozenset[str]:
    import stopwordsiso

    return frozenset(stopwordsiso.stopwords(language))


def _punctuated(speech: Speech) -> list[_Span]:
    """The spans between full stops, and between speakers."""
    from sentencex import segment

    offsets = [token.offset for token in speech.tokens]
    ends: list[int] = []
    bounds = [0, *speech.turns, len(speech.spoken)]
    for start, stop in pairwise(bounds):
        at = start
        for piece in segment(speech.language, speech.spoken[start:stop]):
            ends.extend(at + answer.end() for answer in _ANSWER.finditer(piece))
            at += len(piece)
            ends.append(at)
    spans, first = [], 0
    for end in _without_abbreviations(speech, ends):
        last = bisect.bisect_left(offsets, end)
        if last > first:
            spans.append(_Span(first, last))
            first = last
    return spans


def _without_abbreviations(speech: Speech, ends: list[int]) -> list[int]:
    """Leave out full stops before small letters, in a talk where hardly any sentence has them."""
    text = speech.spoken
    fixed = {*speech.turns, len(text)}
    small = {
        end
        for end in ends
        if end not in fixed
        and text[max(0, end - 3) : end].rstrip().endswith(".")
        and (word := _WORD.match(text, end))
        and word[1].islower()
    }
    return [end for end in ends if end not in small] if len(small) < SMALL * len(ends) else ends


def _runs_on(speech: Speech, span: _Span) -> bool:
    """Whether a span is too long to be one sentence."""
    tokens = speech.tokens[span.first : span.last]
    text = speech.spoken[tokens[0].offset : tokens[-1].stop]
    size = sum(token.size for token in tokens)
    lasts = tokens[-1].start - tokens[0].start
    if _ENDING.search(text):
        return size > LONGEST
    return size > LONGEST_BARE or lasts > MAX_SECONDS


def _part(tokens: tuple[Token, ...], span: _Span, found: Chances) -> list[_Span]:
    """Part a span where sentences likely begin, and what is still too long at its best places."""
    likely = [i for i in range(span.first + 1, span.last) if found.begins[i] > CUT]
    bounds = [span.first, *likely, span.last]
    done: list[int] = []
    waiting = list(pairwise(bounds))[::-1]
    while waiting:
        first, last = waiting.pop()
        cut = _best_cut(tokens, first, last, found)
        if cut is None:
            done.append(last)
        else:
            waiting += [(cut, last), (first, cut)]
    edges = [span.first, *done]
    chance = {span.first: span.begins, span.last: span.ends}
    return [
        _Span(
            first,
            last,
            chance.get(first, float(found.begins[first])),
            chance.get(last, float(found.begins[min(last, len(found.begins) - 1)])),
            found=True,
        )
        for first, last in pairwise(edges)
    ]


def _best_cut(tokens: tuple[Token, ...], first: int, last: int, found: Chances) -> int | None:
    """The likeliest place to part a stretch that is too long, or None."""
    size = sum(token.size for token in tokens[first:last])
    lasts = tokens[last - 1].start - tokens[first].start
    if last - first < 2 or (size <= LONGEST_FOUND and lasts <= MAX_SECONDS):
        return None
    margin = min(SHORTEST, (last - first) // 2)
    places = range(first + margin, last - margin + 1)
    middle = (first + last) / 2
    return max(
        places,
        key=lambda place: (round(float(found.begins[place]), 3), -abs(place - middle), -place),
    )


def _sentence(
    speech: Speech, span: _Span, silence: np.ndarray, found: Chances | None
) -> Sentence | None:
    tokens = speech.tokens[span.first : span.last]
    raw = speech.spoken[tokens[0].offset : tokens[-1].stop]
    offset = tokens[0].offset + len(raw) - len(raw.lstrip(_EDGES))
    stop = tokens[-1].stop
    text = _text(speech, offset, stop)
    if not any(char.isalnum() for char in text):
        return None
    learned = span.found and found is not None
    asks = text.rstrip("\"'”»)").endswith(("?", "？", "؟"))
    commas: tuple[int, ...] = ()
    if learned and found is not None:
        after = min(span.last, len(found.asks) - 1)
        asks = bool(span.last < len(found.asks) and found.asks[after] > QUESTION_CUT)
        asks = asks or is_question(text.casefold().split(), speech.language)
        commas = tuple(
            token.offset
            for index, token in enumerate(tokens, span.first)
            if found.marked[index] > COMMA_CUT
        )
    return Sentence(
        text=text,
        first=speech.cue_at(offset),
        last=speech.cue_at(stop - 1),
        offset=offset,
        stop=stop,
        start=tokens[0].start,
        end=speech.end_at(stop),
        pause=max(0.0, float(silence[span.first])),
        ended=bool(_ENDING.search(text)),
        asks=asks,
        begins=span.begins,
        ends=span.ends,
        commas=commas,
    )


def joined(sentences: Sequence[Sentence]) -> Sentence:
    """Make one of consecutive sentences; a full stop belongs where it is likely that they meet."""
    first, last = sentences[0], sentences[-1]
    return replace(
        first,
        text=" ".join(sentence.text for sentence in sentences),
        last=last.last,
        stop=last.stop,
        end=last.end,
        ended=last.ended,
        asks=last.asks,
        ends=last.ends,
        commas=tuple(offset for sentence in sentences for offset in sentence.commas),
        stops=tuple(s.offset for s in sentences[1:] if s.begins > STOP_CUT),
    )


def _text(speech: Speech, offset: int, stop: int) -> str:
    """What is said from `offset` to `stop`; Chinese and Japanese cues join without a space."""
    said = speech.spoken[offset:stop]
    if count_unspaced(said) and _ENDING.search(said):
        for start in speech.starts[speech.cue_at(offset) + 1 : speech.cue_at(stop - 1) + 1][::-1]:
            before, after = said[: start - offset], said[start - offset :]
            if _JOINED.search(before.rstrip()[-1:] + after.lstrip()[:1]):
                said = before.rstrip() + after.lstrip()
    return tidy(said)


_JOINED = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]{2}")


def tidy(text: str) -> str:
    """Join blanked text: single spaces, and none where a removal left one before a stop."""
    text = re.sub(r"\s{2,}(?=[.,;:?!…])", "", text)
    return " ".join(text.split())
