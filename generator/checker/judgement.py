"""What is found of a note's times: whether each is sound, and where its statement is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from generator.models import Transcript
from generator.renderer.timestamps import LAST_SECOND

State = Literal["sound", "shifted", "past-end", "moved", "unknown"]
"""What is the matter with a written time.

`sound`: nothing speaks against it. `shifted`: `mm:ss` was written as `mm:ss:00`. `past-end`: it is
past the end of the video, and no shifted time. `moved`: the statement is said elsewhere, or not
there. `unknown`: it cannot be told, for want of a readable time or of what would tell.
"""


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of a note, as the reader gives them: in reading order.

    `statement` is the plain text that it supports: no citations, links as their labels. `written`
    is the second as it is written, None where it cannot be read. The citations of one statement
    share its `group`; neighbours have consecutive numbers.
    """

    statement: str
    written: int | None
    group: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement may be said.

    `second` is the whole second at or before a cue's start. Where a time was shifted in a cue that
    times its words, or without a transcript, it is the time as it was meant. `confidence` is the
    probability that the statement is said within 15 s of it.
    """

    second: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is found of one citation.

    `place` is the likeliest place; None where nothing tells, and for a sound time. `candidates` are
    the places worth showing to a person, likeliest first, `place` among them. With `certain`,
    `place.second` may be written without asking.
    """

    state: State
    place: Place | None = None
    candidates: tuple[Place, ...] = ()
    certain: bool = False


_AFTER_CAPTIONS = 60.0
"""Where the video's end is not known, it is so many seconds after the last caption."""


def judge(
    cited: Sequence[Cited], transcript: Transcript | None, duration: float | None
) -> list[Verdict]:
    """A verdict on each citation of one note, in their order.

    `duration` is the video's in seconds. Without it the video is taken to end a minute after the
    last caption begins; without a transcript either, times alone tell which of them were shifted.
    """
    from generator.checker.verdicts import by_times, by_words, talk_of

    known = duration if duration is not None and 0 < duration <= LAST_SECOND else None
    if transcript is None or not transcript.cues:
        return by_times(cited, known)
    last = transcript.cues[-1].start
    end = max(known, last) if known is not None else last + _AFTER_CAPTIONS
    return by_words(cited, talk_of(transcript, end))


def shifted_note(cited: Sequence[Cited], duration: float | None) -> float:
    """The share of a note's times that are `mm:ss` written as `mm:ss:00`, from times alone."""
    verdicts = judge(cited, None, duration)
    return sum(each.state == "shifted" for each in verdicts) / max(1, len(verdicts))
