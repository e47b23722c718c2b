"""How long to wait for a model server that is busy or failing, and when to give up."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from generator.httpdate import seconds_until

LONGEST_WAIT = 300.0
"""Seconds that one request may wait in all; who asks for more is not waited for."""

_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|d|h|m|s)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,9})?")


def asked_wait(
    headers: Mapping[str, str], body: str, now: datetime, *, limited: bool = True
) -> float | None:
    """The seconds that a server asks to wait before the next request; None if it does not say.

    Read are `retry-after-ms`, `retry-after` (seconds or a date), the `retryDelay` of an error of
    Google's, and, where a limit was reached (`limited`), `x-ratelimit-reset-*`: of what the server
    says is used up, else the longest. `headers` has names in lower case, or takes them in any.
    """
    milliseconds = headers.get("retry-after-ms", "").strip()
    if _NUMBER.fullmatch(milliseconds):
        return float(milliseconds) / 1000
    after = _retry_after(headers.get("retry-after", "").strip(), now)
    if after is not None:
        return after
    delay = _retry_delay(body)
    if delay is None and limited:
        return _reset(headers, now)
    return delay


def _retry_after(value: str, now: datetime) -> float | None:
    if _NUMBER.fullmatch(value):
        return float(value)
    until = seconds_until(value, now)
    return span_of(value) if until is None else until


def _retry_delay(body: str) -> float | None:
    found = re.search(r'"retryDelay"\s*:\s*("(?:\\.|[^"\\])*")', body)
    return span_of(json.loads(found[1], strict=False)) if found else None


def _reset(headers: Mapping[str, str], now: datetime) -> float | None:
    waits: dict[bool, list[float]] = {True: [], False: []}
    for name, value in headers.items():
        limit = name.lower().partition("x-ratelimit-reset")[2]
        if not name.lower().startswith("x-ratelimit-reset"):
            continue
        wait = span_of(value.strip())
        if wait is None:
            wait = _until(value.strip(), now)
        if wait is not None:
            left = headers.get(f"x-ratelimit-remaining{limit}", "").strip()
            waits[left == "0"].append(wait)
    return max(waits[True] or waits[False], default=None)


def span_of(value: str) -> float | None:
    """A span such as `6m0s`, `1.5s` or `20ms` in seconds; None where it is none."""
    value = value.lower().replace(" ", "")
    parts = _SPAN.findall(value)
    if not parts or "".join(number + unit for number, unit in parts) != value:
        return None
    return sum(float(number[:15]) * _SECONDS[unit] for number, unit in parts)


def _until(value: str, now: datetime) -> float | None:
    """A plain number: seconds, or a time since 1970 in seconds or milliseconds; or a date."""
    if _NUMBER.fullmatch(value):
        number = float(value)
        if number > 1e11:
            number /= 1000
        return number if number < 1e9 else max(0.0, number - now.timestamp())
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())
