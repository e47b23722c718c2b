"""Captions mended into cues: in order, with words, and with times that can be."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.errors import EmptyTranscript, SubtitleRefused
from generator.fetcher.cuetext import spoken
from generator.fetcher.rolling import ReadCue
from generator.fetcher.timedtext import LAST_SECOND, plausible_words, time_single_words
from generator.models import Cue, WordTime

# Characters a second: what subtitlers let people read, and what nobody says.
_READING_SPEED = 15
_IMPOSSIBLE_SPEED = 60
# Below this many characters a fast caption is only a fast caption.
_LONG_TEXT = 500
_LONG_CUE = 600
# Fewer characters a second than this are not what a long caption's time was used for.
_IDLE_SPEED = 1
# Sources round; what overlaps by less than two frames does not overlap.
_ROUNDING = 0.05


_SOUND = re.compile(r"[\[［][^\[\]［］]*[\]］]")


@dataclass(slots=True)
class _Mends:
    """What was mended: for each kind how often, and when first (in seconds)."""

    found: dict[str, tuple[int, float]] = field(default_factory=dict)

    def note(self, kind: str, at: float) -> None:
        count, first = self.found.get(kind, (0, at))
        self.found[kind] = (count + 1, first)

    def sentences(self, *, but: Sequence[str] = ()) -> tuple[str, ...]:
        told = []
        for kind, (count, first) in self.found.items():
            if kind not in but:
                several, one, then = _SENTENCES[kind]
                what = f"{count:,} cues {several}, the first" if count > 1 else f"One cue {one},"
                told.append(f"{what} at {clock(first)}; {then}.")
        return tuple(told)


_SENTENCES = {
    "negative": ("began before 0", "began before 0", "moved to the beginning"),
    "empty": ("had no words", "had no words", "left out"),
    "order": ("were out of order", "was out of order", "sorted by time"),
    "double": ("were there twice", "was there twice", "kept once"),
    "length": (
        "ended no later than they began",
        "ended no later than it began",
        "each now lasts as long as reading it takes",
    ),
    "long": (
        f"lasted over {_LONG_CUE // 60} minutes for a few words",
        f"lasted over {_LONG_CUE // 60} minutes for a few words",
        "each now lasts as long as reading it takes",
    ),
    "overlap": ("overlapped the next", "overlapped the next", "each now ends where it starts"),
}


@dataclass(frozen=True, slots=True)
class Mended:
    """Cues fit for a transcript, and a sentence for each kind of thing that was mended."""

    cues: tuple[Cue, ...]
    notices: tuple[str, ...]


def mend(read: Sequence[ReadCue], path: Path, *, generated: bool) -> Mended:
    """Cues in order, with clean words, starts from 0 on and positive durations.

    A cue keeps the times of its words if all of them can be right, and is kept without them if not.
    In generated captions empty and overlapping cues are the rule, and are mended without a word.
    Raises SubtitleRefused for times that cannot be right, and EmptyTranscript without any words.
    """
    mends = _Mends()
    cues = []
    for cue in read:
        said = spoken(cue.lines, generated=generated)
        cues.append(_Timed(cue, said.text, said.words))
    cues = [_checked(cue, path, mends) for cue in cues]
    cues = _without_empty(cues, mends)
    if not any(_has_words(cue.text) for cue in cues):
        raise EmptyTranscript(path.name)
    cues = _without_doubles(_in_order(cues, mends), mends)
    _refuse_impossible(cues, path)
    mended = time_single_words(_with_ends(cues, mends))
    return Mended(mended, mends.sentences(but=("empty", "overlap") if generated else ()))


def clock(at: float) -> str:
    """Seconds as `HH:MM:SS`, cut to the whole second."""
    whole = int(at)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


@dataclass(frozen=True, slots=True)
class _Timed:
    """A caption and what is said in it, with the times of words as the source gives them."""

    cue: ReadCue
    text: str
    words: tuple[WordTime, ...]

    @property
    def start(self) -> float:
        return self.cue.start

    @property
    def length(self) -> float:
        """Seconds, or 0 where the source gives no sensible end."""
        return max(0.0, self.cue.end - self.cue.start) if self.cue.end is not None else 0.0


def _checked(timed: _Timed, path: Path, mends: _Mends) -> _Timed:
    cue = timed.cue
    which = f"cue {cue.number:,}"
    if not math.isfinite(cue.start) or not math.isfinite(cue.end or 0):
        raise SubtitleRefused(path, which, "has a time that is no number")
    if cue.start > LAST_SECOND:
        raise SubtitleRefused(path, which, "starts later than 99:59:59")
    if cue.start < 0:
        if timed.text:
            mends.note("negative", 0)
        return replace(timed, cue=replace(cue, start=0.0))
    return timed


def _without_empty(cues: list[_Timed], mends: _Mends) -> list[_Timed]:
    for cue in cues:
        if not cue.text:
            mends.note("empty", cue.start)
    return [cue for cue in cues if cue.text]


def _has_words(text: str) -> bool:
    """Whether anything is said: sounds in brackets and notes of music are no words."""
    return any(char.isalnum() for char in _SOUND.sub("", text))


def _in_order(cues: list[_Timed], mends: _Mends) -> list[_Timed]:
    latest = 0.0
    for cue in cues:
        if cue.start < latest:
            mends.note("order", cue.start)
        latest = max(latest, cue.start)
    return sorted(cues, key=lambda cue: cue.start)


def _without_doubles(cues: list[_Timed], mends: _Mends) -> list[_Timed]:
    """Each text once at each start, at its greatest length."""
    longest: dict[tuple[float, str], _Timed] = {}
    for cue in cues:
        key = (cue.start, cue.text)
        if key in longest:
            mends.note("double", cue.start)
        if key not in longest or cue.length > longest[key].length:
            longest[key] = cue
    return list(longest.values())


def _refuse_impossible(cues: list[_Timed], path: Path) -> None:
    """Refuses a whole talk in seconds: nothing in it could be cited at its own time."""
    for cue in cues:
        weight = _weight(cue.text)
        # Without an end the next cue may be far; only a text of minutes is then beyond doubt.
        limit = _LONG_TEXT if cue.length else 4 * _LONG_TEXT
        if weight > limit and weight > _IMPOSSIBLE_SPEED * cue.length:
            raise SubtitleRefused(
                path,
                f"cue {cue.cue.number:,} at {clock(cue.start)}",
                f"has {len(cue.text):,} characters in {cue.length:g} s, more than anybody says",
            )
    span = max(cue.start + cue.length for cue in cues) - cues[0].start
    total = sum(_weight(cue.text) for cue in cues)
    if total > 4 * _LONG_TEXT and total > _IMPOSSIBLE_SPEED * span:
        raise SubtitleRefused(
            path,
            f"the transcript from {clock(cues[0].start)} on",
            f"has {len(cues):,} cues with {sum(len(cue.text) for cue in cues):,} characters in"
            f" {span:g} s, more than anybody says",
        )


def _weight(text: str) -> int:
    """The length of a text in letters of an alphabet; a wide character is about three of them."""
    if len(text) * 3 <= _LONG_TEXT / 4 or text.isascii():
        return len(text)
    return len(text) + 2 * sum(unicodedata.east_asian_width(char) in "WF" for char in text)


def _with_ends(cues: list[_Timed], mends: _Mends) -> list[Cue]:
    """Cues that last until they end, the next begins, or they are read, as far as each is known."""
    mended = []
    for timed, following in zip(cues, _following_starts(cues), strict=True):
        duration, text = timed.length, timed.text
        reading = max(1.0, len(text) / _READING_SPEED)
        if duration > _LONG_CUE and len(text) < _IDLE_SPEED * duration:
            mends.note("long", timed.start)
            duration = reading
        if duration <= 0:
            if timed.cue.end is not None:
                mends.note("length", timed.start)
            duration = reading
        elif timed.start + duration > following + _ROUNDING:
            mends.note("overlap", timed.start)
        # `start` is kept to the digit, for it is what is cited; only the rest is rounded.
        duration = min(duration, following - timed.start)
        words = plausible_words(timed.words, timed.start, timed.cue.end)
        speaker = timed.cue.speaker
        mended.append(Cue(timed.start, round(duration, 3) or duration, text, words, speaker))
    return mended


def _following_starts(cues: list[_Timed]) -> list[float]:
    """For each cue the first start after its own; two speakers' cues may share theirs."""
    starts = [math.inf] * len(cues)
    for index in range(len(cues) - 2, -1, -1):
        later = cues[index + 1].start
        starts[index] = later if later > cues[index].start else starts[index + 1]
    return starts
