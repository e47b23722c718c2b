"""Names sections by their own key phrases, no two alike."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from generator.summarizer.extractive.marks import is_article, is_before_verb, is_link
from generator.summarizer.extractive.runs import count_unspaced
from generator.summarizer.extractive.sentences import Sentence
from generator.summarizer.extractive.terms import Terms, word_pattern, words_of

MAX_WORDS = 4
MAX_CHARACTERS = 60
MAX_RUN = 200
LONG_WORDS = 1500

_CLAUSE = re.compile(
    r"""[,;:!?()\[\]{}"“”«»„…。、，！？；：|—–♪।॥؟،؛・「」『』]+|\.(?=\s|$)|\s-\s"""
)
# Kanji, katakana, or another unspaced script; hiragana writes the grammar.
_RUN = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[\u30a0-\u30ff]+|[\u0e00-\u0eff]+|[\u1000-\u109f]+"
    r"|[\u1780-\u17ff]+"
)
_LENGTH_WORTH = {1: 0.65, 2: 1.8, 3: 2.0, 4: 2.0}

Key = tuple[str, ...]


@dataclass(slots=True)
class _Seen:
    """What is known of a phrase: its spellings, and how often it stood how."""

    forms: Counter[str] = field(default_factory=Counter)
    total: int = 0
    after_article: int = 0
    after_stop: int = 0
    before_stop: int = 0
    spread: int = 0


class Headings:
    """Key phrases of the sections of one talk; `starts` are the sections' first sentences.

    Candidates are runs of words that carry matter (Rose et al. 2010), here also joined by “of” and
    its like. The best of a section is said often in it and seldom elsewhere, begins after and ends
    before a small word, and is no verb.
    """

    def __init__(
        self, sentences: tuple[Sentence, ...], terms: Terms, starts: Sequence[int]
    ) -> None:
        self._language = terms.language
        self._often = terms.counts
        # In a long talk, what is said once is no matter of a section.
        self._seldom = 1 if sum(terms.counts.values()) > LONG_WORDS else 0
        self._seen: defaultdict[Key, _Seen] = defaultdict(_Seen)
        self._as_verb: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        self._counts: list[Counter[Key]] = []
        bounds = [*starts, len(sentences)]
        for start, stop in pairwise(bounds):
            counts: Counter[Key] = Counter()
            for sentence in sentences[start:stop]:
                counts.update(self._phrases(sentence))
            self._counts.append(counts)
            for key in counts:
                self._seen[key].spread += 1

    def _phrases(self, sentence: Sentence) -> Iterator[Key]:
        for clause in _CLAUSE.split(sentence.text):
            words = words_of(clause)
            if count_unspaced(clause):
                yield from self._runs(words)
            elif words:
                yield from self._ngrams(words)

    def _ngrams(self, words: list[str]) -> Iterator[Key]:
        folded = [word.casefold().replace("’", "'") for word in words]
        language = self._language
        content = [not language.is_stop(w) and len(w) > 1 and not w.isdigit() for w in folded]
        fit = [c and self._often[w] > self._seldom for w, c in zip(folded, content, strict=True)]
        stems = [language.stem(w) if c else w for w, c in zip(folded, content, strict=True)]
        self._words.update(folded)
        for before, word in pairwise(folded):
            self._as_verb[word] += is_before_verb(before, language.code)
        for start in range(len(words)):
            if not fit[start]:
                continue
            for stop in range(start + 1, min(start + MAX_WORDS, len(words)) + 1):
                if not fit[stop - 1]:
                    if stop - start > 1 and is_link(folded[stop - 1], language.code):
                        continue
                    break
                if sum(not c for c in content[start:stop]) > 1:
                    break
                key = tuple(stems[start:stop])
                seen = self._seen[key]
                seen.total += 1
                opening = start == 0
                seen.forms[_capital(" ".join(words[start:stop]))] += 2 if opening else 1
                seen.after_stop += opening or not content[start - 1]
                seen.after_article += not opening and is_article(folded[start - 1], language.code)
                seen.before_stop += stop == len(words) or not content[stop]
                yield key

    def _runs(self, words: list[str]) -> Iterator[Key]:
        """Pieces of 2 to 8 characters of one script where words are not marked."""
        for found in _RUN.findall(" ".join(words)):
            run = found[:MAX_RUN]
            for size in range(2, min(8, len(run)) + 1):
                for start in range(len(run) - size + 1):
                    piece = run[start : start + size]
                    if piece in self._language.stop_words or not _is_uncut(run, start, size):
                        continue
                    seen = self._seen[(piece,)]
                    seen.total += 1
                    seen.forms[piece] += 1
                    seen.after_stop += start == 0
                    seen.before_stop += start + size == len(run)
                    yield (piece,)

    def name(self, section: int, taken: set[str]) -> str | None:
        """The section's best phrase that is none of `taken` (case folded), or None."""
        for key in self._ranked(section):
            form = self._form(key)
            if form and form.casefold() not in taken:
                return form
        return None

    def _ranked(self, section: int) -> list[Key]:
        counts = self._counts[section]
        again = {key: n for key, n in counts.items() if n > 1}
        found = again if len(again) > 20 else counts
        scored = [(-round(self._score(key, n), 6), key) for key, n in found.items()]
        return [key for _, key in sorted(scored)[:100]]

    def _score(self, key: Key, count: int) -> float:
        seen = self._seen[key]
        rare = math.log((1 + len(self._counts)) / (0.5 + seen.spread)) + 0.15
        score = math.log(1 + count) * math.sqrt(count / seen.total) * max(rare, 0.05)
        bounded = (0.5 + 0.5 * seen.after_stop / seen.total) * (
            0.25 + 0.75 * seen.before_stop / seen.total
        )
        if count_unspaced(key[0]):
            return score * bounded * math.sqrt(len(key[0])) * (1.0 if count > 1 else 0.2)
        if count == 1:
            score *= 0.35
        if len(key) == 1 and count < 3:
            score *= 0.5
        if any(char.isdigit() for word in key for char in word):
            score *= 0.5
        nominal = 0.7 + 0.6 * seen.after_article / seen.total
        form = self._form(key).casefold().split()
        verbs = (1 - 0.8 * self._verb(form[-1])) * (1 - 0.5 * self._verb(form[0])) if form else 1.0
        return score * bounded * nominal * verbs * _LENGTH_WORTH[len(key)]

    def _verb(self, word: str) -> float:
        return min(1.0, 2 * self._as_verb[word] / max(1, self._words[word]))

    def _form(self, key: Key) -> str:
        """The commonest spelling; what begins a clause counts twice, being likely a subject."""
        forms = self._seen[key].forms
        best = min(forms, key=lambda form: (-forms[form], form))
        return best if len(best) <= MAX_CHARACTERS else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_uncut(run: str, start: int, size: int) -> bool:
    """Whether a piece begins and ends between characters, not before a mark that belongs to one."""
    after = run[start + size : start + size + 1]
    return all(unicodedata.category(c)[0] != "M" for c in (run[start], after) if c)


def opening_words(text: str) -> str:
    """A sentence's first words, for a section without a phrase of its own."""
    text = _capital(text)
    if len(text) <= MAX_CHARACTERS:
        return text.rstrip(".,;:!?…。、 ")
    words = list(word_pattern().finditer(text[:MAX_CHARACTERS]))[:-1]
    return text[: words[-1].end() if words else MAX_CHARACTERS] + "…"
