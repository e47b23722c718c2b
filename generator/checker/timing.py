"""What a written time may mean, and what a note's times alone tell of its writer's habits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Rates = NDArray[np.float64]
"""A probability for each `Meaning`."""


class Meaning(IntEnum):
    """What the writer of a time may have done, given when the statement is said."""

    EXACT = 0  # wrote that time, or one a few seconds off
    ROUNDED = 1  # wrote the minute that it is in
    SHIFTED = 2  # wrote mm:ss as mm:ss:00
    JUMBLED = 3  # wrote mm:ss, and something else in place of the seconds
    ELSEWHERE = 4  # wrote any time of the video
    BEYOND = 5  # wrote any time past its end


_USUAL = np.array([0.79, 0.03, 0.08, 0.02, 0.05, 0.03])
"""How often each is met, before a note is looked at."""

_SELDOM, _SELDOM_FOR = 0.05, 3
"""A note without a time past the video's end is so much less often a shifted one, for each of its
first few times: all of it would be on the first sixtieth of the video."""

_STUBBORN = 2.0
"""So many citations' worth do the usual rates count; then a note's own habits do."""

_ROUNDS = 3
_MINUTE = 60

_ONWARD, _SPREAD_OF_GAPS = 0.76, 0.85
_AHEAD, _BACK, _TAIL_FROM = 0.025, 0.010, 10.0
_ANYWHERE = 0.02
_ROUNDED_GAP = 600.0
"""How one cited moment follows another, from 3,000 gaps of published notes.

Mostly a little later, log-normal around the note's own pace; else ahead or back by anything, the
less likely the farther, as one to the distance; or anywhere. Whoever rounds to minutes cites far
more seldom (Lomax).
"""

ASIDE = 0.02
"""So many citations are of any moment at all, and the note goes on from where it was."""

PACE = 20.0
"""The median of the seconds between two citations, where a note does not tell its own."""

_ENOUGH_GAPS, _PACES = 5, (10.0, 120.0)

_DURATIONS = (300, 600, 1200, 2400, 4800, 9600, 19200, 38400)
_TYPICAL, _SPREAD = math.log(1200), 1.0
"""Durations of videos that are not known: log-normal, around 20 minutes."""


def gap_density(seconds: NDArray[np.floating], pace: float = PACE) -> NDArray[np.float64]:
    """How likely the next citation is so many seconds later, per second; without `anywhere`."""
    gap = np.abs(seconds)
    off = np.log(np.maximum(gap, 1.0) / pace) / _SPREAD_OF_GAPS
    near = np.exp(-(off**2) / 2) / (np.maximum(gap, 1.0) * _SPREAD_OF_GAPS * math.sqrt(2 * math.pi))
    tail = np.where(seconds >= 0, _AHEAD, _BACK) / (gap + _TAIL_FROM)
    return np.asarray(np.where(seconds >= 0, _ONWARD * near, 0.0) + tail)


def anywhere(end: float) -> float:
    """How likely the next citation is at any one second of a video of `end` seconds."""
    return _ANYWHERE / max(1.0, end)


def reading(written: int) -> int:
    """The second that `mm:ss` says, where it was written as the hours and minutes of a time."""
    return written // _MINUTE


def beyond_density(written: int) -> float:
    """How likely just this second is of all past a video's end: as good as log-uniform."""
    return 0.2 / max(1, written)


def usual_rates(written: Sequence[int], end: float) -> Rates:
    """How often each meaning is met in notes of all kinds, that have such times."""
    rates = _USUAL.copy()
    if all(time <= end for time in written):
        rates[Meaning.SHIFTED] *= _SELDOM ** min(len(written), _SELDOM_FOR)
    rates /= rates.sum()
    return rates


def updated(counts: Rates, usual: Rates) -> Rates:
    """The rates of a note in which each meaning was met so many times."""
    rates: Rates = (counts + _STUBBORN * usual) / (counts.sum() + _STUBBORN)
    return rates


def pace_of(written: Sequence[int], end: float) -> float:
    """The median of the seconds from one citation of a note to a later one, within bounds."""
    if len(written) < _ENOUGH_GAPS:
        return PACE
    times = np.array([time if time <= end else reading(time) for time in written])
    gaps = np.diff(times)
    gaps = gaps[gaps > 0]
    if len(gaps) < _ENOUGH_GAPS:
        return PACE
    return float(np.clip(np.median(gaps), *_PACES))


def habits(written: Sequence[int], end: float | None) -> tuple[Rates, NDArray[np.float64]]:
    """A note's rates, and of each of its times the probability of each meaning, from times alone.

    `end` is the video's, in seconds; None where it is not known, and then the likeliest of some.
    """
    if end is not None:
        return _habits(written, end)[:2]
    found = []
    for duration in _DURATIONS:
        rates, meanings, evidence = _habits(written, duration)
        deviation = (math.log(duration) - _TYPICAL) / _SPREAD
        found.append((evidence - deviation**2 / 2, rates, meanings))
    weights = np.exp([each[0] - max(each[0] for each in found) for each in found])
    weights /= weights.sum()
    mixed = sum(weight * each[2] for weight, each in zip(weights, found, strict=True))
    return found[int(weights.argmax())][1], np.asarray(mixed)


def _habits(written: Sequence[int], end: float) -> tuple[Rates, NDArray[np.float64], float]:
    usual = usual_rates(written, end)
    all_shifted = updated(20 * np.eye(len(Meaning))[Meaning.SHIFTED], usual)
    chain = _Chain(written, end)
    found = [_learned(chain, usual, start) for start in (usual, all_shifted)]
    return max(found, key=lambda each: each[2])


def _learned(chain: _Chain, usual: Rates, rates: Rates) -> tuple[Rates, NDArray[np.float64], float]:
    """Expectation maximisation from given rates, which may lead to others than a second start."""
    meanings, evidence = chain.explained(rates)
    for _ in range(_ROUNDS - 1):
        rates = updated(meanings.sum(axis=0), usual)
        meanings, evidence = chain.explained(rates)
    return rates, meanings, evidence + float(_STUBBORN * (usual * np.log(rates)).sum())


_MOST = 3
"""A time has at most so many explanations."""


def _explanations(written: int, end: float) -> list[tuple[Meaning, float, float]]:
    """What a time can mean where only it is known.

    With each meaning the second meant (NaN: any), and how likely the time is then, over all seconds
    that could have been meant.
    """
    found: list[tuple[Meaning, float, float]] = []
    if written <= end:
        found.append((Meaning.EXACT, written, 1.0))
        if written % _MINUTE == 0:
            found.append((Meaning.ROUNDED, written, float(_MINUTE)))
        else:
            found.append((Meaning.ELSEWHERE, math.nan, 1.0))
    else:
        found.append((Meaning.BEYOND, math.nan, beyond_density(written) * end))
    if written >= _MINUTE and reading(written) <= end:
        if written % _MINUTE == 0:
            found.append((Meaning.SHIFTED, reading(written), 1.0))
        elif written > end:
            found.append((Meaning.JUMBLED, reading(written), 1.0 / _MINUTE))
    return found


class _Chain:
    """A note's times one after the other, each with its explanations; nothing else is hidden."""

    def __init__(self, written: Sequence[int], end: float) -> None:
        shape = (len(written), _MOST)
        self._end = max(1.0, end)
        self._kinds = np.zeros(shape, dtype=int)
        self._likely = np.zeros(shape)
        seconds = np.full(shape, np.nan)
        for at, time in enumerate(written):
            for index, (meaning, second, likely) in enumerate(_explanations(time, end)):
                self._kinds[at, index] = meaning
                self._likely[at, index], seconds[at, index] = likely, second
        pace = pace_of(written, end)
        gaps = seconds[1:, None, :] - seconds[:-1, :, None]
        rounded = (self._kinds == Meaning.ROUNDED) & (self._likely > 0)
        both = rounded[1:, None, :] & rounded[:-1, :, None]
        seldom = 1 / _ROUNDED_GAP / (1 + np.abs(gaps) / _ROUNDED_GAP) ** 2
        near = np.where(both, seldom, gap_density(gaps, pace)) + anywhere(self._end)
        near += 2 * ASIDE / self._end  # there and back
        self._steps = np.where(np.isnan(gaps), 1 / self._end, near).tolist()

    def explained(self, rates: Rates) -> tuple[NDArray[np.float64], float]:
        """Of each time the probability of each meaning; and the log of how likely all of it is."""
        count = len(self._likely)
        if not count:
            return np.zeros((0, len(Meaning))), 0.0
        # Plain numbers: arrays of three take ten times as long.
        weights = (rates[self._kinds] * self._likely).tolist()
        forward = [[weight / self._end for weight in weights[0]]]
        evidence = 0.0
        for weight, (one, two, three) in zip(weights[1:], self._steps, strict=True):
            a, b, c = forward[-1]
            total = a + b + c
            evidence += math.log(total)
            a, b, c = forward[-1] = [a / total, b / total, c / total]
            forward.append(
                [
                    weight[0] * (a * one[0] + b * two[0] + c * three[0]),
                    weight[1] * (a * one[1] + b * two[1] + c * three[1]),
                    weight[2] * (a * one[2] + b * two[2] + c * three[2]),
                ]
            )
        evidence += math.log(sum(forward[-1]))
        kinds = self._kinds.tolist()
        result = [[0.0] * len(Meaning) for _ in range(count)]
        backward = [1.0] * _MOST
        for at in range(count - 1, -1, -1):
            shares = [ahead * behind for ahead, behind in zip(forward[at], backward, strict=True)]
            total = sum(shares)
            for kind, share in zip(kinds[at], shares, strict=True):
                result[at][kind] += share / total
            if at:
                x, y, z = (w * b for w, b in zip(weights[at], backward, strict=True))
                steps = self._steps[at - 1]
                backward = [step[0] * x + step[1] * y + step[2] * z for step in steps]
                total = sum(backward)
                backward = [each / total for each in backward]
        return np.asarray(result), evidence
