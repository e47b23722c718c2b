"""Where each statement of a note is said: words, written times and order, taken together.

A note's citations are a chain: what is hidden is the moment at which each statement is said, what
is seen are its words and its written time. Forward and backward over that chain (Rabiner 1989)
gives each citation's probability of every moment. How free the note's wording is and what its
writer does with times are learned from the note itself, by expectation maximisation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.checker import timing
from generator.checker.hearing import Moments, Talk
from generator.checker.timing import Meaning, Rates

_ROUNDS, _SETTLED = 3, 0.02

_FREE, _FREE_OF = 0.15, 6.0
"""So many statements tell nothing of where they are said by their words, as of so many of a note;
then the note itself tells how many."""

_OFF = ((0.65, 2.5), (0.25, 6.0), (0.10, 20.0))
"""How far off a time is that is written exactly: Laplace, in seconds."""

REACH = 15.0
"""A place is right within so many seconds."""

_LEAST_GAIN = 2.5
"""A note is of the talk if its words make what is seen e to this times likelier."""

_KERNEL_REACH = 240.0
_FLOOR = 1e-12


@dataclass(frozen=True)
class Belief:
    """What is believed of one citation.

    `moments` is the probability of each moment, their sum 1; `meanings` of each `Meaning`.
    """

    moments: Moments
    meanings: Rates


@dataclass(frozen=True)
class Beliefs:
    """What is believed of a note's citations, in order.

    `heard` says that the note's words are those of the talk: without it, the words were not used.
    """

    citations: list[Belief]
    heard: bool


@dataclass(frozen=True)
class _Seen:
    """What is seen of one citation: how likely its words and its time are, said at each moment."""

    words: Moments  # relative to any moment: 1 on average
    times: NDArray[np.float64] | None  # by meaning and moment; None where no time can be read


@dataclass(frozen=True)
class _Passed:
    """What one pass over a note found; `evidence` is the log of how likely all that is seen is."""

    citations: list[Belief]
    freely: float  # how many statements' words tell nothing
    evidence: float


def believe(
    statements: Sequence[str], written: Sequence[int | None], talk: Talk, end: float
) -> Beliefs:
    """What to believe of a note's citations, each a statement and the second written behind it.

    Neighbours may share their statement. `end` is the video's, in seconds.
    """
    if not statements:
        return Beliefs([], False)
    likelihoods = {each: talk.likelihood(each) * talk.count for each in dict.fromkeys(statements)}
    seen = [
        _Seen(likelihoods[statement], None if time is None else _times(time, talk, end))
        for statement, time in zip(statements, written, strict=True)
    ]
    legible = [time for time in written if time is not None]
    usual = timing.usual_rates(legible, end)
    rates = timing.habits(legible, end)[0] if legible else usual
    free = _FREE
    for _ in range(_ROUNDS):
        passed = _pass(seen, rates, free, talk, end)
        counts = np.sum([each.meanings for each in passed.citations], axis=0)
        before, rates = rates, timing.updated(counts, usual)
        free = (passed.freely + _FREE * _FREE_OF) / (len(seen) + _FREE_OF)
        if np.abs(rates - before).max() < _SETTLED:
            break
    worded, wordless = _pass(seen, rates, free, talk, end), _pass(seen, rates, 1.0, talk, end)
    if worded.evidence - wordless.evidence > _LEAST_GAIN:
        return Beliefs(worded.citations, True)
    return Beliefs(wordless.citations, False)


def _times(written: int, talk: Talk, end: float) -> NDArray[np.float64]:
    """How likely a time is to be written for each moment, in each meaning."""
    centres = (np.arange(talk.count) + 0.5) * talk.step
    likely = np.zeros((len(Meaning), talk.count))
    if written <= end:
        likely[Meaning.EXACT] = _around(written, centres)
        likely[Meaning.ELSEWHERE] = 1 / max(1.0, end)
        if written % 60 == 0:
            likely[Meaning.ROUNDED] = (written - 30 <= centres) & (centres <= written + 60)
    else:
        likely[Meaning.BEYOND] = timing.beyond_density(written)
    meant = timing.reading(written)
    if written >= 60 and meant <= end:
        if written % 60 == 0:
            likely[Meaning.SHIFTED] = _around(meant, centres)
        elif written > end:
            likely[Meaning.JUMBLED] = _around(meant, centres) / 60
    return likely


def _around(second: int, centres: Moments) -> Moments:
    off = np.abs(second + 0.5 - centres)
    laplace = [share / (2 * scale) * np.exp(-off / scale) for share, scale in _OFF]
    return np.asarray(sum(laplace))


def _pass(seen: Sequence[_Seen], rates: Rates, free: float, talk: Talk, end: float) -> _Passed:
    """Forward and backward over the chain, for given rates and a given freedom of wording."""
    order = _Order(talk, end)
    words = [(1 - free) * each.words + free for each in seen]
    times = [_FLOOR + (rates @ each.times if each.times is not None else 1.0) for each in seen]
    here = [word * time for word, time in zip(words, times, strict=True)]
    forward: list[Moments] = []
    evidence = 0.0
    for each in here:
        both = each * (order.after(forward[-1]) if forward else 1 / talk.count)
        evidence += math.log(both.sum())
        forward.append(both / both.sum())
    citations = []
    freely = 0.0
    backward: Moments = np.ones(talk.count)
    for at in range(len(seen) - 1, -1, -1):
        moments = forward[at] * backward
        moments /= moments.sum()
        told = seen[at].times
        meanings = np.zeros(len(Meaning))
        if told is not None:
            meanings = rates * (told @ (moments / times[at]))
        citations.append(Belief(moments, meanings))
        freely += float(moments @ (free / words[at]))
        backward = order.before(here[at] * backward)
        backward /= backward.sum()
    return _Passed(citations[::-1], freely, evidence)


class _Order:
    """How cited moments follow each other, as a convolution."""

    def __init__(self, talk: Talk, end: float) -> None:
        self._reach = min(talk.count - 1, int(_KERNEL_REACH / talk.step))
        gaps = np.arange(-self._reach, self._reach + 1) * talk.step
        self._kernel = timing.gap_density(gaps) * talk.step
        self._elsewhere = timing.anywhere(end) * talk.step

    def after(self, moments: Moments) -> Moments:
        """How likely the next citation is at each moment."""
        return self._spread(moments, self._kernel)

    def before(self, moments: Moments) -> Moments:
        """How likely what follows is, for each moment of the citation before it."""
        return self._spread(moments, self._kernel[::-1])

    def _spread(self, moments: Moments, kernel: NDArray[np.float64]) -> Moments:
        near = np.convolve(moments, kernel)[self._reach : self._reach + len(moments)]
        return np.asarray(near + self._elsewhere * moments.sum())


@dataclass(frozen=True)
class Spot:
    """A moment, in seconds, and the probability that it is within `REACH` of where it is said."""

    second: float
    mass: float


def mass_around(moments: Moments, step: float, second: float) -> float:
    """The probability that the statement is said at most `REACH` seconds from `second`."""
    centres = (np.arange(len(moments)) + 0.5) * step
    return float(moments[np.abs(centres - second) <= REACH].sum())


def spots(moments: Moments, step: float, most: int, least: float) -> list[Spot]:
    """The likeliest places, of at least that probability, likeliest first.

    Each is the median of a stretch as long as `REACH` to both sides; no two stretches overlap.
    """
    left = moments.copy()
    half = max(1, round(REACH / step))
    found: list[Spot] = []
    while len(found) < most:
        sums = np.concatenate(([0.0], np.cumsum(left)))
        ends = np.minimum(np.arange(len(left)) + half, len(left))
        starts = np.maximum(np.arange(len(left)) - half + 1, 0)
        masses = sums[ends] - sums[starts]
        at = int(masses.argmax())
        if masses[at] < least:
            break
        stretch = slice(starts[at], ends[at])
        inside = np.cumsum(left[stretch])
        median = int(starts[at]) + int(np.searchsorted(inside, inside[-1] / 2))
        found.append(Spot(median * step, float(masses[at])))
        left[stretch] = 0.0
    return found
