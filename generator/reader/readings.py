"""Times as people and programs write them: which second each most likely means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.renderer.timestamps import LAST_SECOND, parse_timestamp

_CLOCK = re.compile(
    r"(?:(?P<hours>[0-9]{1,3}):)?(?P<minutes>[0-9]{1,3}):(?P<seconds>[0-9]{1,2})(?:[.,][0-9]{1,6})?"
)
_WORDED = re.compile(
    r"(?=[0-9])(?:(?P<hours>[0-9]{1,3})h)?(?:(?P<minutes>[0-9]{1,4})m)?"
    r"(?:(?P<seconds>[0-9]{1,6})(?:\.[0-9]{1,6})?s?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a written time means.

    `second` is None where it cannot be read. `exact` says that it is `HH:MM:SS` as it should be,
    `certain` that it can mean nothing else. `negative` times are before the start.
    """

    second: int | None = None
    exact: bool = False
    certain: bool = False
    negative: bool = False


def read_time(text: str) -> Reading:
    """What a time in `data-t` or in a label, its brackets included or not, means."""
    written = text.strip().removeprefix("[").removesuffix("]")
    if (second := parse_timestamp(written)) is not None:
        return Reading(second, exact=True, certain=True)
    written = written.strip()
    if written.startswith(("-", "−")) and read_time(written[1:]).second is not None:
        return Reading(negative=True)
    found = _CLOCK.fullmatch(written) or _WORDED.fullmatch(written)
    if found is None:
        return Reading()
    hours, minutes, seconds = (
        int(part or 0) for part in found.group("hours", "minutes", "seconds")
    )
    second = hours * 3600 + minutes * 60 + seconds
    if second > LAST_SECOND:
        return Reading()
    # 75:20 can only be minutes and seconds; of 00:75:20 any of the numbers may be the wrong one.
    in_bounds = (seconds < 60 and (minutes < 60 or not found["hours"])) or found.re is _WORDED
    return Reading(second, certain=in_bounds)
