"""Which of a list's videos are wanted: how many, from when, how long, named how, in which order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from generator.errors import UsageError, shorten

SortOrder = Literal["date", "views"]
SORT_ORDERS: dict[str, SortOrder] = {"date": "date", "views": "views"}

_NUMBER = r"(\d{1,6}(?:\.\d{1,3})?)"
_LENGTH = re.compile(rf"(?:{_NUMBER}h)?(?:{_NUMBER}m)?(?:{_NUMBER}s?)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a list is wanted. What is None does not matter.

    `limit` counts the videos that all else admits. `since` and `until` are days, both inclusive.
    Lengths are in seconds. `match` is a regular expression that a title has to hold.
    """

    limit: int | None = None
    since: date | None = None
    until: date | None = None
    sort: SortOrder = "date"
    min_duration: float | None = None
    max_duration: float | None = None
    match: str | None = None
    with_shorts: bool = False


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
    """The selection that a user writes so: days as `2024-01-31`, lengths as `90s`, `5m`, `1h30m`.

    Raises UsageError for what cannot be meant.
    """
    order = SORT_ORDERS.get(sort or "date")
    if order is None:
        raise UsageError(f"--sort {shorten(sort or '')} is no order.", "Give date or views.")
    return Selection(
        limit=limit,
        since=_day("--since", since),
        until=_day("--until", until),
        sort=order,
        min_duration=_seconds("--min-duration", min_duration),
        max_duration=_seconds("--max-duration", max_duration),
        match=match,
        with_shorts=with_shorts,
    )


def _day(option: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text else None
    except ValueError:
        raise UsageError(
            f"{option} {shorten(text or '')} is no day.", "Give it as 2024-01-31."
        ) from None


def _seconds(option: str, text: str | None) -> float | None:
    if not text:
        return None
    match = _LENGTH.fullmatch(text.strip())
    if not match or not any(match.groups()):
        raise UsageError(f"{option} {shorten(text)} is no length.", "Give it as 90s, 5m or 1h30m.")
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds
