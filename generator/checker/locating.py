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


# For each meaning that a time can have, how likely it is at each moment, or at any alike.
_Times = dict[Meaning, Moments | float]


@dataclass(frozen=True)
class _Seen:
    """What is seen of one citation: how likely its words and its time are, said at each moment."""

    words: Moments  # relative to any moment: 1 on average
    times: _Times | None  # None where no time can be read


@dataclass(frozen=True)
class _Passed:
    """What one pass over a note found; `evidence` is the log of how likely all that is seen is."""

    citations: list[Belief]
    freely: float  # how many statements' words tell nothing
    evidence: float


def believe(statements: Sequence[str], written: Sequence[int | None], talk: Talk) -> Beliefs:
    """What to believe of a note's citations, each a statement and the second written behind it.

    Neighbours may share their statement.
    """
    if not statements:
        return Beliefs([], False)
    likelihoods = {each: talk.likelihood(each) * talk.count for each in dict.fromkeys(statements)}
    seen = [
        _Seen(likelihoods[statement], None if time is None else _times(time, talk))
        for statement, time in zip(statements, written, strict=True)
    ]
    legible = [time for time in written if time is not None]
    usual = timing.usual_rates(legible, talk.end)
    rates = timing.habits(legible, talk.end)[0] if legible else usual
    order = _Order(talk, timing.pace_of(legible, talk.end))
    free = _FREE
    for _ in range(_ROUNDS):
        passed = _pass(seen, rates, free, order)
        counts = np.sum([each.meanings for each in passed.citations], axis=0)
        before, rates = rates, timing.updated(counts, usual)
        free = (passed.freely + _FREE * _FREE_OF) / (len(seen) + _FREE_OF)
        if np.abs(rates - before).max() < _SETTLED:
            break
    worded = _pass(seen, rates, free, order)
    wordless = _forward([_at_rates(each.times, rates, order) for each in seen], order)[1]
    if worded.evidence - wordless > _LEAST_GAIN:
        return Beliefs(worded.citations, True)
    return Beliefs(_pass(seen, rates, 1.0, order).citations, False)


def _times(written: int, talk: Talk) -> _Times:
    """How likely a time is to be written for each moment, in each meaning that it can have."""
    centres = (np.arange(talk.count) + 0.5) * talk.step
    likely: _Times = {}
    if written <= talk.end:
        likely[Meaning.EXACT] = _around(written, centres)
        likely[Meaning.ELSEWHERE] = 1 / max(1.0, talk.end)
        if written % 60 == 0:
            near = (written - 30 <= centres) & (centres <= written + 60)
            likely[Meaning.ROUNDED] = near.astype(np.float64)
    else:
        likely[Meaning.BEYOND] = timing.beyond_density(written)
    meant = timing.reading(written)
    if written >= 60 and meant <= talk.end:
        if written % 60 == 0:
            likely[Meaning.SHIFTED] = _around(meant, centres)
        elif written > talk.end:
            likely[Meaning.JUMBLED] = _around(meant, centres) / 60
    return likely


def _around(second: int, centres: Moments) -> Moments:
    off = np.abs(second + 0.5 - centres)
    laplace = [share / (2 * scale) * np.exp(-off / scale) for share, scale in _OFF]
    return np.asarray(sum(laplace))


def _pass(seen: Sequence[_Seen], rates: Rates, free: float, order: _Order) -> _Passed:
    """Forward and backward over the chain, for given rates and a given freedom of wording."""
    words = [(1 - free) * each.words + free for each in seen]
    times = [_at_rates(each.times, rates, order) for each in seen]
    here = [word * time for word, time in zip(words, times, strict=True)]
    forward, evidence = _forward(here, order)
    citations = []
    freely = 0.0
    backward: Moments = np.ones(order.count)
    for at in range(len(seen) - 1, -1, -1):
        thread = forward[at] * backward
        thread /= thread.sum()
        moments = _cited(thread, here[at])
        told = seen[at].times
        meanings = np.zeros(len(Meaning))
        if told is not None:
            share = moments / times[at]
            for meaning, likely in told.items():
                meanings[meaning] = rates[meaning] * float(np.sum(likely * share))
        citations.append(Belief(moments, meanings))
        freely += float(moments @ (free / words[at]))
        backward = order.before(_on_the_way(here[at]) * backward)
        backward /= backward.sum()
    return _Passed(citations[::-1], freely, evidence)


def _forward(here: Sequence[Moments], order: _Order) -> tuple[list[Moments], float]:
    """Each citation's moments given those before it; and the log of how likely all of it is."""
    forward: list[Moments] = []
    evidence = 0.0
    for each in here:
        both = _on_the_way(each) * (order.after(forward[-1]) if forward else 1 / order.count)
        evidence += math.log(both.sum())
        forward.append(both / both.sum())
    return forward, evidence


def _on_the_way(here: Moments) -> Moments:
    """How likely a citation is for each moment that the note has come to, asides included."""
    return np.asarray((1 - timing.ASIDE) * here + timing.ASIDE * here.mean())


def _cited(thread: Moments, here: Moments) -> Moments:
    """The moments of a citation, from those that the note has come to: there, or an aside."""
    there = thread * (1 - timing.ASIDE) * here / _on_the_way(here)
    return np.asarray(there + (1 - there.sum()) * here / here.sum())


def _at_rates(told: _Times | None, rates: Rates, order: _Order) -> Moments:
    """How likely a time is at each moment, whatever it means; 1 where it cannot be read."""
    if told is None:
        return np.ones(order.count)
    parts = [rates[meaning] * likely for meaning, likely in told.items()]
    likely: Moments = np.full(order.count, _FLOOR)
    for part in parts:
        likely += part
    return likely


class _Order:
    """How cited moments follow each other: a convolution, by fast Fourier transform."""

    def __init__(self, talk: Talk, pace: float) -> None:
        self.count = talk.count
        power = 1 << (2 * talk.count - 2).bit_length()
        self._size = power * 3 // 4 if power * 3 // 4 >= 2 * talk.count - 1 else power
        gaps = np.arange(-talk.count + 1, talk.count) * talk.step
        kernel = timing.gap_density(gaps, pace) * talk.step
        self._ahead, self._back = (np.fft.rfft(each, self._size) for each in (kernel, kernel[::-1]))
        self._elsewhere = timing.anywhere(talk.end) * talk.step

    def after(self, moments: Moments) -> Moments:
        """How likely the next citation is at each moment."""
        return self._spread(moments, self._ahead)

    def before(self, moments: Moments) -> Moments:
        """How likely what follows is, for each moment of the citation before it."""
        return self._spread(moments, self._back)

    def _spread(self, moments: Moments, kernel: NDArray[np.complexfloating]) -> Moments:
        spread = np.fft.irfft(np.fft.rfft(moments, self._size) * kernel, self._size)
        near = spread[self.count - 1 : 2 * self.count - 1]
        return np.asarray(np.maximum(near, 0.0) + self._elsewhere * moments.sum())


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
