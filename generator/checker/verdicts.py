"""What is said of each citation of a note, from what is believed of all of them."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from generator.checker.hearing import Talk
from generator.checker.judgement import Cited, Place, State, Verdict
from generator.checker.locating import REACH, Belief, Spot, believe, mass_around, spots
from generator.checker.timing import Meaning, habits
from generator.models import Transcript

_SURE_SHIFTED = 0.99
_LIKELY_SHIFTED = 0.5
"""How probable a shifted time is that may be written back, and that is worth telling."""

SURE_PLACE = 0.8
"""How probable a place is that may be written. `benchmarks/check.py` measures what is right."""

_MOVED, _SOUND = 0.08, 0.3
"""A statement that is said near its time with less probability than the first was moved; with more
than the second its time is sound; between them it cannot be told."""

_CANDIDATES, _LEAST_CANDIDATE = 3, 0.1
"""So many places are shown at most, each at least so probable."""

_LONG_CUE = 10.0
"""A cue of more seconds is not where a statement begins that is said in it, but about there."""

_WITHIN_CUE = (-8.0, -3.0, 1.0, 5.0, 10.0)
"""So many seconds a word may be from where its share of a long cue's text puts it."""

_NEAR_CUE = 5.0
"""A shifted time is set to its cue's start if that is at most so many seconds off, and the cue does
not time its words."""

_MOST_CELLS, _LEAST_TOGETHER = 1_500_000, 50
"""Citations times moments that are looked at together: a note of thousands is done in parts."""


def by_times(cited: Sequence[Cited], duration: float | None) -> list[Verdict]:
    """What times tell without the words: those that were shifted, those past a known end."""
    written = [each.written for each in cited if each.written is not None]
    shifted: dict[int, float] = {}
    if any(_may_be_shifted(time, duration) for time in written):
        meanings = habits(written, duration)[1][:, Meaning.SHIFTED]
        shifted = dict(enumerate(meanings))
    doubted = duration is None and _may_be_rounded(written)
    verdicts, legible = [], 0
    for each in cited:
        verdict = Verdict("unknown")
        if each.written is not None:
            share = float(shifted.get(legible, 0.0))
            legible += 1
            if share > _LIKELY_SHIFTED:
                verdict = _shifted(Place(each.written // 60, share), [], doubted=doubted)
            elif duration is not None and each.written > duration:
                verdict = Verdict("past-end")
        verdicts.append(verdict)
    return verdicts


def _may_be_shifted(written: int, duration: float | None) -> bool:
    """Whether a time alone can tell: it is past the end, or in an hour that few talks have."""
    past = written >= 3600 if duration is None else written > duration
    return past and written % 60 == 0


def _may_be_rounded(written: Sequence[int]) -> bool:
    """Whether the times of a note may be those of a long talk, rounded to five minutes.

    Of those that are shifted about a fifth would be whole in this way.
    """
    return sum(time % 300 == 0 for time in written) >= 0.8 * len(written)


def _shifted(place: Place, others: Sequence[Place], *, doubted: bool = False) -> Verdict:
    sure = place.confidence >= _SURE_SHIFTED and not doubted
    return Verdict("shifted", place, (place, *others), certain=sure)


@lru_cache(maxsize=4)
def talk_of(transcript: Transcript, end: float) -> Talk:
    """A talk's words, kept for its next note. `end` is the video's, in seconds."""
    return Talk(transcript, end)


def by_words(cited: Sequence[Cited], talk: Talk, sure: float = SURE_PLACE) -> list[Verdict]:
    """What words, times and order tell together; a place as probable as `sure` is certain."""
    verdicts: list[Verdict] = []
    together = max(_LEAST_TOGETHER, _MOST_CELLS // talk.count)
    for first in range(0, len(cited), together):
        part = cited[first : first + together]
        written = [each.written for each in part]
        beliefs = believe([each.statement for each in part], written, talk)
        verdicts += [
            _Case(time, belief, talk, beliefs.heard, sure).verdict()
            for time, belief in zip(written, beliefs.citations, strict=True)
        ]
    return verdicts


@dataclass(frozen=True)
class _Case:
    """One citation, what is believed of it, and what that is held against."""

    written: int | None
    belief: Belief
    talk: Talk
    heard: bool
    sure: float

    def verdict(self) -> Verdict:
        """What is found of it."""
        if self.written is None:
            return self._said_at("unknown", certain=False)
        shifted, jumbled = self._shifted_or_jumbled()
        if shifted > _LIKELY_SHIFTED:
            place = Place(self._meant(self.written // 60), shifted)
            return _shifted(place, [] if shifted >= _SURE_SHIFTED else self._places())
        if self.written > self.talk.end:
            return self._said_at("past-end", certain=self.heard or jumbled >= _SURE_SHIFTED)
        if not self.heard:
            return Verdict("unknown")
        near = self._mass_around(self.written)
        if near > _SOUND:
            return Verdict("sound")
        return self._said_at("moved" if near < _MOVED else "unknown", certain=False)

    def _shifted_or_jumbled(self) -> tuple[float, float]:
        meanings = self.belief.meanings
        return float(meanings[Meaning.SHIFTED]), float(meanings[Meaning.JUMBLED])

    def _mass_around(self, second: float) -> float:
        return mass_around(self.belief.moments, self.talk.step, second)

    def _said_at(self, state: State, *, certain: bool) -> Verdict:
        places = self._places()
        if not places:
            return Verdict(state)
        sure = certain and places[0].confidence >= self.sure
        return Verdict(state, places[0], tuple(places), certain=sure)

    def _places(self) -> list[Place]:
        found = spots(self.belief.moments, self.talk.step, _CANDIDATES, _LEAST_CANDIDATE)
        places = sorted(map(self._place, found), key=lambda place: -place.confidence)
        return list({place.second: place for place in reversed(places)}.values())[::-1]

    def _place(self, spot: Spot) -> Place:
        """The start of the cue that a spot is in.

        What is said in long cues begins long after they do, and a spot at the edge of one may be in
        either: there the likelier is taken, and only what puts the statement near its start counts.
        """
        second = self._begun(spot.second + self.talk.step / 2)
        after = bisect_right(self.talk.starts, second + 1)
        ahead = [math.floor(each) for each in self.talk.starts[after : after + 1]]
        if not ahead or ahead[0] - second <= _LONG_CUE:
            return Place(second, spot.mass)
        places = [Place(each, self._mass_begun_around(each)) for each in (second, *ahead)]
        return max(places, key=lambda place: place.confidence)

    def _mass_begun_around(self, second: int) -> float:
        """The probability that the cue in which the statement begins does so within `REACH`."""
        moments, starts = self.belief.moments, np.asarray(self.talk.starts)
        said = (np.arange(len(moments)) + 0.5) * self.talk.step
        masses = []
        for off in _WITHIN_CUE:
            cues = np.searchsorted(starts, said + off, side="right") - 1
            begun = np.floor(starts[np.maximum(cues, 0)])
            masses.append(moments[np.abs(begun - second) <= REACH].sum())
        return float(np.mean(masses))

    def _meant(self, second: int) -> int:
        """The second that a shifted time stands for: its cue's start, if that is near.

        A second within a cue that times its words is as exact as it was meant.
        """
        cue = max(0, self._cue_at(second))
        near = abs(self.talk.starts[cue] - second) <= _NEAR_CUE
        return self._begun(second) if near and not self.talk.times_words[cue] else second

    def _begun(self, second: float) -> int:
        """The start of the cue that is on at a second."""
        return math.floor(self.talk.starts[max(0, self._cue_at(second))])

    def _cue_at(self, second: float) -> int:
        """The index of the last cue that starts no later than a second after this one."""
        return bisect_right(self.talk.starts, second + 1) - 1
