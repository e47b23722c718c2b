"""An age in YouTube's words is the days between which a video was published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from generator.fetcher.ages import days_of

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2 years ago", date(2023, 3, 2), date(2024, 3, 6)),
        ("Streamed 1 month ago", date(2026, 1, 1), date(2026, 2, 6)),
        ("3 weeks ago", date(2026, 2, 4), date(2026, 2, 13)),
        ("13 days ago", date(2026, 2, 18), date(2026, 2, 21)),
        ("Premiered 5 hours ago", date(2026, 3, 4), date(2026, 3, 5)),
        ("8yr ago", date(2017, 2, 25), date(2018, 3, 8)),
        ("2 MO AGO", date(2025, 12, 1), date(2026, 1, 7)),
    ],
)
def test_spans(text: str, earliest: date, latest: date) -> None:
    assert days_of(text, NOW) == (earliest, latest)


@pytest.mark.parametrize(
    "text", ["", "1K views", "ago", "years ago", "9999 years ago", "12 parsecs ago"]
)
def test_what_tells_no_age(text: str) -> None:
    assert days_of(text, NOW) is None


def test_every_true_day_lies_within_its_span() -> None:
    """Whole units by the calendar and by fixed lengths, for ten years back."""
    for days in range(3650):
        published = NOW - timedelta(days=days)
        months = (NOW.year - published.year) * 12 + NOW.month - published.month
        months -= published.day > NOW.day
        said = [f"{days} days ago", f"{days // 7} weeks ago", f"{days // 30} months ago"]
        said += [f"{days // 365} years ago", f"{months} months ago", f"{months // 12} years ago"]
        for text in said:
            span = days_of(text, NOW)
            assert span is not None
            assert span[0] <= published.date() <= span[1], (text, days)
