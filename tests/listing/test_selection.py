"""What a user says of the videos of a list, and which videos that leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from generator.errors import SelectionInvalid, UsageError
from generator.listing.selection import EVERYTHING, Selection, selection_of
from generator.models import ListedVideo, Video

DAY = date(2024, 3, 5)


def listed(**known: Any) -> ListedVideo:
    return ListedVideo("aaaaaaaaaa1", **{"title": "Why rivers bend", **known})


def between(earliest: date, latest: date) -> ListedVideo:
    return listed(earliest=earliest, latest=latest)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        (" 5m ", 300),
        ("5min", 300),
        ("1h30m", 5400),
        ("1h 30m 5s", 5405),
        ("1.5h", 5400),
        ("4H", 14400),
        ("01:30:00", 5400),
        ("1:30", 90),
        ("90:00", 5400),
        ("0", 0),
    ],
)
def test_lengths(given: str, seconds: float) -> None:
    assert selection_of(min_duration=given).min_duration == seconds


@pytest.mark.parametrize(
    "given", ["x", "5 parsecs", "-5m", "1e3", "5m1h", "1:2:3:4", "1:99", "٣m", "h"]
)
def test_what_is_no_length(given: str) -> None:
    with pytest.raises(SelectionInvalid, match="--max-duration"):
        selection_of(max_duration=given)


def test_days_orders_and_limits() -> None:
    assert selection_of() == EVERYTHING
    selection = selection_of(since="2024-01-31", until=" 2024-03-05 ", sort="views", limit=3)
    assert selection == Selection(limit=3, since=date(2024, 1, 31), until=DAY, sort="views")


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "31.1.2024"},
        {"until": "2024-13-01"},
        {"sort": "likes"},
        {"limit": 0},
        {"since": "2024-02-01", "until": "2024-01-31"},
        {"min_duration": "2h", "max_duration": "1h"},
        {"match": "("},
        {"match": "*"},
        {"match": "x" * 1001},
        {"match": "((a{1000}){1000}){1000}"},
        {"match": "(" * 900},
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        selection_of(**wrong)
    assert caught.value.message.isprintable()


def test_days_decide_where_the_whole_span_is_on_one_side() -> None:
    since, until = Selection(since=DAY), Selection(until=DAY)
    before = between(date(2023, 3, 1), date(2024, 3, 4))
    over = between(date(2023, 3, 1), DAY)
    after = between(date(2024, 3, 6), date(2024, 4, 1))
    assert [since.refusal(each) for each in (before, over, after)] == [
        "it is from before 2024-03-05",
        "",
        "",
    ]
    assert [until.refusal(each) for each in (before, over, after)] == [
        "",
        "",
        "it is from after 2024-03-05",
    ]
    assert [since.undecided(each) for each in (over, after, listed())] == [True, False, True]
    assert [until.undecided(each) for each in (before, over, listed())] == [False, False, True]


def test_both_days_belong_to_what_is_wanted() -> None:
    for selection in (Selection(since=DAY), Selection(until=DAY)):
        assert selection.refusal(between(DAY, DAY)) == ""
        assert not selection.undecided(between(DAY, DAY))


def test_a_fetched_video_is_judged_by_its_exact_facts() -> None:
    selection = selection_of(since="2024-03-05", max_duration="10m", match="bend")
    video = Video("aaaaaaaaaa1", "Why rivers BEND", "x", duration=600, published=DAY)
    assert selection.admits_exactly(video)
    for change, why in [
        ({"published": date(2024, 3, 4)}, "it is from before 2024-03-05"),
        ({"duration": 600.5}, "it is longer than 10m"),
        ({"title": "Mills"}, "its title does not match"),
    ]:
        other = Video(**{**_facts(video), **change})
        assert selection.exact_refusal(other) == why
        assert not selection.admits_exactly(other)
    unknown = Video("aaaaaaaaaa1", "aaaaaaaaaa1", "x")
    assert selection.admits_exactly(unknown)


def _facts(video: Video) -> dict[str, Any]:
    names = ("id", "title", "channel", "duration", "published")
    return {name: getattr(video, name) for name in names}


def test_lengths_decide_and_unknown_ones_stay() -> None:
    selection = selection_of(min_duration="5m", max_duration="1h30m")
    assert selection.refusal(listed(duration=299)) == "it is shorter than 5m"
    assert selection.refusal(listed(duration=5401)) == "it is longer than 1h 30m"
    assert [selection.refusal(listed(duration=each)) for each in (300, 5400, None)] == [""] * 3
    assert selection.undecided(listed())
    assert not selection.undecided(listed(duration=300))


def test_a_title_holds_a_pattern_in_capitals_or_not() -> None:
    selection = selection_of(match="RIVERS|мельниц")
    assert selection.refusal(listed()) == ""
    assert selection.refusal(listed(title="О Мельницах")) == ""
    assert selection.refusal(listed(title="Bends")) == "its title does not match"
    assert selection.refusal(listed(title="")) == ""
    assert selection.undecided(listed(title=""))


def test_shorts_are_taken_where_they_are_wanted() -> None:
    assert EVERYTHING.refusal(listed(short=True)) == "it is a short"
    assert Selection(with_shorts=True).refusal(listed(short=True)) == ""


def test_a_pattern_without_end_does_not_hang_a_run() -> None:
    selection = selection_of(match="(a|aa)+$")
    with pytest.raises(SelectionInvalid, match="takes too long"):
        selection.refusal(listed(title="a" * 250 + "!"))
