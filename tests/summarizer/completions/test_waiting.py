"""How servers say how long to wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generator.summarizer.completions.waiting import asked_wait, span_of

NOW = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)
GOOGLES = '{"error": {"details": [{"@type": "RetryInfo", "retryDelay": "34.5s"}]}}'


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, "", None),
        ({"retry-after": "7"}, "", 7.0),
        ({"retry-after": "0"}, "", 0.0),
        ({"retry-after": "1.5"}, "", 1.5),
        ({"retry-after": "20s"}, "", 20.0),
        ({"retry-after": "Fri, 01 May 2026 12:01:30 GMT"}, "", 90.0),
        ({"retry-after": "Fri, 01 May 2026 11:00:00 GMT"}, "", 0.0),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after": "-5"}, "", None),
        ({"retry-after": "inf"}, "", None),
        ({"retry-after": "9" * 400}, "", None),
        ({"retry-after-ms": "250", "retry-after": "1"}, "", 0.25),
        ({"retry-after": "3", "x-ratelimit-reset-requests": "6m0s"}, "", 3.0),
        ({"x-ratelimit-reset-requests": "6m0s"}, "", 360.0),
        ({"x-ratelimit-reset-tokens": "20ms"}, "", 0.02),
        ({"x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "1h2m3.5s"}, "", 3723.5),
        (
            {
                "x-ratelimit-reset-requests": "2s",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-tokens": "5m",
                "x-ratelimit-remaining-tokens": "800",
            },
            "",
            2.0,
        ),
        ({"x-ratelimit-reset": str(int(NOW.timestamp() * 1000) + 15_000)}, "", 15.0),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 15)}, "", 15.0),
        ({"x-ratelimit-reset-tokens": "2026-05-01T12:00:45Z"}, "", 45.0),
        ({"x-ratelimit-reset-tokens": "whenever"}, "", None),
        ({}, GOOGLES, 34.5),
        ({"retry-after": "2"}, GOOGLES, 2.0),
        ({}, '{"retryDelay": "\\', None),
    ],
)
def test_the_wait_a_server_asks_for(headers: dict[str, str], body: str, seconds: float | None):
    assert asked_wait(headers, body, NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1d", 86400.0), ("1m30s", 90.0), ("1 m", 60.0), ("5", None), ("", None), ("5s later", None)],
)
def test_spans(text: str, seconds: float | None):
    assert span_of(text) == seconds
