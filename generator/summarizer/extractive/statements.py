"""Choose the sentences that carry a talk and each of its sections."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator.summarizer.extractive.function_words import (
    connectives,
    greets,
    is_aside,
    is_joined,
    is_marked,
    is_subordinate,
    leans,
    promises,
    promotes,
)
from generator.summarizer.extractive.learned import Logistic, learned, shifted, standard
from generator.summarizer.extractive.sentences import Sentence, joined
from generator.summarizer.extractive.speech import count_unspaced
from generator.summarizer.extractive.terms import Terms, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FEWEST_WORDS, MOST_WORDS = 7, 38
"""A statement has so many words, if there are enough such sentences."""

SHORT_CLAUSE = 18
"""In text without punctuation, fewer words after an “if” are likely half a sentence."""

CERTAINTY = 10.0
"""What the logarithm of a statement's certainty counts, in log odds."""

SURE, SURE_END = 0.74, 0.84
"""A statement is sure if the chances that both its ends are right, and that its end is, are as
high."""

UNFIT = 10000.0
"""What is taken off a sentence that is no good statement: it is chosen if there is nothing else."""

UNSURE = 1000.0
"""What is taken off a sentence that is uncertain: such sentences come after all others, and only
until a note has a third of the statements it should have."""

TITLE = 5.0
"""What naming the title's subject counts for the first statement of a lead, in log odds."""

PROMOTION = 30.0
"""Seconds on either side of a request to subscribe that belong to it."""

NEARBY = 90.0
"""Seconds on either side that are a sentence's surroundings."""

MOST_IN_A_SECTION = 7
ALIKE = 0.75
"""A sentence whose cosine with one that is chosen is higher says the same again."""


def statement_count(seconds: float, sentences: int) -> int:
    """How many statements the sections of a talk have together."""
    return max(1, min(round(6 + seconds / 75), sentences // 2))


def passages(sentences: Sequence[Sentence]) -> list[int]:
    """Decide for each sentence with which one a statement that begins with it ends: its index.

    That is the sentence itself where its end is sure. Where the text has no punctuation it is the
    one of the following whose end is surest, as long as the statement is not too long.
    """
    found = []
    for index in range(len(sentences)):
        best, surest, words = index, -1.0, 0
        for last in range(index, len(sentences)):
            words += len(sentences[last].text.split())
            if last > index and words > MOST_WORDS:
                break
            if sentences[last].ends > surest:
                best, surest = last, sentences[last].ends
            if surest >= 1.0:
                break
        found.append(best)
    return found


class Choice:
    """Scores the sentences of one talk as statements, and chooses among them."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        terms: Terms,
        title: str,
        model: Logistic | None = None,
    ) -> None:
        import numpy as np

        self._sentences = sentences
        self._lasts = passages(sentences)
        self._whole = [
            sentences[first] if last == first else joined(sentences[first : last + 1])
            for first, last in enumerate(self._lasts)
        ]
        self._free = np.ones(len(sentences), dtype=bool)
        self._unit = unit_rows(terms)
        columns = statement_features(sentences, terms, self._unit)
        self._of_title = _overlap(terms, title)
        sure = np.array([math.log(max(1e-3, whole.certainty)) for whole in self._whole])
        fit = np.array([is_fit(whole, terms) for whole in self._whole])
        language = terms.language.code
        asides = np.array([is_aside(words, language) for words in terms.words])
        promised = np.array([promises(words, language) for words in terms.words])
        fit &= ~self._near_promotion(terms)
        self._worth = (model or learned().statements).logits(columns) + CERTAINTY * sure
        unsure = np.array([w.certainty < SURE or w.ends < SURE_END for w in self._whole])
        self._worth += 0.3 * self._of_title - UNFIT * ~fit - UNSURE * unsure
        # A lead may say what the video is about; in a section that is no news.
        self._about = self._worth + TITLE * self._of_title
        self._worth = self._worth - UNFIT * (asides | promised)

    def _near_promotion(self, terms: Terms) -> NDArray[np.bool_]:
        """Which sentences are said within half a minute of a request to subscribe, or a sponsor."""
        import numpy as np

        starts = np.array([sentence.start for sentence in self._sentences])
        near = np.zeros(len(starts), dtype=bool)
        for start, words in zip(starts, terms.words, strict=True):
            if promotes(words, terms.language.code):
                near |= np.abs(starts - start) <= PROMOTION
        return near

    def statement(self, index: int) -> Sentence:
        """The sentence that a statement shows which begins with this one."""
        return self._whole[index]

    def is_sure(self, first: int, stop: int) -> bool:
        """Tell whether any of these sentences makes a statement that is fit and certain."""
        return bool((self._worth[first:stop] > -UNSURE / 2).any())

    def lead(self, count: int) -> list[int]:
        """Choose the statements that say what the talk is about and what it concludes, in order.

        The first is from the first part of the talk and likely names its title; the second, if any,
        from its end; the third from anywhere.
        """
        import numpy as np

        place = np.array([sentence.start for sentence in self._sentences])
        place = (place - place[0]) / max(1.0, float(place[-1] - place[0]))
        wanted = [(self._about, place <= 0.2), (self._worth, place >= 0.85), (self._worth, True)]
        chosen: list[int] = []
        for worth, within in wanted[:count]:
            allowed = within & self._free
            if allowed.any():
                chosen.append(int(np.argmax(np.where(allowed, np.round(worth, 6), -np.inf))))
                self._take(chosen[-1])
        return sorted(chosen)

    def sections(self, bounds: Sequence[int], total: int) -> list[list[int]]:
        """Choose about `total` statements among the sections that begin at `bounds`, each in order.

        Every section gets one, longer ones two; the rest go to the best sentences wherever they
        are, up to `MOST_IN_A_SECTION`. What stands in the lead is said again only where a section
        would have nothing else.
        """
        import numpy as np

        stops = [*bounds[1:], len(self._sentences)]
        order = [int(index) for index in np.argsort(-np.round(self._worth, 6), kind="stable")]
        chosen: list[list[int]] = [[] for _ in bounds]
        for least in (1, 2):
            for section, first, stop in zip(chosen, bounds, stops, strict=True):
                lasts = self._sentences[stop - 1].end - self._sentences[first].start
                if len(section) < least and (least == 1 or lasts > NEARBY):
                    inside = (i for i in order if first <= i < stop and self._free[i])
                    best = next(inside, None)
                    if best is not None and (least == 1 or self._worth[best] > -UNSURE / 2):
                        section.append(best)
                        self._take(best)
        section_of = np.searchsorted(np.array(bounds), np.arange(len(self._sentences)), "right") - 1
        count = sum(map(len, chosen))
        for index in order:
            enough = total if self._worth[index] > -UNSURE / 2 else total // 3
            if count >= enough or self._worth[index] < -UNFIT / 2:
                break
            section = chosen[section_of[index]]
            if self._free[index] and len(section) < MOST_IN_A_SECTION:
                section.append(index)
                self._take(index)
                count += 1
        for section, first, stop in zip(chosen, bounds, stops, strict=True):
            if not section:
                section.append(next(i for i in order if first <= i < stop))
        return [sorted(section) for section in chosen]

    def _take(self, index: int) -> None:
        """Note that a statement is chosen: what overlaps it or says the same again no longer is."""
        import numpy as np

        own = np.flatnonzero(self._unit[index])
        self._free &= self._unit[:, own] @ self._unit[index, own] < ALIKE
        last = self._lasts[index]
        self._free[index : last + 1] = False
        for before in range(max(0, index - MOST_WORDS), index):
            if self._lasts[before] >= index:
                self._free[before] = False


def is_fit(sentence: Sentence, terms: Terms) -> bool:
    """Tell whether a sentence can stand by itself as a statement, by its form alone."""
    words = [word.casefold() for word in words_of(sentence.text)]
    unspaced = count_unspaced(sentence.text)
    size = unspaced / 2 if unspaced > len(sentence.text) / 2 else len(words)
    broken_off = sentence.text.endswith(("...", "…", "-", "–", "—"))
    if not FEWEST_WORDS <= size <= MOST_WORDS or sentence.asks or broken_off:
        return False
    language = terms.language.code
    if sentence.begins < 1.0 and size < SHORT_CLAUSE and is_subordinate(words, language):
        return False
    # Where it is uncertain that a sentence begins, a connective is no sign that one does.
    count = connectives(words, language) if sentence.begins >= 1.0 else 0
    rest = words[count:]
    return not (
        leans(rest, language)
        or is_joined(rest, language)
        or is_marked(rest, language)
        or greets(words, language)
    )


def unit_rows(terms: Terms) -> NDArray[np.float32]:
    """The terms of each sentence as a vector of length 1."""
    import numpy as np

    squares = np.einsum("ij,ij->i", terms.table, terms.table, dtype=np.float64)
    norms = np.sqrt(np.maximum(squares, 1e-18)).astype(np.float32)
    unit: NDArray[np.float32] = terms.table / norms[:, None]
    return unit


def statement_features(
    sentences: Sequence[Sentence], terms: Terms, unit: NDArray[np.float32]
) -> dict[str, Array]:
    """Describe each sentence as a statement: a column for each feature.

    Its place in the talk; its length, and that of its neighbors; how many of its words carry
    content, and how rare they are; how near it is to the whole talk's centroid and to its
    surroundings' (Radev et al. 2004); how it begins.
    """
    import numpy as np

    count = len(sentences)
    language = terms.language.code
    starts = np.array([sentence.start for sentence in sentences])
    words = np.array([float(len(found)) for found in terms.words])
    content = np.array([float(len(found)) for found in terms.terms])
    place = np.linspace(0.0, 1.0, count)
    centroid = unit.sum(axis=0, dtype=np.float64)
    central = unit @ (centroid / max(float(np.linalg.norm(centroid)), 1e-9)).astype(np.float32)
    sums = np.zeros((count + 1, unit.shape[1]), dtype=np.float32)
    np.cumsum(unit, axis=0, dtype=np.float32, out=sums[1:])
    low = np.searchsorted(starts, starts - NEARBY)
    high = np.searchsorted(starts, starts + NEARBY)
    local = np.zeros(count)
    for block in np.array_split(np.arange(count), count // 256 + 1):
        around = sums[high[block]] - sums[low[block]] - unit[block]
        norms = np.sqrt((around * around).sum(axis=1)) + 1e-9
        local[block] = (unit[block] * around).sum(axis=1) / norms
    seen: set[str] = set()
    new = np.zeros(count)
    for index, found in enumerate(terms.terms):
        for term in set(found) - seen:
            new[index] += terms.frequency[term] > 2
        seen.update(found)
    length = np.log1p(words)
    weight = np.einsum("ij,ij->i", terms.table, terms.table, dtype=np.float64)
    return {
        "length": standard(length),
        "words": np.minimum(words / 30, 2.0),
        "long": np.maximum(0.0, words - 35) / 20,
        "short": (words < FEWEST_WORDS).astype(float),
        "content": standard(np.log1p(content)),
        "density": content / np.maximum(words, 1),
        "central": standard(central.astype(np.float64)),
        "local": standard(local),
        "weight": standard(np.log1p(np.sqrt(weight))),
        "place": place,
        "middle": (place - 0.5) ** 2,
        "first": (place < 0.05).astype(float),
        "last": (place > 0.95).astype(float),
        "length_before": standard(shifted(length, -1)),
        "length_after": standard(shifted(length, 1)),
        "length_second_after": standard(shifted(length, 2)),
        "surroundings": standard(np.convolve(np.pad(words, 4), np.ones(9) / 9, "valid")),
        "leans": np.array([float(leans(found, language)) for found in terms.words]),
        "new": np.log1p(new),
    }


def _overlap(terms: Terms, title: str) -> Array:
    """What share of a title's terms each sentence has: of all of it, or of what it begins with."""
    import numpy as np

    shares = np.zeros(len(terms.terms))
    for part in (title, re.split(r"\s[|–—-]\s|:\s", title)[0]):
        wanted = {t for word in words_of(part) for t in terms.terms_of(word.casefold())}
        if wanted:
            share = [len(wanted.intersection(found)) / len(wanted) for found in terms.terms]
            shares = np.maximum(shares, share)
    return shares
