"""How old a list shows a video to be, as the days between which it was published."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

_AGO = re.compile(
    r"\b(\d{1,4})\s*(s|sec|second|min|minute|h|hr|hour|d|day|w|wk|week|mo|month|y|yr|year)s?\s+ago\b",
    re.ASCII | re.IGNORECASE,
)
_SHORT_UNITS = {
    **{"s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour", "d": "day"},
    **{"w": "week", "wk": "week", "mo": "month", "y": "year", "yr": "year"},
}
# The fewest and the most days that one unit can have.
_DAYS: dict[str, tuple[float, float]] = {
    "second": (0.0, 0.0),
    "minute": (0.0, 1 / 1440),
    "hour": (1 / 24, 1 / 24),
    "day": (1, 1),
    "week": (7, 7),
    "month": (30, 31),
    "year": (365, 366),
}
_SLACK = timedelta(days=1)
"""For time zones, and for whether days are counted by the clock or by the calendar."""


def days_of(text: str, now: datetime) -> tuple[date, date] | None:
    """The first and the last day on which a video of this age can have been published.

    `text` is YouTube's (`Streamed 2 years ago`), `now` when it said so, in UTC. YouTube counts the
    whole units that have passed, so `2 years ago` is up to three years; where months and years are
    of different lengths, and for a day at either end, the span is the wider one. None where `text`
    tells no age.
    """
    found = _AGO.search(text)
    if found is None:
        return None
    count, unit = int(found[1]), found[2].lower()
    unit = _SHORT_UNITS.get(unit, unit)
    fewest, most = _DAYS[unit]
    short_february = 2 if unit == "month" else 0
    try:
        latest = now - timedelta(days=max(count * fewest - short_february, 0)) + _SLACK
        earliest = now - timedelta(days=(count + 1) * most) - _SLACK
    except OverflowError:  # before the year 1
        return None
    return earliest.date(), min(latest, now).date()
