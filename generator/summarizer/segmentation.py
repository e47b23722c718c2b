"""Divides a transcript into sections where the talk turns to something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.summarizer.marks import is_opener, turns
from generator.summarizer.sentences import Sentence
from generator.summarizer.terms import Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FEATURES = ("pause", "cohesion", "concepts", "depth", "order", "turn", "news", "break", "length")

WEIGHTS = (-4.6, 0.75, 0.2, 0.35, 0.3, 0.8, 0.75, 0.25, 0.4, 0.2)

OFFSET = 2.0
LENGTH_WEIGHT = 0.5
TYPICAL_SECONDS = 180.0
SPREAD = 0.6
SHORTEST = 40.0
MOST_SECTIONS = 14
LSA_TERMS = 800
LSA_CONCEPTS = 30


def boundaries(sentences: tuple[Sentence, ...], terms: Terms) -> list[int]:
    """The sentences with which a section begins, but the first: ascending indices."""
    if len(sentences) < 4:
        return []
    import numpy as np

    seen = features(sentences, terms)
    score = WEIGHTS[0] + OFFSET + seen @ np.array(WEIGHTS[1:])
    return best_division(sentences, score)


def best_division(
    sentences: tuple[Sentence, ...],
    score: Array,
    weight: float = LENGTH_WEIGHT,
    typical: float = TYPICAL_SECONDS,
) -> list[int]:
    """The boundaries that score best in all, under a prior for the sections' lengths."""
    import numpy as np

    starts = np.array([sentence.start for sentence in sentences])
    end = sentences[-1].end
    lasts = end - starts[0]
    if lasts < 2 * SHORTEST:
        return []
    typical = max(typical, lasts / MOST_SECTIONS)
    position = np.append(starts, end)
    gain = np.concatenate([[0.0], np.round(score, 6), [0.0]])
    count = len(position)
    best = np.full(count, -np.inf)
    best[0] = 0.0
    back = np.zeros(count, dtype=np.int64)
    for stop in range(1, count):
        low = int(np.searchsorted(position, position[stop] - 6 * typical))
        low = min(low, stop - 1)
        length = position[stop] - position[low:stop]
        prior = -weight / 2 * (np.log(np.maximum(length, 1.0) / typical) / SPREAD) ** 2
        prior = np.where(length < SHORTEST, -50.0 + prior, prior)
        value = best[low:stop] + prior
        choice = int(np.argmax(value))
        best[stop] = value[choice] + gain[stop]
        back[stop] = low + choice
    found = []
    at = int(back[count - 1])
    while at > 0:
        found.append(at)
        at = int(back[at])
    return found[::-1]


def features(sentences: tuple[Sentence, ...], terms: Terms) -> Array:
    """A row for each sentence but the first, a column for each of `FEATURES`."""
    import numpy as np

    starts = np.array([s.start for s in sentences])
    concepts = _concepts(terms.table)
    language = terms.language.code
    return np.column_stack(
        [
            _standard(np.log(np.array([s.pause for s in sentences]) + 0.1))[1:],
            -_standard(_cohesion(terms.table, starts, 45, 45)),
            -_standard(_cohesion(concepts, starts, 45, 45)),
            _standard(_depth(_cohesion(terms.table, starts, 150, 150), starts, 225)),
            [float(is_opener(words, language)) for words in terms.words[1:]],
            [float(turns(words, language)) for words in terms.words[1:]],
            _standard(_news(terms, starts, 60))[1:],
            -_standard(_cohesion(terms.table, starts, 60, 8)),
            _standard(np.log([1.0 + len(s.text) for s in sentences[:-1]])),
        ]
    )


def _standard(values: Array) -> Array:
    spread = values.std()
    return (values - values.mean()) / spread if spread > 1e-9 else values * 0.0


def _cohesion(table: NDArray[np.floating], starts: Array, before: float, after: float) -> Array:
    """The cosine of the terms of so many seconds before and after each sentence but the first."""
    import numpy as np

    sums = np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0, dtype=np.float64)])
    here = np.arange(1, len(starts))
    low = np.minimum(np.searchsorted(starts, starts[here] - before), here - 1)
    high = np.maximum(np.searchsorted(starts, starts[here] + after), here + 1)
    left, right = sums[here] - sums[low], sums[high] - sums[here]
    norms = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return (left * right).sum(axis=1) / (norms + 1e-9)


def _depth(cohesion: Array, starts: Array, around: float) -> Array:
    """How far the cohesion falls from its height on either side (Hearst 1997)."""
    import numpy as np

    times = starts[1:]
    low = np.searchsorted(times, times - around)
    high = np.searchsorted(times, times + around, side="right")
    return np.array(
        [
            cohesion[low[i] : i + 1].max() + cohesion[i : high[i]].max() - 2 * cohesion[i]
            for i in range(len(cohesion))
        ]
    )


def _concepts(table: NDArray[np.float32]) -> Array:
    """Sentences in the space of latent concepts (Deerwester et al. 1990)."""
    import numpy as np

    common = table[:, :LSA_TERMS].astype(np.float64)
    common = common / (np.linalg.norm(common, axis=1, keepdims=True) + 1e-9)
    _, vectors = np.linalg.eigh(common.T @ common)
    return common @ vectors[:, ::-1][:, :LSA_CONCEPTS]


def _news(terms: Terms, starts: Array, around: float) -> Array:
    """The terms that are new in the seconds after each sentence's start, less those before it."""
    import numpy as np

    first: dict[str, int] = {}
    for index, found in enumerate(terms.terms):
        for term in found:
            first.setdefault(term, index)
    new = np.zeros(len(starts))
    for term, index in first.items():
        if terms.frequency[term] >= 3:
            new[index] += np.log(terms.frequency[term])
    sums = np.concatenate([[0.0], np.cumsum(new)])
    here = np.arange(len(starts))
    ahead, behind = (
        np.searchsorted(starts, starts + around),
        np.searchsorted(starts, starts - around),
    )
    return (sums[ahead] - sums[here]) - (sums[here] - sums[behind])
