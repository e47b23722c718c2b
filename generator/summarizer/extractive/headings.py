"""Name sections by the phrases they are about, no two alike."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.summarizer.extractive.boundaries import TEXT_LANGUAGES, spoken_frequency
from generator.summarizer.extractive.display import capitalized
from generator.summarizer.extractive.function_words import is_article, is_before_verb, is_link
from generator.summarizer.extractive.learned import Logistic, learned
from generator.summarizer.extractive.sentences import Sentence
from generator.summarizer.extractive.speech import count_unspaced
from generator.summarizer.extractive.terms import Terms, word_pattern, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MAX_WORDS = 4
MAX_CHARACTERS = 60
MAX_RUN = 200

UNKNOWN_WORD = -16.0
"""The logarithm of the share of spoken English of a word that the vocabulary lacks."""

SECOND_PHRASE = 0.5
"""A heading names two phrases if the second is worth at least this share of the first."""

SURE = 0.7
"""One phrase is enough if it is worth more."""

ONCE = 0.6
"""What each word after the first leaves of a phrase that is said once in its section."""

USED_BEFORE = 0.6
"""What is left of a phrase whose words were all in earlier headings."""

_AND = {"en": "and"}

_CLAUSE = re.compile(
    r"""[,;:!?()\[\]{}"“”«»„…。、，！？；：|—–♪।॥؟،؛・「」『』]+|\.(?=\s|$)|\s-\s"""
)
# Kanji, katakana, or another unspaced script; hiragana writes the grammar.
_CAPITAL = re.compile(r"\b[^\W\d_a-z][\w'’-]*")
_RUN = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[\u30a0-\u30ff]+|[\u0e00-\u0eff]+|[\u1000-\u109f]+"
    r"|[\u1780-\u17ff]+"
)

Key = tuple[str, ...]


@dataclass(slots=True)
class _Phrase:
    """How a phrase is spelled in the talk, and how often it stands where."""

    forms: Counter[str] = field(default_factory=Counter)
    total: int = 0
    after_article: int = 0
    after_stop: int = 0
    before_stop: int = 0
    spread: int = 0


class Headings:
    """Key phrases of the sections of one talk; `starts` are the sections' first sentences.

    Candidates are runs of words that carry content (Rose et al. 2010), also joined by “of” and its
    like. Each word has a learned chance to be in the heading that people would give the section,
    from how often and where it is said there and elsewhere; a phrase is worth the chance that one
    of its words is.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        terms: Terms,
        starts: Sequence[int],
        title: str = "",
        shown: Callable[[str], str] = str,
        model: Logistic | None = None,
    ) -> None:
        """`shown` spells the names in a phrase."""
        self._language = terms.language
        self._shown = shown
        self._phrases: defaultdict[Key, _Phrase] = defaultdict(_Phrase)
        self._as_verb: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        self._stems: dict[str, str] = {}
        language = terms.language
        self._small_stems = (
            frozenset(map(language.stem, language.stop_words))
            if language.code not in TEXT_LANGUAGES
            else frozenset()
        )
        self._counts: list[Counter[Key]] = []
        bounds = [*starts, len(sentences)]
        for start, stop in pairwise(bounds):
            counts: Counter[Key] = Counter()
            for sentence in sentences[start:stop]:
                counts.update(self._candidates(sentence))
            self._counts.append(counts)
            for key in counts:
                self._phrases[key].spread += 1
        self._used: set[str] = set()
        self._chances = word_chances(sentences, terms, bounds, title, model or learned().headings)

    def _candidates(self, sentence: Sentence) -> Iterator[Key]:
        for clause in _CLAUSE.split(sentence.text):
            words = words_of(clause)
            if count_unspaced(clause):
                yield from self._runs(words)
            elif words:
                yield from self._ngrams(words)

    def _ngrams(self, words: list[str]) -> Iterator[Key]:
        code = self._language.code
        folded = [word.casefold().replace("’", "'") for word in words]
        stems = [self._content_stem(word) for word in folded]
        self._words.update(folded)
        self._as_verb.update(
            word for before, word in pairwise(folded) if is_before_verb(before, code)
        )
        count = len(words)
        for start, first in enumerate(stems):
            if not first:
                continue
            key: Key = ()
            small = 0
            after_stop = start == 0 or not stems[start - 1]
            after_article = start > 0 and is_article(folded[start - 1], code)
            for stop in range(start + 1, min(start + MAX_WORDS, count) + 1):
                stem = stems[stop - 1]
                key = (*key, stem or folded[stop - 1])
                if not stem:
                    small += 1
                    if small > 1 or not is_link(folded[stop - 1], code):
                        break
                    continue
                phrase = self._phrases[key]
                phrase.total += 1
                phrase.forms[" ".join(words[start:stop])] += 1
                phrase.after_stop += after_stop
                phrase.after_article += after_article
                phrase.before_stop += stop == count or not stems[stop]
                yield key

    def _content_stem(self, word: str) -> str:
        """The stem of a case-folded word, or nothing if the word carries no content."""
        known = self._stems.get(word)
        if known is None:
            bare = self._language.is_stop(word) or len(word) < 2 or word.isdigit()
            stem = self._language.stem(word)
            # In languages with many endings a list of stop words lacks most of their forms.
            bare = bare or (len(word) < 7 and stem in self._small_stems)
            known = self._stems[word] = "" if bare else stem
        return known

    def _runs(self, words: list[str]) -> Iterator[Key]:
        """Pieces of 2 to 8 characters of one script where words are not marked."""
        for found in _RUN.findall(" ".join(words)):
            run = found[:MAX_RUN]
            for size in range(2, min(8, len(run)) + 1):
                for start in range(len(run) - size + 1):
                    piece = run[start : start + size]
                    if piece in self._language.stop_words or not _is_uncut(run, start, size):
                        continue
                    phrase = self._phrases[(piece,)]
                    phrase.total += 1
                    phrase.forms[piece] += 1
                    phrase.after_stop += start == 0
                    phrase.before_stop += start + size == len(run)
                    yield (piece,)

    def name(self, section: int, taken: set[str]) -> str | None:
        """Give the section's best phrase or two that are none of `taken` (case-folded), or None.

        Sections are to be named in order: what earlier headings said is worth less.
        """
        ranked = [(worth, key, self._form(key)) for worth, key in self._ranked(section)]
        ranked = [(worth, key, form) for worth, key, form in ranked if len(form) <= MAX_CHARACTERS]
        code = self._language.code
        conjunction = _AND.get(code) if code in TEXT_LANGUAGES else None
        for rank, (worth, key, phrase) in enumerate(ranked):
            form = capitalized(phrase)
            free = form.casefold() not in taken
            if conjunction and worth <= SURE and conjunction not in form.split():
                for second, other, more in ranked[rank + 1 :]:
                    if second < SECOND_PHRASE * worth:
                        break
                    both = f"{form} {conjunction} {more}"
                    fits = len(both) <= MAX_CHARACTERS and conjunction not in more.split()
                    if fits and not set(other) & set(key) and both.casefold() not in taken:
                        self._used.update(key, other)
                        return both
            if free:
                self._used.update(key)
                return form
        return None

    def _ranked(self, section: int) -> list[tuple[float, Key]]:
        counts = self._counts[section]
        scored = [(-round(self._worth(key, n, section), 6), key) for key, n in counts.items()]
        return [(-worth, key) for worth, key in sorted(scored)[:30]]

    def _worth(self, key: Key, count: int, section: int) -> float:
        phrase = self._phrases[key]
        bounded = (0.5 + 0.5 * phrase.after_stop / phrase.total) * (
            0.25 + 0.75 * phrase.before_stop / phrase.total
        )
        if count_unspaced(key[0]):
            rare = math.log((1 + len(self._counts)) / (0.5 + phrase.spread)) + 0.15
            score = math.log(1 + count) * math.sqrt(count / phrase.total) * max(rare, 0.05)
            return score * bounded * math.sqrt(len(key[0])) * (1.0 if count > 1 else 0.2)
        chances = self._chances[section]
        if self._language.code in TEXT_LANGUAGES:
            missed = math.prod(1.0 - chances.get(word, 0.0) for word in key)
        else:
            # Less is known of each word: more of them make no surer heading.
            missed = 1.0 - max(chances.get(word, 0.0) for word in key) * min(1.0, count / 3)
        form = self._spelling(key).casefold().split()
        nominal = 0.8 + 0.4 * phrase.after_article / phrase.total
        verbs = (1 - 0.6 * self._verb(form[-1])) * (1 - 0.4 * self._verb(form[0]))
        once = ONCE ** (len(key) - 1) if count == 1 else 1.0
        used = USED_BEFORE if self._used.issuperset(key) else 1.0
        return (1.0 - missed) * bounded * nominal * verbs * once * used

    def _verb(self, word: str) -> float:
        return min(1.0, 2 * self._as_verb[word] / max(1, self._words[word]))

    def _spelling(self, key: Key) -> str:
        """The commonest spelling in the talk; in small letters if it ever has them."""
        forms = self._phrases[key].forms
        if len(forms) == 1:
            return next(iter(forms))
        best = min(forms, key=lambda form: (-forms[form], form))
        small = best[:1].lower() + best[1:]
        return small if small in forms else best

    def _form(self, key: Key) -> str:
        """The phrase with its names spelled."""
        return self._shown(self._spelling(key))


@dataclass(frozen=True, slots=True)
class _Counted:
    """A section's words by stem: how often, in how many sentences, where first, in which form."""

    often: Counter[str]
    sentences: Counter[str]
    place: dict[str, float]
    forms: dict[str, Counter[str]]
    size: int


def word_features(
    sentences: Sequence[Sentence], terms: Terms, bounds: Sequence[int], title: str
) -> list[tuple[list[str], dict[str, Array]]]:
    """Describe each section's words: their stems, and a column for each feature.

    How often a word is said in the section, in how many sentences, what share of all its uses that
    is, in how many sections it occurs; how rare it is in spoken English (only for English talks),
    and how much commoner here; how early in the section it comes; whether it is in the title, and
    how it looks.
    """
    import numpy as np

    language = terms.language
    sections = [_counted(terms, start, stop) for start, stop in pairwise(bounds)]
    total: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for section in sections:
        total.update(section.often)
        spread.update(set(section.often))
    capitals = _capitals(sentences, terms)
    of_title = {language.stem(word.casefold()) for word in words_of(title)}
    frequency = spoken_frequency() if language.code in TEXT_LANGUAGES else None
    found = []
    for section in sections:
        stems = sorted(section.often)
        often = np.array([section.often[stem] for stem in stems], dtype=float)
        forms = [section.forms[stem].most_common(1)[0][0] for stem in stems]
        rare = np.log(
            [(1 + len(sections)) / (0.5 + spread[stem]) for stem in stems] if stems else []
        )
        place = np.array([section.place[stem] for stem in stems])
        columns = {
            "often": np.log(often),
            "share": often / np.array([max(1, total[stem]) for stem in stems]),
            "rare": rare,
            "often_rare": np.log(often) * rare,
            "early": 1.0 - place,
            "opening": (place < 0.03).astype(float),
            "title": np.array([float(stem in of_title) for stem in stems]),
            "name": np.array([capitals[stem] / max(1, total[stem]) for stem in stems]),
            "letters": np.array([len(form) / 8 for form in forms]),
            "total": np.log([total[stem] for stem in stems] if stems else []),
            "sentences": np.log([section.sentences[stem] for stem in stems] if stems else []),
            "again": (often > 1).astype(float),
        }
        if frequency is not None:
            usual = np.array([frequency.get(form, UNKNOWN_WORD) for form in forms])
            columns["unusual"] = -usual / 5
            columns["often_unusual"] = np.log(often) * -usual / 5
            lift = np.log(often / max(1, section.size)) - usual if stems else often
            columns["lift"] = np.minimum(lift, 3.0) / 3
            for ending in ("ly", "ing", "ed"):
                columns[ending] = np.array([float(form.endswith(ending)) for form in forms])
        found.append((stems, columns))
    return found


def word_chances(
    sentences: Sequence[Sentence],
    terms: Terms,
    bounds: Sequence[int],
    title: str,
    model: Logistic,
) -> list[dict[str, float]]:
    """The chance of each section's words, by stem, to be in the heading people would give it."""
    found = []
    for stems, columns in word_features(sentences, terms, bounds, title):
        chances = map(float, model.chances(columns)) if stems else ()
        found.append(dict(zip(stems, chances, strict=True)))
    return found


def _counted(terms: Terms, start: int, stop: int) -> _Counted:
    language = terms.language
    counted = _Counted(Counter(), Counter(), {}, {}, sum(map(len, terms.words[start:stop])))
    known: dict[str, str] = {}
    at = 0
    for words in terms.words[start:stop]:
        stems = set()
        for word in words:
            at += 1
            stem = known.get(word)
            if stem is None:
                bare = len(word) < 2 or word.isdigit() or language.is_stop(word)
                stem = "" if bare or count_unspaced(word) else language.stem(word)
                known[word] = stem
            if stem:
                stems.add(stem)
                counted.often[stem] += 1
                counted.place.setdefault(stem, (at - 1) / max(1, counted.size))
                counted.forms.setdefault(stem, Counter())[word] += 1
        counted.sentences.update(stems)
    return counted


def _capitals(sentences: Sequence[Sentence], terms: Terms) -> Counter[str]:
    """How often each stem is written with a capital inside sentences."""
    found: Counter[str] = Counter()
    for sentence in sentences:
        for word in _CAPITAL.findall(sentence.text, 1):
            found[terms.language.stem(word.casefold())] += 1
    return found


def _is_uncut(run: str, start: int, size: int) -> bool:
    """Whether a piece begins and ends between characters, not before a mark that belongs to one."""
    after = run[start + size : start + size + 1]
    return all(unicodedata.category(c)[0] != "M" for c in (run[start], after) if c)


def opening_words(text: str) -> str:
    """A sentence's first words, for a section without a phrase of its own."""
    text = capitalized(text)
    if len(text) <= MAX_CHARACTERS:
        return text.rstrip(".,;:!?…。、 ")
    words = list(word_pattern().finditer(text[:MAX_CHARACTERS]))[:-1]
    return text[: words[-1].end() if words else MAX_CHARACTERS] + "…"
