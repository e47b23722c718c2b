"""HTTP dates: how long until one, and what is none."""

from datetime import UTC, datetime

import pytest

from generator.httpdate import seconds_until

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 12:01:30 -0000", 90.0),
        ("Sun, 01 Mar 2026 14:00:00 +0100", 3600.0),
        ("Sun, 01 Mar 2026 11:59:00 GMT", 0.0),
        ("Sun, 01 Mar 99999999999999999999 12:00:00 GMT", None),
        ("in a while", None),
        ("", None),
    ],
)
def test_the_seconds_until_a_date(date, seconds):
    assert seconds_until(date, NOW) == seconds
