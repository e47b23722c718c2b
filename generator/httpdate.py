"""Dates as HTTP headers have them, such as that of Retry-After."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds_until(date: str, now: datetime) -> float | None:
    """The seconds from `now` to an HTTP date, 0 for one that has gone by; None if it is no date.

    A date without a zone is taken as UTC. A year that no calendar has makes no date.
    """
    try:
        when = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())
