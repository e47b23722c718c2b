"""Seconds as people read them, and the anchor that a citation is."""

from __future__ import annotations

import functools
import re
from urllib.parse import quote

LAST_SECOND = 99 * 3600 + 59 * 60 + 59
"""The last second that `HH:MM:SS` with two digits each can say."""

_TIMESTAMP = re.compile(r"([0-9]{2}):([0-5][0-9]):([0-5][0-9])")


def format_timestamp(second: int) -> str:
    """A second of a video as `HH:MM:SS`, two digits each.

    Raises ValueError below 0 and above 99:59:59.
    """
    if not 0 <= second <= LAST_SECOND:
        raise ValueError(f"{second} s cannot be written as HH:MM:SS")
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"


def parse_timestamp(text: str) -> int | None:
    """The second that `HH:MM:SS` says, or None if the text is anything else."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(part) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


@functools.lru_cache(maxsize=8192)  # videos are short: the same seconds come again and again
def citation_anchor(second: int, *, link_video_id: str | None = None) -> str:
    """The HTML of one citation; with an id, it links to that second of the video on YouTube.

    Raises ValueError for a second that has no timestamp.
    """
    stamp = format_timestamp(second)
    href = ""
    if link_video_id:
        href = f' href="https://youtu.be/{quote(link_video_id, safe="")}?t={second}"'
    return f'<a class="yt-timestamp" data-t="{stamp}"{href}>[{stamp}]</a>'
