"""Which of a list's videos are wanted: how many, from when, how long, named how, in which order."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from generator.errors import SelectionInvalid
from generator.models import ListedVideo, Video

SortOrder = Literal["date", "views"]
SORT_ORDERS: dict[str, SortOrder] = {"date": "date", "views": "views"}

_NUMBER = r"(\d{1,6}(?:\.\d{1,3})?)"
_LENGTH = re.compile(
    rf"(?:{_NUMBER} ?h)? ?(?:{_NUMBER} ?m(?:in)?)? ?(?:{_NUMBER} ?s?)?", re.ASCII | re.IGNORECASE
)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):([0-5]?\d)", re.ASCII)
_LONGEST_PATTERN = 1000
_LONGEST_TITLE = 300
_COUNTS = re.compile(r"\{(?:\d*,)?([1-9]\d{0,20})", re.ASCII)
# Repetitions inside repetitions multiply, in memory too.
_MOST_REPETITIONS = 100_000
_SECONDS_FOR_A_TITLE = 0.5


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a list is wanted. What is None does not matter.

    `limit` counts the videos that all else admits. `since` and `until` are days, both inclusive.
    Lengths are in seconds. `match` is a regular expression that a title has to hold, in capitals or
    not. What is not known of a video speaks for it.
    """

    limit: int | None = None
    since: date | None = None
    until: date | None = None
    sort: SortOrder = "date"
    min_duration: float | None = None
    max_duration: float | None = None
    match: str | None = None
    with_shorts: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """The options that leave videos out, as a user gives them."""
        return tuple(
            f"--{each.name.replace('_', '-')}"
            for each in fields(self)
            if each.name != "with_shorts" and getattr(self, each.name) != each.default
        )

    def refusal(self, video: ListedVideo) -> str:
        """Why the video cannot be wanted, whatever else comes to be known of it; else empty.

        The words follow “because”. Raises SelectionInvalid where `match` takes too long.
        """
        if video.short and not self.with_shorts:
            return "it is a short"
        return self._refusal(video.title, video.duration, video.earliest, video.latest)

    def admits_exactly(self, video: Video) -> bool:
        """Whether the video is wanted, now that all that can be had of it is known."""
        return not self.exact_refusal(video)

    def exact_refusal(self, video: Video) -> str:
        """Why it is not, in words that follow “because”; empty where it is."""
        title = "" if video.title == video.id else video.title
        return self._refusal(title, video.duration, video.published, video.published)

    def undecided(self, video: ListedVideo) -> bool:
        """Whether what a list tells of a video that it did not refuse leaves it open."""
        begins = self.since and (video.earliest is None or video.earliest < self.since)
        ends = self.until and (video.latest is None or video.latest > self.until)
        of_length = self.min_duration is not None or self.max_duration is not None
        return bool(
            begins
            or ends
            or (of_length and video.duration is None)
            or (self.match and not video.title)
        )

    def _refusal(
        self, title: str, duration: float | None, earliest: date | None, latest: date | None
    ) -> str:
        if self.since and latest and latest < self.since:
            return f"it is from before {self.since}"
        if self.until and earliest and earliest > self.until:
            return f"it is from after {self.until}"
        if duration is not None:
            if self.min_duration is not None and duration < self.min_duration:
                return f"it is shorter than {_shown(self.min_duration)}"
            if self.max_duration is not None and duration > self.max_duration:
                return f"it is longer than {_shown(self.max_duration)}"
        if self.match and title and not _holds(self.match, title):
            return "its title does not match"
        return ""


EVERYTHING = Selection()


def selection_of(
    *,
    limit: int | None = None,
    since: str | None = None,
    until: str | None = None,
    sort: str | None = None,
    min_duration: str | None = None,
    max_duration: str | None = None,
    match: str | None = None,
    with_shorts: bool = False,
) -> Selection:
    """The selection that a user writes so: days as `2024-01-31`, lengths as `90s`, `5m`, `1:30:00`.

    Raises SelectionInvalid, a UsageError, for what cannot be meant.
    """
    order = SORT_ORDERS.get((sort or "date").strip().lower())
    if order is None:
        raise SelectionInvalid("--sort", sort or "", "it is no order", "date or views")
    if limit is not None and limit < 1:
        raise SelectionInvalid("--limit", str(limit), "it leaves nothing", "a number from 1 on")
    if match:
        _pattern(match)
    selection = Selection(
        limit=limit,
        since=_day("--since", since),
        until=_day("--until", until),
        sort=order,
        min_duration=_seconds("--min-duration", min_duration),
        max_duration=_seconds("--max-duration", max_duration),
        match=match or None,
        with_shorts=with_shorts,
    )
    if selection.since and selection.until and selection.since > selection.until:
        earlier = "a day that is not before --since"
        raise SelectionInvalid("--until", until or "", f"--since is {selection.since}", earlier)
    shortest, longest = selection.min_duration, selection.max_duration
    if shortest is not None and longest is not None and shortest > longest:
        longer = "a length that is not below --min-duration"
        why = f"--min-duration is {_shown(shortest)}"
        raise SelectionInvalid("--max-duration", max_duration or "", why, longer)
    return selection


def _day(option: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise SelectionInvalid(option, text, "it is no day", "it as 2024-01-31") from None


def _seconds(option: str, text: str | None) -> float | None:
    if not text:
        return None
    given = text.strip()
    match = _CLOCK.fullmatch(given) or _LENGTH.fullmatch(given)
    if not match or not any(match.groups()):
        raise SelectionInvalid(option, text, "it is no length", "it as 90s, 5m, 1h30m or 1:30:00")
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds


def _shown(seconds: float) -> str:
    """A length as somebody would say it: `5m`, `1h 30m`, `90.5s`."""
    hours, minutes, rest = int(seconds // 3600), int(seconds // 60 % 60), seconds % 60
    parts = [f"{hours}h"] if hours else []
    parts += [f"{minutes}m"] if minutes else []
    parts += [f"{rest:g}s"] if rest or not parts else []
    return " ".join(parts)


@lru_cache(maxsize=8)
def _pattern(text: str) -> Any:
    import regex

    form = "a regular expression, such as “episode [0-9]+” or “russia|ukraine”"
    if len(text) > _LONGEST_PATTERN:
        raise SelectionInvalid(
            "--match", text, f"it is longer than {_LONGEST_PATTERN} characters", form
        )
    most = math.prod(int(count) for count in _COUNTS.findall(text))
    if most > _MOST_REPETITIONS:
        raise SelectionInvalid("--match", text, f"it repeats a part up to {most} times", form)
    try:
        return regex.compile(text, regex.IGNORECASE)
    except regex.error as error:
        raise SelectionInvalid("--match", text, str(error.msg), form) from None
    except (OverflowError, RecursionError, MemoryError):
        raise SelectionInvalid("--match", text, "it is too complicated", form) from None


def _holds(pattern: str, title: str) -> bool:
    """Whether a title holds what the pattern asks for.

    Of patterns that take ever longer with each character of a title, the engine's time is limited.
    """
    try:
        found = _pattern(pattern).search(title[:_LONGEST_TITLE], timeout=_SECONDS_FOR_A_TITLE)
    except (TimeoutError, MemoryError):
        raise SelectionInvalid(
            "--match",
            pattern,
            "looking for it in one title takes too long",
            "a simpler one, without repetitions inside repetitions such as (a+)+",
        ) from None
    return found is not None
