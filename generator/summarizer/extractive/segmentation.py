"""Divides a transcript into sections where the talk turns to something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.summarizer.extractive.marks import leans, turns
from generator.summarizer.extractive.sentences import Sentence
from generator.summarizer.extractive.terms import Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FEATURES = ("pause", "cohesion", "news", "turns", "leans", "length")
"""What a boundary is told by, all but the marks standardised within the talk:

the silence before a sentence; how little the words before it are those after it; how many words
that recur are said for the first time after it, less those first said before it; words that turn to
something (see `marks`); words that lean on the sentence before; how many words it has.
"""

WINDOWS = (30.0, 45.0, 60.0, 90.0)
"""Seconds on either side that cohesion is taken over; the mean of all counts."""

NEAR = 20.0
"""A boundary so many seconds off is worth nothing, and in proportion on the way there."""

SHORTEST = 40.0
"""A shorter section, in seconds, is all but ruled out."""

SPREAD = 0.6
"""The standard deviation of the logarithm of a section's length, about the typical one."""

MOST_SECTIONS = 14
"""Longer talks have longer sections rather than more."""

ENOUGH_SECONDS = 300.0
"""A longer talk has at least two sections, and one for each `LONGEST_MEAN` seconds."""

LONGEST_MEAN = 420.0


@dataclass(frozen=True, slots=True)
class Model:
    """How likely a boundary is, and how a division is made of that.

    `weights` belong to `FEATURES`, `bias` is the intercept of the logistic model. A boundary has to
    be worth more than `price`. `typical` is the likeliest length of a section in seconds, `prior`
    the weight of the lengths' log-normal prior.
    """

    weights: tuple[float, ...]
    bias: float
    price: float
    typical: float
    prior: float


KEPT = Model(
    weights=(0.733, 0.907, 0.511, 0.599, -0.371, -0.2),
    bias=-4.148,
    price=0.307,
    typical=202.0,
    prior=0.109,
)
"""What `python benchmarks/segmentation.py --fit` learned from the talks it was given."""


def boundaries(sentences: tuple[Sentence, ...], terms: Terms, model: Model = KEPT) -> list[int]:
    """The sentences with which a section begins, but the first: ascending indices."""
    if len(sentences) < 4:
        return []
    return divide(sentences, features(sentences, terms), model)


def divide(sentences: tuple[Sentence, ...], seen: Array, model: Model) -> list[int]:
    """The best division by the sentences' `features`, with as many sections as a reader expects."""
    import numpy as np

    chance = 1.0 / (1.0 + np.exp(-(model.bias + seen @ np.array(model.weights))))
    starts = np.array([sentence.start for sentence in sentences])
    # Rounded, so that the same talk is divided alike on every processor.
    worth = np.round(_with_neighbours(chance, starts[1:]), 6)
    end = max(sentences[-1].end, float(starts[-1]))
    lasts = end - float(starts[0])
    least = 0
    if lasts > ENOUGH_SECONDS:
        least = min(MOST_SECTIONS, max(2, round(lasts / LONGEST_MEAN))) - 1
    price = model.price
    found = _best_division(starts, end, worth - price, model)
    while len(found) < least and price > model.price - 1.0:
        # A talk without pauses or punctuation shows less of its turns.
        price -= 0.05
        found = _best_division(starts, end, worth - price, model)
    weakest = sorted(found, key=lambda index: (worth[index - 1], index))
    return sorted(weakest[-(MOST_SECTIONS - 1) :])


def _with_neighbours(chance: Array, times: Array) -> Array:
    """The expected worth of a boundary at each place, where one nearby counts in part.

    That is the choice of least risk (Bickel and Doksum 1977) under a tolerance in seconds, rather
    than the likeliest: two places side by side that share a boundary's chance outdo a lone one.
    """
    import numpy as np

    worth = chance.copy()
    for step in range(1, min(12, len(times))):
        share = np.clip(1.0 - (times[step:] - times[:-step]) / NEAR, 0.0, 1.0)
        worth[:-step] += share * chance[step:]
        worth[step:] += share * chance[:-step]
    return worth


def _best_division(starts: Array, end: float, gain: Array, model: Model) -> list[int]:
    """The division with the highest sum of its boundaries' gains and its lengths' log priors.

    By dynamic programming (Utiyama and Isahara 2001), looking back six typical lengths.
    """
    import numpy as np

    lasts = end - float(starts[0])
    if lasts < 2 * SHORTEST:
        return []
    typical = max(model.typical, lasts / MOST_SECTIONS)
    position = np.append(starts, end)
    gain = np.concatenate([[0.0], gain, [0.0]])
    count = len(position)
    best = np.full(count, -np.inf)
    best[0] = 0.0
    back = np.zeros(count, dtype=np.int64)
    lows = np.searchsorted(position, position - 6 * typical)
    for stop in range(1, count):
        low = min(int(lows[stop]), stop - 1)
        length = position[stop] - position[low:stop]
        prior = -model.prior / 2 * (np.log(np.maximum(length, 1.0) / typical) / SPREAD) ** 2
        value = best[low:stop] + np.where(length < SHORTEST, prior - 50.0, prior)
        choice = int(np.argmax(np.round(value, 9)))
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

    starts = np.array([sentence.start for sentence in sentences])
    pauses = np.array([sentence.pause for sentence in sentences])
    counts = np.log([1.0 + len(found) for found in terms.words])
    language = terms.language.code
    return np.column_stack(
        [
            standard(np.log(pauses + 0.3))[1:],
            -np.mean([standard(c) for c in cohesions(terms.recurring, starts, WINDOWS)], axis=0),
            np.mean([standard(_news(terms, starts, around)) for around in (30, 60)], axis=0)[1:],
            [float(turns(words, language)) for words in terms.words[1:]],
            [float(leans(words, language)) for words in terms.words[1:]],
            standard(counts[1:]),
        ]
    )


def standard(values: Array) -> Array:
    """Values less their mean, over their standard deviation; zeros where all are alike."""
    spread = values.std()
    return (values - values.mean()) / spread if spread > 1e-9 else values * 0.0


def cohesions(table: NDArray[np.float32], starts: Array, windows: tuple[float, ...]) -> list[Array]:
    """How alike the words before and after each sentence but the first are, for each window.

    The cosine (Hearst 1997) of the terms of so many seconds; a term counts once a sentence, and
    less the more minutes of the talk it occurs in.
    """
    import numpy as np

    minutes = ((starts - starts[0]) // 60).astype(np.int64)
    said = table > 0
    firsts = np.flatnonzero(np.diff(minutes, prepend=-1))
    spread = np.logical_or.reduceat(said, firsts, axis=0).sum(axis=0)
    weights = np.log(1.0 + (minutes[-1] + 1.0) / np.maximum(spread, 1))
    sums = np.zeros((len(starts) + 1, table.shape[1]), dtype=np.float32)
    # Counts of sentences: whole numbers, which float32 adds without error.
    np.cumsum(said, axis=0, dtype=np.float32, out=sums[1:])
    return [_cosines(sums, weights**2, starts, window) for window in windows]


def _cosines(sums: NDArray[np.float32], squares: Array, starts: Array, window: float) -> Array:
    import numpy as np

    here = np.arange(1, len(starts))
    low = np.minimum(np.searchsorted(starts, starts[here] - window), here - 1)
    high = np.maximum(np.searchsorted(starts, starts[here] + window), here + 1)
    found = []
    for block in np.array_split(np.arange(len(here)), len(here) // 256 + 1):
        middle = sums[here[block]]
        left, right = middle - sums[low[block]], sums[high[block]] - middle
        both = (left * right) @ squares
        norms = np.sqrt((left * left) @ squares) * np.sqrt((right * right) @ squares)
        found.append(both / (norms + 1e-9))
    return np.concatenate(found)


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
    ahead = np.searchsorted(starts, starts + around)
    behind = np.searchsorted(starts, starts - around)
    difference: Array = (sums[ahead] - sums[here]) - (sums[here] - sums[behind])
    return difference
