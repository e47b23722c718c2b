"""Chooses the statements that carry a talk and each of its sections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.summarizer.extractive.marks import is_aside, is_lean, promises
from generator.summarizer.extractive.runs import count_unspaced
from generator.summarizer.extractive.sentences import Sentence
from generator.summarizer.extractive.terms import Terms, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LEANING = 0.55
"""What a sentence that leans on the one before is worth where that one is not taken."""

LEANING_ALONE = 0.28
"""The same in the lead, where sentences from all over the talk stand side by side."""

ASIDE = 0.3
PROMISE = 0.7
"""What is left of a sentence about the video itself, and of one that says what will be said."""

BEGINS_WITH_TITLE = 6
"""A sentence that names the title's matter among so many first words is likely to define it."""


class Ranking:
    """How telling each sentence is, in the whole and within a span."""

    def __init__(self, sentences: tuple[Sentence, ...], terms: Terms, title: str) -> None:
        import numpy as np

        self.sentences = sentences
        squares = np.einsum("ij,ij->i", terms.table, terms.table, dtype=np.float64)
        norms = np.sqrt(np.maximum(squares, 1e-18)).astype(np.float32)
        self._unit = terms.table / norms[:, None]
        whole = self._unit.sum(axis=0, dtype=np.float64)
        self._whole = whole / max(float(np.linalg.norm(whole)), 1e-9)
        punctuated = sum(s.ended for s in sentences) > len(sentences) / 2
        language = terms.language.code
        self._fitness = np.array(
            [
                _fitness(s, words, punctuated)
                * (ASIDE if is_aside(words, language) else 1.0)
                * (PROMISE if promises(words, language) else 1.0)
                for s, words in zip(sentences, terms.words, strict=True)
            ]
        )
        self._leans = [
            index > 0 and is_lean(words, language) for index, words in enumerate(terms.words)
        ]
        self._of_title = self._overlap(terms, title)

    def _overlap(self, terms: Terms, title: str) -> Array:
        """What share of a title's terms a sentence has."""
        import numpy as np

        wanted = {t for word in words_of(title) for t in terms.terms_of(word.casefold())}
        if not wanted:
            return np.zeros(len(self.sentences))
        share = np.array([len(wanted.intersection(found)) / len(wanted) for found in terms.terms])
        begins = [
            any(not wanted.isdisjoint(terms.terms_of(w)) for w in words[:BEGINS_WITH_TITLE])
            for words in terms.words
        ]
        return np.asarray(np.minimum(1.0, 2 * share) * np.where(begins, 1.3, 1.0))

    def lead(self, count: int) -> list[int]:
        """The most telling sentences of the whole talk, in the order they were said.

        What is said early counts a little more: there speakers say what the talk is about.
        """
        import numpy as np

        place = np.linspace(0.0, 1.0, len(self.sentences))
        score = self._score(0, len(self.sentences)) * (1.0 + 0.6 * self._of_title)
        score = score * np.where(place < 0.2, 1.15, 1.0)
        return self._choose(0, score, count, frozenset(), alone=True)

    def carrying(self, start: int, stop: int, count: int, without: frozenset[int]) -> list[int]:
        """The sentences `start` to `stop` (exclusive) that carry that span, in order."""
        return self._choose(start, self._score(start, stop), count, without, alone=False)

    def _score(self, start: int, stop: int) -> Array:
        """Nearness to the span's centre (Radev et al. 2004), times the fitness to be quoted."""
        import numpy as np

        unit = self._unit[start:stop]
        centre = unit.sum(axis=0, dtype=np.float64)
        centre = centre / max(float(np.linalg.norm(centre)), 1e-9)
        aim = (0.75 * centre + 0.25 * self._whole).astype(np.float32)
        near = (unit @ aim).astype(np.float64) + 0.02
        near = near * (1.0 + 0.3 * self._of_title[start:stop])
        return np.asarray(near * self._fitness[start:stop])

    def _choose(
        self, start: int, score: Array, count: int, without: frozenset[int], alone: bool
    ) -> list[int]:
        """The best, each less worth by its likeness to those already taken (Carbonell and
        Goldstein 1998); a sentence that leans on another is worth more after it."""
        import numpy as np

        like = np.zeros(len(score))
        for index in sorted(without):
            like = np.maximum(like, self._likeness(index, start, len(score)))
        left = np.where(self._is_new(start, len(score), without), np.round(score, 6), -1.0)
        leans = np.array(self._leans[start : start + len(score)])
        taken: list[int] = []
        while len(taken) < count:
            held = np.zeros(len(score), dtype=bool)
            held[[index + 1 for index in taken if index + 1 < len(held)]] = True
            worth = left * (1.0 - 0.7 * like)
            worth = np.where(leans & ~held, worth * (LEANING_ALONE if alone else LEANING), worth)
            best = int(np.argmax(np.round(worth, 6)))
            if left[best] <= 0:
                break
            left[best] = -1.0
            taken.append(best)
            like = np.maximum(like, self._likeness(start + best, start, len(score)))
        return sorted(start + index for index in taken)

    def _likeness(self, index: int, start: int, count: int) -> Array:
        """The cosine of one sentence with a span's, over the few terms that it has."""
        import numpy as np

        own = np.flatnonzero(self._unit[index])
        likeness: Array = self._unit[start : start + count, own] @ self._unit[index, own]
        return likeness

    def _is_new(self, start: int, count: int, without: frozenset[int]) -> list[bool]:
        """Whether a sentence is none of `without`, in no matter which place, and no repetition."""
        said = {self.sentences[index].text.casefold() for index in without}
        new = []
        for sentence in self.sentences[start : start + count]:
            text = sentence.text.casefold()
            new.append(text not in said)
            said.add(text)
        return new


def _fitness(sentence: Sentence, words: list[str], punctuated: bool) -> float:
    """How fit a sentence is to stand by itself, by its form alone."""
    text = sentence.text
    unspaced = count_unspaced(text) > len(text) / 2
    size = len(text) * (2.5 if unspaced else 1.0)
    count = len(text) / 2.5 if unspaced else len(words)
    fitness = 1.0
    if count < 4:
        fitness *= 0.05
    elif count < 7:
        fitness *= 0.45
    elif count < 10:
        fitness *= 0.8
    if size > 260:
        fitness *= max(0.35, 260 / size)
    if text.rstrip("\"'”»)").endswith(("?", "？", "؟")):
        fitness *= 0.35
    if punctuated and not (sentence.ended and sentence.whole):
        fitness *= 0.3
    return fitness
