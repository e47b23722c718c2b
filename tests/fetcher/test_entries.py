"""What lists say of one video, hostile or not, as a ListedVideo."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from generator.fetcher import entries
from generator.fetcher.entries import listed_video
from generator.models import ListedVideo

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ID = "aaaaaaaaaa1"


def listed(*shown: str, **known: Any) -> ListedVideo:
    found = listed_video({"id": ID, "title": "Bends", "shown": list(shown), **known}, NOW)
    assert found is not None
    return found


def test_all_that_a_list_tells() -> None:
    assert listed("12.3K views", "13 days ago", "1:07:34", duration=4054) == ListedVideo(
        ID, "Bends", 4054.0, 12_300, date(2026, 2, 18), date(2026, 2, 21)
    )


@pytest.mark.parametrize(
    ("shown", "views"),
    [
        ("28 views", 28),
        ("1 view", 1),
        ("No views", 0),
        ("1,234 views", 1234),
        ("1.234.567 views", 1_234_567),
        ("12k views", 12_000),
        ("3.1M views", 3_100_000),
        ("1.2B views", 1_200_000_000),
        ("50K views • 10 years ago", 50_000),
        ("views", None),
        ("1.2.3K views", None),
        ("9" * 20 + " views", None),
        ("12 watching", None),
    ],
)
def test_views(shown: str, views: int | None) -> None:
    assert listed(shown).views == views


def test_yt_dlps_count_goes_before_the_rounded_one() -> None:
    assert listed("12K views", view_count=12_345).views == 12_345
    assert listed("12K views", view_count="x").views == 12_000


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"live_status": "is_live"}, entries.IS_LIVE),
        ({"live_status": "is_upcoming"}, entries.NOT_STARTED),
        ({"live_status": "was_live"}, ""),
        ({"availability": "subscriber_only"}, entries.MEMBERS_ONLY),
        ({"availability": "premium_only"}, entries.PREMIUM_ONLY),
        ({"availability": "private"}, entries.PRIVATE),
        ({"availability": "public"}, ""),
        ({"title": "[Private video]"}, entries.PRIVATE),
        ({"title": "[Deleted video]"}, entries.DELETED),
        ({"title": "[Private video]", "duration": 90}, ""),
        ({"shown": ["1.2K watching"]}, entries.IS_LIVE),
        ({"shown": ["12 waiting", "Scheduled for 12/1/26, 8:00 PM"]}, entries.NOT_STARTED),
        ({"shown": ["Premieres 3/7/26, 8:00 PM"]}, entries.NOT_STARTED),
        ({"shown": ["Live in 3 hours"]}, entries.NOT_STARTED),
        ({"badges": ["Members only"]}, entries.MEMBERS_ONLY),
        ({"badges": ["4K", "LIVE"]}, entries.IS_LIVE),
        ({"badges": ["Upcoming"]}, entries.NOT_STARTED),
        ({"badges": [None, 7, "Livestock"]}, ""),
        ({"shown": ["Live", "Members only", "Upcoming", "Live in Concert", "Watching"]}, ""),
        ({"shown": ["Premiered 2 years ago", "LIVELY views"]}, ""),
        ({"live_status": ["is_live"], "availability": {}}, ""),
    ],
)
def test_what_cannot_be_taken_says_why(known: dict[str, Any], reason: str) -> None:
    assert listed(**known).barred == reason


def test_shorts_are_known_by_address_or_by_hashtag() -> None:
    assert listed(url=f"https://www.youtube.com/shorts/{ID}").short
    assert listed(title="A bend #Shorts", duration=45).short
    assert not listed(title="A bend #shorts", duration=4500).short
    assert not listed(title="All of #shortstories", duration=45).short
    assert not listed(duration=45).short


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"id": None},
        {"id": "short"},
        {"id": "../../../etc"},
        {"id": 12345678901},
        {"id": ID, "ie_key": "YoutubeTab"},
    ],
)
def test_what_is_no_video_is_left_out(entry: dict[str, Any]) -> None:
    assert listed_video(entry, NOW) is None


def test_hostile_values_do_no_harm() -> None:
    found = listed(title="a\x1b[31m\u202e\n" + "b" * 5000, duration=float("nan"), url=7)
    assert found.title.isprintable()
    assert len(found.title) <= 300
    assert (found.duration, found.short) == (None, False)
    assert listed(title=["x"], duration="90", shown="1K views").views is None
    assert listed("9" * 4000 + " years ago", "1" * 10**6).earliest is None
