"""What yt-dlp and YouTube's own words say of one video of a list, as a ListedVideo."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from generator.fetcher.ages import days_of
from generator.fetcher.ids import is_video_id
from generator.models import ListedVideo
from generator.text import clean, clip

MAX_TITLE = 300
"""Characters of a title; YouTube takes 100."""

_VIEWS = re.compile(r"(no|[\d.,]{1,20})\s?([kmb]?) views?", re.IGNORECASE)
_THOUSANDS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
_LONGEST_SHORT = 180.0
_HASHTAG = re.compile(r"#shorts?\b", re.IGNORECASE)
_MOST_VIEWS = 10**12

IS_LIVE = "it is live right now"
NOT_STARTED = "it has not started yet"
MEMBERS_ONLY = "it is for the channel's members only"
PREMIUM_ONLY = "it is for subscribers of YouTube Premium only"
PRIVATE = "it is private"
DELETED = "it was deleted"
UNAVAILABLE = "it is not available"

_BARRED_STATUS = {"is_live": IS_LIVE, "is_upcoming": NOT_STARTED}
_BARRED_AVAILABILITY = {
    "subscriber_only": MEMBERS_ONLY,
    "premium_only": PREMIUM_ONLY,
    "private": PRIVATE,
}
# What stands in the place of a title, in English, as yt-dlp asks for it.
_BARRED_TITLE = {
    "[private video]": PRIVATE,
    "[deleted video]": DELETED,
    "[unavailable video]": UNAVAILABLE,
    "[unavailable]": UNAVAILABLE,
}
_BARRED_BADGES = {
    **dict.fromkeys(("live", "live now", "premiere"), IS_LIVE),
    "upcoming": NOT_STARTED,
    **dict.fromkeys(("members only", "members-only", "members first"), MEMBERS_ONLY),
}
# With a number: other words beside a title are names of channels.
_BARRED_WORDS = (
    (re.compile(r"[\d.,]+\s?[kmb]? watching( now)?", re.IGNORECASE), IS_LIVE),
    (re.compile(r"[\d.,]+\s?[kmb]? waiting", re.IGNORECASE), NOT_STARTED),
    (re.compile(r"(scheduled for|premieres|live in) .*\d.*", re.IGNORECASE), NOT_STARTED),
)


def listed_video(
    entry: Mapping[str, Any], now: datetime, *, short: bool = False
) -> ListedVideo | None:
    """The video of one of yt-dlp's entries; None for what is none, such as a playlist.

    `entry["shown"]` are YouTube's own words next to its title, `entry["badges"]` those on its
    badges. `short` says that it is from a list of shorts.
    """
    video_id, url = entry.get("id"), str(entry.get("url") or "")
    if not is_video_id(video_id) or entry.get("ie_key", "Youtube") != "Youtube":
        return None
    given = entry.get("title")
    title = clip(clean(given), MAX_TITLE) if isinstance(given, str) else ""
    shown = [part.strip() for text in _texts(entry.get("shown")) for part in text.split("•")]
    duration = _seconds(entry.get("duration"))
    ages = [found for text in shown if (found := days_of(text, now))]
    barred = _barred(entry, title, duration, shown)
    marked = bool(duration and duration <= _LONGEST_SHORT and _HASHTAG.search(title))
    return ListedVideo(
        id=str(video_id),
        title="" if title.lower() in _BARRED_TITLE and barred else title,
        duration=duration,
        views=None if barred in (IS_LIVE, NOT_STARTED) else _views(entry, shown),
        earliest=ages[0][0] if ages else None,
        latest=ages[0][1] if ages else None,
        short=short or "/shorts/" in url or marked,
        barred=barred,
    )


def _barred(entry: Mapping[str, Any], title: str, duration: float | None, shown: list[str]) -> str:
    if duration is None and (said := _BARRED_TITLE.get(title.lower())):
        return said
    for known, value in (
        (_BARRED_AVAILABILITY, entry.get("availability")),
        (_BARRED_STATUS, entry.get("live_status")),
    ):
        if isinstance(value, str) and value in known:
            return known[value]
    for badge in _texts(entry.get("badges")):
        if reason := _BARRED_BADGES.get(badge.strip().lower()):
            return reason
    for pattern, reason in _BARRED_WORDS:
        if any(pattern.fullmatch(text) for text in shown):
            return reason
    return ""


def _views(entry: Mapping[str, Any], shown: list[str]) -> int | None:
    count = entry.get("view_count")
    if isinstance(count, int) and 0 <= count <= _MOST_VIEWS:
        return count
    for text in shown:
        if found := _VIEWS.fullmatch(text):
            return _count(found[1].lower(), found[2].lower())
    return None


def _count(number: str, unit: str) -> int | None:
    if number == "no":
        return 0
    # A comma groups thousands; a dot does, too, where no unit follows.
    digits = number.replace(",", "") if unit else re.sub("[.,]", "", number)
    try:
        count = float(digits) * _THOUSANDS[unit]
    except ValueError:
        return None
    return round(count) if count <= _MOST_VIEWS else None


def _seconds(value: object) -> float | None:
    seconds = float(value) if isinstance(value, int | float) else math.nan
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _texts(values: object) -> list[str]:
    found = values if isinstance(values, Iterable) and not isinstance(values, str | bytes) else ()
    return [value[:300] for value in found if isinstance(value, str)]
