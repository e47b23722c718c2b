"""Divide a talk into sections where it turns to something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.summarizer.extractive.function_words import (
    is_joined,
    is_marked,
    leans,
    points_back,
    turns,
)
from generator.summarizer.extractive.learned import Logistic, learned, shifted, standard
from generator.summarizer.extractive.sentences import Sentence
from generator.summarizer.extractive.terms import Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

WINDOWS = (30.0, 60.0, 120.0)
"""Seconds on either side over which cohesion is measured."""

NEAR = 20.0
"""A boundary so many seconds off is worth nothing; nearer ones count in proportion."""

SHORTEST = 40.0
"""A shorter section, in seconds, is all but ruled out."""

SPREAD = 0.6
"""The standard deviation of the logarithm of a section's length, about the typical one."""

ENOUGH_SECONDS = 300.0
"""A longer talk has at least two sections."""


@dataclass(frozen=True, slots=True)
class Preference:
    """How many sections a talk gets.

    A boundary has to be worth more than `price`; `typical` is the likeliest length of a section in
    seconds, and `prior` weighs the lengths' log-normal prior.
    """

    price: float = 0.15
    typical: float = 200.0
    prior: float = 0.08


DEFAULT = Preference()


def boundaries(
    sentences: Sequence[Sentence],
    terms: Terms,
    model: Logistic | None = None,
    preference: Preference = DEFAULT,
) -> list[int]:
    """Find the sentences with which a section begins, without the first: ascending indices."""
    if len(sentences) < 4:
        return []
    chance = (model or learned().sections).chances(section_features(sentences, terms))
    return divide(sentences, chance, preference)


def divide(
    sentences: Sequence[Sentence], chance: Array, preference: Preference = DEFAULT
) -> list[int]:
    """Divide a talk by the chance of each sentence to begin a section."""
    import numpy as np

    starts = np.array([sentence.start for sentence in sentences])
    # Rounded, so that the same talk is divided alike on every processor.
    worth = np.round(_with_neighbors(chance, starts), 6)
    end = max(sentences[-1].end, float(starts[-1]))
    price = preference.price
    found = _best_division(starts, end, worth - price, preference)
    while not found and end - starts[0] > ENOUGH_SECONDS and price > preference.price - 1.0:
        price -= 0.05
        found = _best_division(starts, end, worth - price, preference)
    return found


def _with_neighbors(chance: Array, times: Array) -> Array:
    """The expected worth of a boundary at each place, where one nearby counts in part.

    That minimizes the expected loss under a tolerance in seconds, instead of taking the likeliest
    place: two neighbors that share a boundary's chance outdo a lone one.
    """
    import numpy as np

    worth = chance.copy()
    for step in range(1, min(14, len(times))):
        share = np.clip(1.0 - (times[step:] - times[:-step]) / NEAR, 0.0, 1.0)
        worth[:-step] += share * chance[step:]
        worth[step:] += share * chance[:-step]
    return worth


def _best_division(starts: Array, end: float, gain: Array, preference: Preference) -> list[int]:
    """The division with the highest sum of its boundaries' gains and its lengths' log priors.

    By dynamic programming (Utiyama and Isahara 2001), looking back eight typical lengths.
    """
    import numpy as np

    typical = preference.typical
    if end - float(starts[0]) < 2 * SHORTEST:
        return []
    position = np.append(starts, end)
    gain = np.append(gain, 0.0)
    count = len(position)
    best = np.full(count, -np.inf)
    best[0] = 0.0
    back = np.zeros(count, dtype=np.int64)
    lows = np.searchsorted(position, position - 8 * typical)
    for stop in range(1, count):
        low = min(int(lows[stop]), stop - 1)
        length = position[stop] - position[low:stop]
        off = np.log(np.maximum(length, 1.0) / typical) / SPREAD
        value = best[low:stop] - preference.prior / 2 * off**2
        value = np.where(length < SHORTEST, value - 50.0, value)
        choice = int(np.argmax(np.round(value, 9)))
        best[stop] = value[choice] + gain[stop]
        back[stop] = low + choice
    found = []
    at = int(back[count - 1])
    while at > 0:
        found.append(at)
        at = int(back[at])
    return found[::-1]


def section_features(sentences: Sequence[Sentence], terms: Terms) -> dict[str, Array]:
    """Describe each sentence as the beginning of a section: a column for each feature.

    `pause` is the silence before it; `cohesion…` how little the words of so many seconds before it
    are those after it (Hearst 1997), and `depth…` how much less than around; `news` how many words
    that recur are said for the first time after it. The others say how it and the sentence before
    are worded. All but the yes-or-no ones are standardized within the talk.
    """
    import numpy as np

    starts = np.array([sentence.start for sentence in sentences])
    counts = np.array([len(words) for words in terms.words], dtype=float)
    language = terms.language.code

    def each(test: object) -> Array:
        return np.array([float(test(words, language)) for words in terms.words])  # type: ignore[operator]

    columns = {
        "pause": standard(np.log([sentence.pause + 0.3 for sentence in sentences])),
        "asks": np.array([float(sentence.asks) for sentence in sentences]),
        "short_before": shifted((counts <= 3).astype(float), -1),
        "turns": each(turns),
        "points_back": each(points_back),
        "leans": each(leans),
        "joined": each(is_joined),
        "marked": each(is_marked),
    }
    rate = len(sentences) / max(1.0, float(starts[-1] - starts[0]))
    for window, cosine in zip(WINDOWS, _cohesions(terms, starts), strict=True):
        name = f"{window:.0f}"
        columns[f"cohesion{name}"] = -standard(cosine)
        columns[f"depth{name}"] = standard(_depth(cosine, max(3, int(window * rate))))
    columns["news"] = standard(_news(terms, starts))
    return columns


def _cohesions(terms: Terms, starts: Array) -> list[Array]:
    """How alike the words before and after each sentence are, for each of `WINDOWS`.

    The cosine of the terms of so many seconds. A term counts once a sentence, damped, and less the
    more minutes of the talk it occurs in.
    """
    import numpy as np

    minutes = ((starts - starts[0]) // 60).astype(np.int64)
    said = terms.recurring > 0
    firsts = np.flatnonzero(np.diff(minutes, prepend=-1))
    spread = np.logical_or.reduceat(said, firsts, axis=0).sum(axis=0)
    weights = np.log(1.0 + (minutes[-1] + 1.0) / np.maximum(spread, 1)).astype(np.float32)
    sums = np.zeros((len(starts) + 1, said.shape[1]), dtype=np.float32)
    # Counts of sentences: whole numbers, which float32 adds without error.
    np.cumsum(said, axis=0, dtype=np.float32, out=sums[1:])
    found = []
    for window in WINDOWS:
        low = np.searchsorted(starts, starts - window)
        high = np.maximum(np.searchsorted(starts, starts + window), np.arange(len(starts)) + 1)
        cosines = np.zeros(len(starts))
        for block in np.array_split(np.arange(1, len(starts)), len(starts) // 256 + 1):
            left = (sums[block] - sums[low[block]]) * weights
            right = (sums[high[block]] - sums[block]) * weights
            # The cosine of the square roots.
            both = np.sqrt(left * right).sum(axis=1, dtype=np.float64)
            norms = np.sqrt(left.sum(axis=1, dtype=np.float64) * right.sum(axis=1))
            cosines[block] = both / (norms + 1e-9)
        cosines[0] = cosines[1:].mean() if len(cosines) > 1 else 0.0
        found.append(cosines)
    return found


def _depth(values: Array, reach: int) -> Array:
    """How far each value lies below the highest up to `reach` places before and after it."""
    import numpy as np

    padded = np.pad(values, reach, mode="edge")
    highest = np.lib.stride_tricks.sliding_window_view(padded, reach + 1).max(axis=1)
    depth: Array = highest[: len(values)] + highest[reach : reach + len(values)] - 2 * values
    return depth


def _news(terms: Terms, starts: Array, around: float = 30.0) -> Array:
    """The recurring terms that are new in the seconds after each sentence's start."""
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
    ahead: Array = sums[np.searchsorted(starts, starts + around)] - sums[here]
    return ahead
