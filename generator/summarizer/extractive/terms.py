"""Take sentences apart into terms: stems of words, or pairs of characters without spaces."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from generator.summarizer.extractive.sentences import Sentence
from generator.summarizer.extractive.speech import count_unspaced
from generator.summarizer.stems import stemmer_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_CELLS = 4_000_000
"""Sentences times terms of the table: with more sentences fewer of the rarer terms are kept."""

MAX_TERMS = 3000

# What is left of a contraction is a stop word where its whole is not listed: “here's”, “you'd”.
_CONTRACTED = re.compile(r"(?:['’](?:s|d|m|t|re|ve|ll)|n['’]t)$")
_ENGLISH_FILLERS = """
going gonna wanna gotta kinda okay yeah guys thing things stuff lot lots bit let lets let's
actually really basically maybe pretty sort kind way ways
"""
_SPOKEN_ENGLISH = frozenset(_ENGLISH_FILLERS.split())


class Language:
    """The stop words and the stemmer of a language, as far as there are any."""

    def __init__(self, code: str, words: Counter[str]) -> None:
        """`words` are the transcript's own: a language without a list has its commonest as one."""
        import stopwordsiso

        self.code = code
        listed = {unicodedata.normalize("NFC", word) for word in stopwordsiso.stopwords(code)}
        if code == "en":
            listed |= _SPOKEN_ENGLISH
        self.stop_words = frozenset(listed) if listed else _commonest(words)
        self._stem = stemmer_of(code)
        self._stems: dict[str, str] = {}
        self._stops: dict[str, bool] = {}

    def is_stop(self, word: str) -> bool:
        """Whether a case-folded word is one that carries a sentence rather than its matter."""
        known = self._stops.get(word)
        if known is None:
            plain = word.replace("’", "'")
            bare = _CONTRACTED.sub("", plain)
            known = plain in self.stop_words or (bare != plain and bare in self.stop_words)
            self._stops[word] = known
        return known

    def stem(self, word: str) -> str:
        """What the forms of a case-folded word have in common."""
        known = self._stems.get(word)
        if known is None:
            known = _CONTRACTED.sub("", word)
            if self._stem:
                known = self._stem(known)
            self._stems[word] = known
        return known


def _commonest(words: Counter[str]) -> frozenset[str]:
    """Short words that make up more than 0.5 % of all."""
    total = sum(words.values())
    if total < 400:
        return frozenset()
    return frozenset(w for w, n in words.items() if n > total * 0.005 and len(w) <= 5)


# Most text has no combining marks, and needs no other package.
_WORD = re.compile(r"[^\W_]+(?:[’'\-‑.][^\W_]+)*")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u0591-\u1dff\ua66f-\uabff]")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:['\-.][A-Za-z0-9]+)*")


@cache
def word_pattern() -> Any:
    """Compile the pattern of words of any script: letters with their marks, digits, and what joins
    them inside."""
    import regex

    char = r"(?:[^\W_]|[\p{Mn}\p{Mc}])"
    return regex.compile(rf"[^\W_]{char}*(?:[’'\-‑.](?=[^\W_]){char}+)*")


def words_of(text: str) -> list[str]:
    """The words of a text as written; a run of an unspaced script is one."""
    if text.isascii():
        return _ASCII_WORD.findall(text)
    words: list[str] = (word_pattern() if _MARKS.search(text) else _WORD).findall(text)
    return words


class Terms:
    """The terms of each sentence, and their weights as a table.

    `table` has a row a sentence and a column a term: the term's count, damped, times its inverse
    sentence frequency (Salton and Buckley 1988), in float32. Rows are not normalised, so that sums
    of rows are windows. `words` are each sentence's words, case folded,
    `counts` how often each is said, `frequency` the number of sentences that a term is in.
    """

    def __init__(self, sentences: tuple[Sentence, ...], language: str) -> None:
        self.words = [[w.casefold() for w in words_of(s.text)] for s in sentences]
        counts = Counter(word for words in self.words for word in words)
        self.counts = counts
        self.language = Language(language, counts)
        self._kana = _is_mixed_kana(counts)
        of_word = {word: self.terms_of(word) for word in counts}
        self.terms = [[term for word in words for term in of_word[word]] for words in self.words]
        self.frequency = Counter(term for terms in self.terms for term in set(terms))
        self.table = self._weigh()

    @property
    def recurring(self) -> NDArray[np.float32]:
        """The columns of terms that more than one sentence has."""
        count = sum(number > 1 for number in self.frequency.values())
        return self.table[:, : max(1, count)]

    def terms_of(self, word: str) -> tuple[str, ...]:
        """The terms of a case-folded word: none of a stop word."""
        if count_unspaced(word):
            return self._pairs(word)
        if self.language.is_stop(word) or (len(word) < 2 and not word.isdigit()):
            return ()
        return (self.language.stem(word),)

    def _pairs(self, run: str) -> tuple[str, ...]:
        """Pairs of characters, as is usual where words are not marked; of Japanese, those with a
        character that is no hiragana, which writes the grammar."""
        pairs = [run[i : i + 2] for i in range(max(1, len(run) - 1))]
        if self._kana:
            pairs = [p for p in pairs if not all("\u3041" <= char <= "\u309f" for char in p)]
        return tuple(p for p in pairs if p not in self.language.stop_words)

    def _weigh(self) -> NDArray[np.float32]:
        import numpy as np

        frequency = self.frequency
        size = max(50, min(MAX_TERMS, MAX_CELLS // max(1, len(self.terms))))
        # The commonest first: what occurs in one sentence alone binds nothing together.
        kept = sorted(frequency, key=lambda term: (-frequency[term], term))[:size]
        column = {term: index for index, term in enumerate(kept)}
        rows, columns, values = [], [], []
        for row, terms in enumerate(self.terms):
            for term, count in Counter(terms).items():
                if term in column:
                    rows.append(row)
                    columns.append(column[term])
                    values.append(1.0 + math.log(count))
        table = np.zeros((len(self.terms), max(1, len(kept))), dtype=np.float32)
        if rows:
            inverse = np.array([math.log(1.0 + len(self.terms) / frequency[t]) for t in kept])
            table[rows, columns] = np.array(values) * inverse[columns]
        return table


def _is_mixed_kana(counts: Counter[str]) -> bool:
    text = "".join(counts)
    hiragana = sum("\u3041" <= char <= "\u309f" for char in text)
    return 0 < hiragana < 0.9 * len(text)
